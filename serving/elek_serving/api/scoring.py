"""Scoring: POST /v1/score."""

import asyncio

from fastapi import APIRouter
from starlette.exceptions import HTTPException

from elek.goods import GoodsLine
from elek_serving.access import Running
from elek_serving.audit.log import Append
from elek_serving.audit.record import Entry
from elek_serving.schemas import ScoreRequest, ScoreResponse

router = APIRouter(tags=["scoring"])


@router.post("/v1/score", summary="Score lines")
async def score(request: ScoreRequest, service: Running) -> ScoreResponse:
    """Score 1 to 256 goods lines; the records are those of `elek score`, in the order sent."""
    if len(request.lines) > service.settings.max_lines:
        raise HTTPException(
            422, f"{len(request.lines)} lines; send at most {service.settings.max_lines} in one request"
        )
    scorer = service.bundle.get().scorer
    lines = [GoodsLine(**line.model_dump()) for line in request.lines]
    scored = await asyncio.get_running_loop().run_in_executor(None, lambda: scorer.score(lines, top=request.top))
    entry = Entry("scored", "anonymous", {"lines": len(lines)}, bundle=scorer.bundle.digest)
    await asyncio.wrap_future(service.log.submit(Append(entry)))
    return ScoreResponse(bundle=scorer.bundle.digest, lines=[line.to_record() for line in scored])

"""Scoring: POST /v1/score."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from elek.goods import GoodsLine
from elek_serving.api.callers import caller_with
from elek_serving.api.idempotency import IdempotencyKey, scoped, stored_answer
from elek_serving.audit.log import Append
from elek_serving.audit.record import Entry, Work
from elek_serving.schemas import PROBLEMS, ScoreRequest, ScoreResponse
from elek_serving.scored_lines import score_request
from elek_serving.service import Service, service_of
from elek_serving.store.answers import Answer
from elek_serving.store.api_keys import Caller
from elek_serving.store.database import now

router = APIRouter(tags=["scoring"])


@router.post("/v1/score", summary="Score lines", response_model=ScoreResponse, responses=PROBLEMS)
async def score(
    asked: ScoreRequest,
    request: Request,
    caller: Annotated[Caller, caller_with("score")],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Score 1 to 256 goods lines; the records are those of `elek score`, in the order sent.

    Every request is one record of the audit log, on disk before this answers.
    """
    service = service_of(request)
    _check_size(asked, service)
    key = scoped("score", caller, idempotency_key)
    scorer = service.bundle.get().scorer
    lines = [GoodsLine(**line.model_dump()) for line in asked.lines]
    loop = asyncio.get_running_loop()
    done = await loop.run_in_executor(service.scoring, score_request, scorer, lines, asked.top)
    entry = Entry("scored", caller.actor, {"top": asked.top, "lines": done.facts}, bundle=scorer.bundle.digest)
    work = entry if key is None else _with_answer(entry, key, done.body)
    sent = None if key is None else (await request.body()).decode("utf-8", "replace")
    record = await asyncio.wrap_future(service.log.submit(Append(work, key, sent, done.inputs)))
    body = done.body
    if record.repeated and key is not None:
        body = await _first_answer(service, key)
    else:
        service.metrics.scored(done.verdicts)
    headers = {"Idempotent-Replayed": "true"} if record.repeated else None
    return Response(body, media_type="application/json", headers=headers)


def _check_size(asked: ScoreRequest, service: Service) -> None:
    """Refuse too many lines, and a description that is too long, by name."""
    settings = service.settings
    if len(asked.lines) > settings.max_lines:
        raise HTTPException(422, f"{len(asked.lines)} lines; send at most {settings.max_lines} in one request")
    for row, line in enumerate(asked.lines):
        if len(line.description) > settings.max_description:
            told = f"{len(line.description)} characters; send at most {settings.max_description}"
            raise HTTPException(422, f"lines[{row}].description: {told}")


def _with_answer(entry: Entry, key: str, body: bytes) -> Work:
    def work(session: Session) -> Entry:
        session.add(Answer(key=key, body=body.decode("utf-8"), at=now()))
        return entry

    return work


async def _first_answer(service: Service, key: str) -> bytes:
    body = await asyncio.to_thread(stored_answer, service, key)
    if body is None:
        raise HTTPException(409, "This request was done before and its answer is no longer kept; use a new key")
    return body.encode("utf-8")

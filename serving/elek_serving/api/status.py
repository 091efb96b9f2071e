"""Status: does the process answer, can it score, with which bundle, and its figures."""

from typing import Annotated

from fastapi import APIRouter, Response

from elek_serving.access import Running
from elek_serving.api.callers import caller_with
from elek_serving.schemas import PROBLEMS, BundleOut, Health, Ready
from elek_serving.store.api_keys import Caller

router = APIRouter(tags=["status"])


@router.get("/healthz", summary="Does the process answer")
async def healthz() -> Health:
    """Answer as long as the process lives."""
    return Health(status="ok")


@router.get("/readyz", summary="Can it score", responses={503: PROBLEMS[503]})
async def readyz(service: Running) -> Ready:
    """Answer once a verified bundle is loaded, and name it."""
    return Ready(status="ready", bundle=service.bundle.get().digest)


@router.get("/v1/bundle", summary="The bundle that answers", responses=PROBLEMS)
async def bundle(service: Running, caller: Annotated[Caller, caller_with("score")]) -> BundleOut:
    """Name the bundle that answers now, with its editions, thresholds and metrics."""
    loaded = service.bundle.get()
    index = loaded.scorer.bundle.index
    return BundleOut(
        bundle=loaded.digest,
        since=loaded.since,
        editions=dict(index.get("editions", {})),
        thresholds=dict(index["thresholds"]),
        metrics=dict(index.get("metrics", {})),
    )


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={**PROBLEMS, 200: {"description": "Text", "content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(service: Running, caller: Annotated[Caller, caller_with("metrics")]) -> Response:
    """Give latency, lines, verdicts, what waits, and the bundle's age."""
    return Response(service.metrics.text(), media_type="text/plain; version=1.0.0; charset=utf-8")

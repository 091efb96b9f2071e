"""Status: does the process answer, can it score, with which bundle."""

from fastapi import APIRouter

from elek_serving.access import Running
from elek_serving.schemas import Health, Ready

router = APIRouter(tags=["status"])


@router.get("/healthz", summary="Does the process answer")
async def healthz() -> Health:
    """Answer as long as the process lives."""
    return Health(status="ok")


@router.get("/readyz", summary="Can it score")
async def readyz(service: Running) -> Ready:
    """Answer once a verified bundle is loaded, and name it."""
    return Ready(status="ready", bundle=service.bundle.get().digest)

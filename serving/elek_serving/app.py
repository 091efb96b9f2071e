"""The HTTP app: score, health, readiness. No state but the scorer and the number of requests in flight."""

import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

import elek
from elek.goods import GoodsLine
from elek.scorer import Scorer
from elek_serving.errors import install, problem
from elek_serving.schemas import Health, Ready, ScoreRequest, ScoreResponse
from elek_serving.settings import Settings


class Admission:
    """Counts requests in flight and turns away what is over the limit.

    Parameters
    ----------
    limit : int
    """

    def __init__(self, limit: int) -> None:
        self._limit, self._inside, self._lock = limit, 0, threading.Lock()

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Hold a place, or raise 429 with Retry-After."""
        with self._lock:
            if self._inside >= self._limit:
                raise HTTPException(429, "Too many requests in flight; try again in a second", {"Retry-After": "1"})
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the app around a loaded bundle.

    Parameters
    ----------
    settings : Settings, optional
        Default is read from the environment.

    Returns
    -------
    FastAPI

    Raises
    ------
    elek.BundleError
        If the bundle cannot be loaded: the service does not start without one.
    """
    settings = settings or Settings()
    scorer = Scorer.load(settings.bundle)
    admission = Admission(settings.max_in_flight)
    app = FastAPI(
        title="elek", version=elek.__version__, description="What a goods description names, and whether its code fits."
    )
    install(app)

    @app.middleware("http")
    async def limit_body(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
        if request.method == "POST":
            received = b""
            async for chunk in request.stream():
                received += chunk
                if len(received) > settings.max_body_bytes:
                    detail = f"the body is over {settings.max_body_bytes} bytes; send fewer lines at once"
                    return problem(413, "Too large", detail)
            request._body = received
        return await call(request)

    @app.post(
        "/v1/score", summary="Score lines", responses={429: {"description": "Busy"}, 413: {"description": "Too large"}}
    )
    def score(request: ScoreRequest) -> ScoreResponse:
        """Score 1 to 256 goods lines; the records are those of `elek score`, in the order sent."""
        if len(request.lines) > settings.max_lines:
            raise HTTPException(422, f"{len(request.lines)} lines; send at most {settings.max_lines} in one request")
        with admission.enter():
            scored = scorer.score([GoodsLine(**line.model_dump()) for line in request.lines], top=request.top)
        return ScoreResponse(bundle=scorer.bundle.digest, lines=[line.to_record() for line in scored])

    @app.get("/healthz", summary="Does the process answer")
    def healthz() -> Health:
        """Answer as long as the process lives."""
        return Health(status="ok")

    @app.get("/readyz", summary="Can it score")
    def readyz() -> Ready:
        """Answer once a verified bundle is loaded, and name it."""
        return Ready(status="ready", bundle=scorer.bundle.digest)

    return app

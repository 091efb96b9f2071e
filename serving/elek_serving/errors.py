"""Errors as problem+json (RFC 9457): which line and field, and the remedy; never what the caller sent."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from elek_serving.access import NotSignedInError
from elek_serving.audit.checkpoint import AuditError
from elek_serving.audit.log import KeyReusedError
from elek_serving.store.database import StoreError

MAX_TOLD = 20
"""Faults of one body that are listed."""


def problem(status: int, title: str, detail: str, **more: Any) -> JSONResponse:
    """Give a problem+json response.

    Parameters
    ----------
    status : int
    title, detail : str
    **more
        Further members; `headers` are sent as headers.
    """
    headers = more.pop("headers", None)
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JSONResponse(body, status_code=status, media_type="application/problem+json", headers=headers)


def _where(location: tuple[str | int, ...]) -> str:
    """Name the place in a body: ``lines[3].description``."""
    text = ""
    for part in location[1:]:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return _plain(text or "body")


def _plain(text: str) -> str:
    return text.encode("ascii", "replace").decode("ascii")[:200]


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [{"where": _where(e["loc"]), "what": _plain(e["msg"])} for e in error.errors()[:MAX_TOLD]]
    first = faults[0]
    return problem(422, "The request cannot be read", f"{first['where']}: {first['what']}", faults=faults)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = str(error.detail)
    return problem(error.status_code, detail, detail, headers=dict(error.headers or {}))


async def _refused(request: Request, error: Exception) -> Response:
    return problem(409, "This cannot be done", _plain(str(error)))


async def _key_reused(request: Request, error: Exception) -> Response:
    return problem(422, "Idempotency key used before", str(error))


async def _log_failed(request: Request, error: Exception) -> Response:
    return problem(503, "The audit log does not answer", _plain(str(error)), headers={"Retry-After": "1"})


async def _not_signed_in(request: Request, error: Exception) -> Response:
    return RedirectResponse("/sign-in", 303)


def install(app: FastAPI) -> None:
    """Let every error of the app leave as problem+json."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(StoreError, _refused)
    app.add_exception_handler(KeyReusedError, _key_reused)
    app.add_exception_handler(AuditError, _log_failed)
    app.add_exception_handler(NotSignedInError, _not_signed_in)

"""Errors as problem+json (RFC 9457): which line and field, and the remedy; never what the caller sent."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException


def problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """Give a problem+json response.

    Parameters
    ----------
    status : int
    title, detail : str
    headers : dict, optional
    """
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(body, status_code=status, media_type="application/problem+json", headers=headers)


def _where(location: tuple[str | int, ...]) -> str:
    """Name the place in a body: ``lines[3].description``."""
    text = ""
    for part in location[1:]:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "body"


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    safe = _where(first["loc"]).encode("ascii", "replace").decode("ascii")
    return problem(
        422, "The request cannot be read", f"{safe}: {first['msg']}".encode("utf-8", "replace").decode("utf-8")
    )


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, str(error.detail), str(error.detail), dict(error.headers or {}))


def install(app: FastAPI) -> None:
    """Let every error of the app leave as problem+json."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)

"""Guard: what is decided before a request reaches a route: host, size, number in flight, time; and headers of every answer."""

import asyncio
import json
import logging
import time
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from elek_serving.error_log import log_place
from elek_serving.metrics import Metrics
from elek_serving.settings import Settings

_LOG = logging.getLogger("elek.http")

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
STATUS_PATHS = frozenset({"/healthz", "/readyz"})
PATIENCE_SECONDS = 0.25
"""How long a request waits for a place in flight before it is refused. A flood is slowed down by it: were it refused at once,
saying no would keep the service from everything else."""

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        b"base-uri 'none'; frame-ancestors 'none'",
    ),
)
NO_STORE = (b"cache-control", b"no-store")


class TooLargeError(Exception):
    """A body over its limit."""


class Guard:
    """ASGI middleware around the whole app.

    Parameters
    ----------
    app : ASGI app
    settings : Settings
    metrics : Metrics
    """

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics) -> None:
        self._app, self._settings, self._metrics = app, settings, metrics
        self._hosts = LOOPBACK | ({urlsplit(settings.public_url).hostname or ""} if settings.public_url else set())
        self._inside, self._places = 0, asyncio.Semaphore(settings.max_in_flight)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer at once, or let the request in."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send, scope["path"])
        refused = self._refuse(scope)
        if refused:
            await answer.problem(*refused)
            return
        counted = scope["method"] == "POST" and scope["path"].startswith("/v1/")
        if counted and not await self._take_place():
            await answer.problem(429, "Busy", "Too many requests in flight; try again in a second", retry_after=1)
            self._metrics.refused()
            return
        self._inside += counted
        start = time.perf_counter()
        try:
            await self._let_in(scope, receive, answer)
        finally:
            self._inside -= counted
            if counted:
                self._places.release()
            self._metrics.answered(scope, answer.status, time.perf_counter() - start)

    @property
    def inside(self) -> int:
        """Requests in flight that count."""
        return self._inside

    async def _take_place(self) -> bool:
        """Take one of the places in flight, after a short wait when none is free."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            return False
        return True

    def _refuse(self, scope: Scope) -> tuple[int, str, str] | None:
        """Say why a request is not let in: a host that is not ours (a page that rebinds its name to our address)."""
        if scope["path"] in STATUS_PATHS:
            return None
        host = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"host"), "")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if name.lower() in self._hosts:
            return None
        return 421, "Wrong host", "this name is not served here; set ELEK_PUBLIC_URL to the address people type"

    async def _let_in(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        limit = self._limit(scope)
        if _length(scope) > limit:
            await answer.problem(413, "Too large", f"the body is over {limit} bytes; send less at once")
            return
        received = 0

        async def counting() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                await answer.problem(413, "Too large", f"the body is over {limit} bytes; send less at once")
                raise TooLargeError
            return message

        try:
            await self._within_time(scope, counting, answer)
        except TooLargeError:
            pass  # answered already; routes may turn it into an answer of their own, which is dropped
        except Exception as error:  # outer edge of the app: answered here, so that no server logs its text
            log_place(_LOG, getattr(scope.get("route"), "path", "request"), error)
            await answer.problem(500, "Something went wrong", "ask again, and tell the operator if it stays so")

    async def _within_time(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            async with asyncio.timeout(self._seconds(scope)):
                await self._app(scope, receive, answer)
        except TimeoutError:
            await answer.problem(503, "Took too long", "the request took too long; send fewer lines", retry_after=1)

    def _limit(self, scope: Scope) -> int:
        uploads = scope["path"] in ("/v1/manifests", "/manifests")
        return self._settings.max_manifest_bytes if uploads else self._settings.max_body_bytes

    def _seconds(self, scope: Scope) -> float | None:
        return None if scope["path"].endswith("/scored") else self._settings.request_seconds


class _Answer:
    """Sends an answer with our headers, and knows whether it began."""

    def __init__(self, send: Send, path: str) -> None:
        self._send, self.status, self._final = send, 0, False
        self._headers = HEADERS if path.startswith("/static/") else (*HEADERS, NO_STORE)

    async def __call__(self, message: Message) -> None:
        if self._final:
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = {k for k, _ in message.get("headers", ())}
            added = [h for h in self._headers if h[0] not in own]
            message = {**message, "headers": [*message.get("headers", ()), *added]}
        await self._send(message)

    async def problem(self, status: int, title: str, detail: str, retry_after: int = 0) -> None:
        if self.status:
            return  # the answer began; the connection ends short, which the client sees
        body = json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail}).encode()
        headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
        if retry_after:
            headers.append((b"retry-after", str(retry_after).encode()))
        await self({"type": "http.response.start", "status": status, "headers": headers})
        await self({"type": "http.response.body", "body": body})
        self._final = True


def _length(scope: Scope) -> int:
    text = next((v for k, v in scope["headers"] if k == b"content-length"), b"0")
    return int(text) if text.isdigit() else 0

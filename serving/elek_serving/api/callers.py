"""Callers: who calls the API, by key; a key that was checked is remembered for half a minute."""

import asyncio
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from fastapi import Depends, Request
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from starlette.exceptions import HTTPException

from elek_serving.service import Service, service_of
from elek_serving.store.api_keys import ANYBODY, Caller, Scope, find_caller

REMEMBERED_SECONDS = 30.0
MAX_REMEMBERED = 1000
MINUTE = 60.0


@dataclass
class _Known:
    caller: Caller
    until: float
    allowance: float = 0.0
    counted: float = 0.0


class KnownCallers:
    """Callers whose key was checked lately, and how many requests each has left."""

    def __init__(self, requests_per_minute: int) -> None:
        self._limit = requests_per_minute
        self._known: OrderedDict[bytes, _Known] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Caller | None:
        """Give the caller of a key, when it is remembered."""
        known = self._known.get(_digest(key))
        return known.caller if known and known.until > time.monotonic() else None

    def remember(self, key: str, caller: Caller) -> None:
        """Remember a caller; its count of requests goes on."""
        with self._lock:
            known = self._known.setdefault(_digest(key), _Known(caller, 0.0, self._limit, time.monotonic()))
            known.caller, known.until = caller, time.monotonic() + REMEMBERED_SECONDS
            while len(self._known) > MAX_REMEMBERED:
                self._known.popitem(last=False)

    def wait_seconds(self, key: str) -> float:
        """Count a request; give how long to wait when the minute's number is used up, else 0."""
        known = self._known.get(_digest(key))
        if not self._limit or known is None:
            return 0.0
        with self._lock:
            at = time.monotonic()
            known.allowance = min(self._limit, known.allowance + (at - known.counted) * self._limit / MINUTE)
            known.counted = at
            if known.allowance < 1:
                return (1 - known.allowance) * MINUTE / self._limit
            known.allowance -= 1
            return 0.0


class KeyCheck(SecurityBase):
    """Names the caller and refuses who lacks a scope; one FastAPI dependency, since each costs time in every request.

    Parameters
    ----------
    scope : Scope
    """

    def __init__(self, scope: Scope) -> None:
        self.model = HTTPBearer(description="An API key of `elek user key`; or the same key in the header X-API-Key.")
        self.scheme_name = "ApiKey"
        self._scope = scope

    async def __call__(self, request: Request) -> Caller:
        """Give the caller of a request.

        Raises
        ------
        HTTPException
            401 without a key that holds, 403 without the scope, 429 when the minute's requests are used up.
        """
        service = service_of(request)
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        key = bearer.strip() if scheme.lower() == "bearer" else request.headers.get("x-api-key")
        if key is None and service.settings.open:
            caller: Caller | None = ANYBODY
        else:
            caller = await _caller(request.app.state.callers, service, key)
        if caller is None:
            told = "This needs an API key: make one with `elek user key`, send it as Authorization: Bearer"
            raise HTTPException(401, told, {"WWW-Authenticate": "Bearer"})
        if self._scope not in caller.scopes:
            raise HTTPException(403, f"This API key has no scope '{self._scope}'")
        return caller


def caller_with(scope: Scope) -> Any:
    """Give the dependency that names the caller and refuses who lacks a scope."""
    return Depends(KeyCheck(scope))


async def _caller(known: KnownCallers, service: Service, key: str | None) -> Caller | None:
    if not key:
        return None
    caller = known.get(key)
    if caller is None:
        caller = await asyncio.to_thread(_look_up, service, key)
        if caller is None:
            return None
        known.remember(key, caller)
    wait = known.wait_seconds(key)
    if wait:
        raise HTTPException(429, "This API key sent too many requests", {"Retry-After": str(int(wait) + 1)})
    return caller


def _look_up(service: Service, key: str) -> Caller | None:
    with service.database.read() as session:
        return find_caller(session, key)


def _digest(key: str) -> bytes:
    return sha256(key.encode("utf-8", "replace")).digest()

"""Idempotency keys: the same request sent twice is done once and answered twice."""

from typing import Annotated

from fastapi import Header

from elek_serving.service import Service
from elek_serving.store.answers import find_answer
from elek_serving.store.api_keys import Caller

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=100,
        pattern=r"^[\x21-\x7e]+$",
        description="Any text of yours; a request that comes again with it is not done again. Another body is refused.",
    ),
]


def scoped(what: str, caller: Caller, key: str | None) -> str | None:
    """Give a caller's key as it stands in audit records; two callers' keys never meet."""
    return None if key is None else f"{what}:{caller.actor}:{key}"


def stored_answer(service: Service, key: str) -> str | None:
    """Give the body that was answered under a key; None when it is forgotten or there was none."""
    with service.database.read() as session:
        return find_answer(session, key)

"""Audit records: what is written down, its canonical bytes and its table. Nothing here appends; `elek_serving.audit.log` does."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import LargeBinary, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from elek_serving.audit.merkle import leaf_hash
from elek_serving.store.database import Base, Moment, storable


@dataclass(frozen=True)
class Entry:
    """What is to be written down.

    Attributes
    ----------
    kind : str
        ``scored``, ``manifest_scored``, ``line_shown``, ``decided``, ``signed_in``, …
    actor : str
        Who did it: a user's name, ``key:ID`` or ``system``.
    facts : mapping
        JSON types; never a description.
    bundle : str or None
        Digest of the bundle that scored.
    """

    kind: str
    actor: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    bundle: str | None = None


@dataclass(frozen=True)
class Asked:
    """Idempotency key and digest of the request, as the record keeps them."""

    key: str | None = None
    request: str | None = None


Work = Callable[[Session], Entry]
"""Changes rows and says what is to be written down; runs inside the transaction that appends the record."""


class AuditRow(Base):
    """One record of the log as stored."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    json: Mapped[str] = mapped_column(Text)
    leaf: Mapped[bytes] = mapped_column(LargeBinary(32))
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(32), index=True)
    actor: Mapped[str] = mapped_column(String(80), index=True)
    at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class Record:
    """One record of the log.

    Attributes
    ----------
    seq : int
        Place in the log, from 0.
    content : bytes
        Canonical JSON, the bytes that are hashed.
    leaf : bytes
        SHA-256 leaf hash of `content` (RFC 6962).
    repeated : bool
        Whether an earlier call with the same idempotency key wrote it.
    """

    seq: int
    content: bytes
    leaf: bytes
    repeated: bool = False

    @property
    def body(self) -> dict[str, Any]:
        """The record as JSON types: seq, at, kind, actor, key, request, bundle, facts."""
        return dict(json.loads(self.content))

    @property
    def facts(self) -> dict[str, Any]:
        """What was written down."""
        return dict(self.body["facts"])

    @classmethod
    def make(cls, seq: int, at: datetime, entry: Entry, asked: Asked) -> Self:
        """Give the record of an entry at its place in the log."""
        body = {
            "seq": seq,
            "at": at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "kind": entry.kind,
            "actor": entry.actor,
            "key": asked.key,
            "request": asked.request,
            "bundle": entry.bundle,
            "facts": entry.facts,
        }
        content = canonical(body)
        return cls(seq, content, leaf_hash(content))

    @classmethod
    def of(cls, row: AuditRow, repeated: bool = False) -> Self:
        """Give the record as the table holds it."""
        return cls(row.seq, row.json.encode("utf-8"), row.leaf, repeated)


def canonical(body: Any) -> bytes:
    """Give JSON as canonical bytes: sorted keys, no blanks, UTF-8, and nothing a database cannot keep.

    Examples
    --------
    >>> canonical({"b": 1, "a": "ё"}).decode()
    '{"a":"ё","b":1}'
    """
    words = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return storable(words).encode("utf-8")

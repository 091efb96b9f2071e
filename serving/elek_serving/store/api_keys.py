"""API keys: what a program shows to call the API; a random secret, kept as its argon2id hash."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from elek_serving.audit.record import Entry, Work
from elek_serving.store.database import Base, Moment, StoreError, now
from elek_serving.store.users import User, need_user

Scope = Literal["score", "manifests", "decisions", "labels", "metrics"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
PREFIX = "elek"

_HASHER = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)  # enough for 256 random bits


class ApiKey(Base):
    """A key of a user."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(200))
    scopes: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


@dataclass(frozen=True)
class Caller:
    """Who calls the API.

    Attributes
    ----------
    actor : str
        As written in audit records.
    scopes : frozenset of str
    user_id : int or None
        None for a caller without a key.
    user, role : str
    """

    actor: str
    scopes: frozenset[str]
    user_id: int | None
    user: str
    role: str


ANYBODY = Caller("anonymous", frozenset(SCOPES) - {"decisions"}, None, "anonymous", "service")
"""The caller when the service was started with `--open`."""


@dataclass(frozen=True)
class NewKey:
    """A key just made; the secret is shown once and kept nowhere."""

    id: str
    text: str
    work: Work


def add_key(name: str, scopes: list[Scope], days: int, actor: str) -> NewKey:
    """Make a key for a user; `AuditLog.write(new.work)` stores it.

    Raises
    ------
    StoreError
        If a scope is unknown, or `days` is not 1 to 3,650.
    """
    unknown = next((s for s in scopes if s not in SCOPES), None)
    if unknown is not None or not scopes:
        raise StoreError(f"scope '{unknown or ''}' is unknown; use {', '.join(SCOPES)}")
    if not 1 <= days <= 3650:
        raise StoreError(f"a key lasts 1 to 3650 days, got {days}")
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    hashed = _HASHER.hash(secret)

    def work(session: Session) -> Entry:
        user = need_user(session, name)
        at = now()
        expires = at + timedelta(days=days)
        chosen = " ".join(sorted(set(scopes)))
        session.add(
            ApiKey(
                id=key_id,
                user_id=user.id,
                secret_hash=hashed,
                scopes=chosen,
                created_at=at,
                expires_at=expires,
            )
        )
        return Entry("key_added", actor, {"user": name, "key": key_id, "scopes": chosen, "days": days})

    return NewKey(key_id, f"{PREFIX}_{key_id}_{secret}", work)


def revoke_key(key_id: str, actor: str) -> Work:
    """Take a key back."""

    def work(session: Session) -> Entry:
        key = session.get(ApiKey, key_id)
        if key is None:
            raise StoreError(f"no API key '{key_id[:40]}'; `elek user list` shows all")
        key.revoked_at = key.revoked_at or now()
        return Entry("key_revoked", actor, {"key": key_id})

    return work


def list_keys(session: Session) -> list[tuple[ApiKey, User]]:
    """Give all keys with their users, by time."""
    query = select(ApiKey, User).join(User, User.id == ApiKey.user_id).order_by(ApiKey.created_at, ApiKey.id)
    return [(key, user) for key, user in session.execute(query)]


def find_caller(session: Session, text: str) -> Caller | None:
    """Say who shows this key; None when it is unknown, wrong, expired or revoked, or its user disabled."""
    prefix, _, rest = text.partition("_")
    key_id, _, secret = rest.partition("_")
    if prefix != PREFIX or not secret:
        return None
    query = select(ApiKey, User).join(User, User.id == ApiKey.user_id).where(ApiKey.id == key_id[:16])
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    key, user = found
    if key.revoked_at is not None or key.expires_at <= now() or user.disabled:
        return None
    try:
        _HASHER.verify(key.secret_hash, secret[:100])
    except (VerifyMismatchError, InvalidHashError):
        return None
    return Caller(f"key:{key.id}", frozenset(key.scopes.split()), user.id, user.name, user.role)

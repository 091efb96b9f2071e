"""Sessions: who is signed in. The browser holds a random token; the store holds its hash only."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ForeignKey, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from elek_serving.store.database import Base, Moment, now

TOUCH = timedelta(seconds=60)
"""How exact the time of last use is."""


class SignIn(Base):
    """One signed-in browser."""

    __tablename__ = "sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class Limits:
    """How long a session lasts from its start, and without use."""

    whole: timedelta
    idle: timedelta


def start_session(session: Session, user_id: int) -> str:
    """Start a session; sessions that are long over are removed.

    Returns
    -------
    str
        The token for the cookie, 256 random bits.
    """
    token = secrets.token_urlsafe(32)
    at = now()
    session.execute(delete(SignIn).where(SignIn.seen_at < at - timedelta(days=7)))
    session.add(SignIn(token_hash=_hash(token), user_id=user_id, created_at=at, seen_at=at))
    return token


def find_session(session: Session, token: str, limits: Limits) -> SignIn | None:
    """Find a running session; None when it is over or unknown."""
    signed = session.get(SignIn, _hash(token))
    if signed is None:
        return None
    at = now()
    return None if at - signed.created_at > limits.whole or at - signed.seen_at > limits.idle else signed


def is_stale(signed: SignIn) -> bool:
    """Say whether the time of last use is due to be written again."""
    return now() - signed.seen_at > TOUCH


def touch(session: Session, token_hash: str) -> None:
    """Write that a session was used."""
    signed = session.get(SignIn, token_hash)
    if signed:
        signed.seen_at = now()


def end_session(session: Session, token: str) -> None:
    """End one session."""
    session.execute(delete(SignIn).where(SignIn.token_hash == _hash(token)))


def end_sessions(session: Session, user_id: int) -> None:
    """End every session of a user."""
    session.execute(delete(SignIn).where(SignIn.user_id == user_id))


def form_token(token: str) -> str:
    """Give the CSRF token that belongs to a session token.

    Examples
    --------
    >>> form_token("a") == form_token("a"), form_token("a") == form_token("b")
    (True, False)
    """
    return hmac.new(token.encode(), b"elek form", sha256).hexdigest()


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()

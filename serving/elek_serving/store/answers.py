"""Answers: what was answered under an idempotency key, so that a request sent twice is answered once."""

from datetime import datetime, timedelta

from sqlalchemy import String, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from elek_serving.store.database import Base, Moment, now

KEPT = timedelta(days=2)


class Answer(Base):
    """The body of an answer."""

    __tablename__ = "answers"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment, index=True)


def find_answer(session: Session, key: str) -> str | None:
    """Give the body answered under a key."""
    return session.scalar(select(Answer.body).where(Answer.key == key))


def forget_answers(session: Session) -> None:
    """Remove answers older than two days; their audit records stay, so the request is still not done twice."""
    session.execute(delete(Answer).where(Answer.at < now() - KEPT))

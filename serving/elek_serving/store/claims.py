"""Claims: who is looking at a line, so that two people do not take the same one. A claim ends by itself."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from elek_serving.store.database import Base, Moment, now

LASTS = timedelta(minutes=15)


class Claim(Base):
    """One person's hold on one line."""

    __tablename__ = "claims"

    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    until: Mapped[datetime] = mapped_column(Moment)


def take_claim(session: Session, line_id: int, user_id: int) -> bool:
    """Take or renew a claim; False when another person holds the line. Needs `Database.write`."""
    claim = session.get(Claim, line_id)
    if claim is None:
        session.add(Claim(line_id=line_id, user_id=user_id, until=now() + LASTS))
        return True
    if claim.user_id != user_id and claim.until > now():
        return False
    claim.user_id, claim.until = user_id, now() + LASTS
    return True


def drop_claim(session: Session, line_id: int, user_id: int) -> None:
    """Give a line back."""
    session.execute(delete(Claim).where(Claim.line_id == line_id, Claim.user_id == user_id))


def holder(session: Session, line_id: int) -> int | None:
    """Give the id of the user who holds a line, None when nobody does."""
    claim = session.get(Claim, line_id)
    return claim.user_id if claim and claim.until > now() else None

"""Blind reviews: a sample of decided lines that a second person decides without seeing the first decision."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from elek_serving.audit.record import Entry, Work
from elek_serving.store.database import Base, Moment, StoreError, now, storable
from elek_serving.store.lines import LineRow
from elek_serving.store.reasons import check_reason


class BlindReview(Base):
    """One line of the sample; without a kind until the second person decided."""

    __tablename__ = "blind_reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), unique=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))
    first_user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    first_kind: Mapped[str] = mapped_column(String(8))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str | None] = mapped_column(String(8))
    reason: Mapped[str | None] = mapped_column(String(32))
    words: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime | None] = mapped_column(Moment)


def in_sample(line: LineRow, share: float) -> bool:
    """Say whether a line is in the sample; nobody can foresee it without the text, and it never changes."""
    number = int.from_bytes(sha256(f"{line.id}:{line.text_digest}".encode()).digest()[:8])
    return number < share * 2**64


@dataclass(frozen=True)
class First:
    """The decision that a second person will not see."""

    id: int
    user_id: int
    kind: str


def sample(session: Session, line: LineRow, first: First, share: float) -> None:
    """Put a decided line into the sample when its turn is."""
    there = session.scalar(select(BlindReview.id).where(BlindReview.line_id == line.id))
    if there is None and in_sample(line, share):
        session.add(BlindReview(line_id=line.id, first_id=first.id, first_user_id=first.user_id, first_kind=first.kind))


def next_blind(session: Session, user_id: int) -> BlindReview | None:
    """Give the oldest line of the sample that this person did not decide first and nobody reviewed yet."""
    query = select(BlindReview).where(BlindReview.kind.is_(None), BlindReview.first_user_id != user_id)
    return session.scalar(query.order_by(BlindReview.id).limit(1))


def answer_blind(review_id: int, kind: str, reason: str, words: str, user: tuple[int, str]) -> Work:
    """Enter the second person's decision.

    Parameters
    ----------
    review_id : int
    kind, reason : str
        As in `elek_serving.store.reasons.REASONS`.
    words : str
    user : (int, str)
        Id and name.
    """
    check_reason(kind, reason, words)

    def work(session: Session) -> Entry:
        review = session.get(BlindReview, review_id)
        if review is None or review.kind is not None or review.first_user_id == user[0]:
            raise StoreError(f"blind review {review_id} is not yours to answer, or was answered")
        review.user_id, review.kind, review.reason = user[0], kind, reason
        review.words, review.at = storable(words.strip()), now()
        facts = {"review": review_id, "line": review.line_id, "first": review.first_id, "kind": kind, "reason": reason}
        return Entry("reviewed_blind", user[1], facts)

    return work


def blind_pairs(session: Session) -> list[tuple[str, str]]:
    """Give (first, second) kinds of every answered blind review."""
    query = select(BlindReview).where(BlindReview.kind.is_not(None)).order_by(BlindReview.id)
    return [(review.first_kind, review.kind or "") for review in session.scalars(query)]


def cohens_kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Give Cohen's kappa of two people's decisions, in [-1, 1]; None without pairs, or when chance alone explains all.

    Examples
    --------
    >>> cohens_kappa([("clear", "clear"), ("confirm", "confirm"), ("clear", "confirm"), ("confirm", "confirm")])
    0.5
    """
    if not pairs:
        return None
    n = len(pairs)
    agreed = sum(a == b for a, b in pairs) / n
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[k] * second[k] for k in first) / n**2
    return None if chance == 1 else (agreed - chance) / (1 - chance)

"""Decisions: what a reviewer says of a line, with a reason. Append-only: an undo is one more row."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from elek.codes import parse_hs
from elek.errors import CodeError
from elek_serving.audit.record import Entry, Work
from elek_serving.store.blind_reviews import First, sample
from elek_serving.store.claims import drop_claim, holder
from elek_serving.store.database import Base, Moment, StoreError, now, storable
from elek_serving.store.lines import LineRow, need_line
from elek_serving.store.reasons import MAX_WORDS, Kind, check_reason

DECIDES = ("reviewer", "supervisor")
_ENTRY = re.compile(r"[0-9][A-E][0-9]{3}(\.[0-9a-z.]{1,12})?|EAR99|none")


class Decision(Base):
    """One decision, or the undoing of one.

    Attributes
    ----------
    kind : str
        ``confirm``, ``clear``, ``refer`` or ``undo``.
    answers : int or None
        The decision that this one seconds, settles or undoes.
    """

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(32))
    words: Mapped[str] = mapped_column(Text)
    correct_hs: Mapped[str | None] = mapped_column(String(16))
    correct_entry: Mapped[str | None] = mapped_column(String(24))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    reviewer: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    answers: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10))
    bundle: Mapped[str] = mapped_column(String(80))


@dataclass(frozen=True)
class Person:
    """Who decides: id, name and role of a user."""

    id: int
    name: str
    role: str


@dataclass(frozen=True)
class NewDecision:
    """What a reviewer says.

    Attributes
    ----------
    line : int
        Number of the line in the store.
    kind : Kind
    reason : str
        One of `elek_serving.store.reasons.REASONS[kind]`.
    words : str
        Up to 2,000 characters; needed with the reason ``other``.
    correct_hs : str or None
        The right code, 4 to 10 digits.
    correct_entry : str or None
        The right control entry, such as ``3A001``, or ``none``.
    """

    line: int
    kind: Kind
    reason: str
    words: str = ""
    correct_hs: str | None = None
    correct_entry: str | None = None

    def __post_init__(self) -> None:
        check_reason(self.kind, self.reason, self.words)
        if self.correct_entry and not _ENTRY.fullmatch(self.correct_entry):
            raise StoreError(f"control entry '{self.correct_entry[:24]}' is not like 3A001; write the entry, or none")
        if self.correct_hs:
            _read_code(self.correct_hs)


@dataclass(frozen=True)
class Rules:
    """What the operator asks of decisions: verdicts whose `clear` needs a second person, share reviewed blind."""

    second_eyes: tuple[str, ...]
    blind_share: float


def decide(new: NewDecision, person: Person, rules: Rules) -> Work:
    """Decide a line; the record's facts hold the new decision's id as `decision` and the line's state after it as `state`.

    A second person's decision on a line that needs one either agrees (then the line is decided) or does not (then a supervisor
    settles it).
    """

    def work(session: Session) -> Entry:
        line = need_line(session, new.line)
        _may_decide(session, line, person)
        state = _state_after(session, line, new, person, rules)
        decision = Decision(
            line_id=line.id,
            kind=new.kind,
            reason=new.reason,
            words=storable(new.words.strip()),
            correct_hs=_read_code(new.correct_hs) if new.correct_hs else None,
            correct_entry=new.correct_entry or None,
            user_id=person.id,
            reviewer=person.name,
            at=now(),
            answers=line.decision_id,
            state=state,
            bundle=line.bundle,
        )
        return _enter(session, line, decision, rules)

    return work


def undo(line_id: int, words: str, person: Person) -> Work:
    """Undo the standing decision of a line: one's own, or anybody's for a supervisor."""

    def work(session: Session) -> Entry:
        line = need_line(session, line_id)
        standing = session.get(Decision, line.decision_id) if line.decision_id else None
        if person.role not in DECIDES or standing is None:
            raise StoreError(f"line {line_id} has no decision to undo")
        if standing.user_id != person.id and person.role != "supervisor":
            raise StoreError(f"'{standing.reviewer}' decided line {line_id}; a supervisor can undo it")
        decision = Decision(
            line_id=line.id,
            kind="undo",
            reason="undo",
            words=storable(words.strip())[:MAX_WORDS],
            user_id=person.id,
            reviewer=person.name,
            at=now(),
            answers=standing.id,
            state="undecided",
            bundle=line.bundle,
        )
        return _enter(session, line, decision, None)

    return work


def line_decisions(session: Session, line_id: int) -> list[Decision]:
    """Give everything that was decided on a line, oldest first."""
    return list(session.scalars(select(Decision).where(Decision.line_id == line_id).order_by(Decision.id)))


def _may_decide(session: Session, line: LineRow, person: Person) -> None:
    if person.role not in DECIDES:
        raise StoreError(f"a user with the role '{person.role}' cannot decide")
    if holder(session, line.id) not in (None, person.id):
        raise StoreError(f"another reviewer holds line {line.id}; take the next one")


def _state_after(session: Session, line: LineRow, new: NewDecision, person: Person, rules: Rules) -> str:
    """Give the line's state after a decision, or say why it cannot be decided."""
    if line.state == "decided":
        raise StoreError(f"line {line.id} is decided; undo the decision first")
    if line.state == "undecided":
        return "second" if new.kind == "clear" and line.verdict in rules.second_eyes else "decided"
    if line.state == "disputed":
        if person.role != "supervisor":
            raise StoreError(f"two reviewers differ on line {line.id}; a supervisor settles it")
        return "decided"
    first = session.get_one(Decision, line.decision_id)
    if first.user_id == person.id:
        raise StoreError(f"line {line.id} needs a second person, not the one who decided first")
    return "decided" if first.kind == new.kind else "disputed"


def _enter(session: Session, line: LineRow, decision: Decision, rules: Rules | None) -> Entry:
    """Add a decision and bring its line up to it."""
    session.add(decision)
    session.flush()
    line.state = decision.state
    line.decision_id = None if decision.kind == "undo" else decision.id
    drop_claim(session, line.id, decision.user_id)
    if rules and decision.state == "decided":
        sample(session, line, First(decision.id, decision.user_id, decision.kind), rules.blind_share)
    return Entry("decided", decision.reviewer, _facts(line, decision), bundle=line.bundle)


def _facts(line: LineRow, decision: Decision) -> dict[str, Any]:
    return {
        "decision": decision.id,
        "line": line.id,
        "manifest": line.manifest_id,
        "row": line.row,
        "text": line.text_digest,
        "verdict": line.verdict,
        "scores": [line.controlled, line.misdeclared, line.vague],
        "kind": decision.kind,
        "reason": decision.reason,
        "words": decision.words,
        "correct_hs": decision.correct_hs,
        "correct_entry": decision.correct_entry,
        "answers": decision.answers,
        "state": decision.state,
    }


def _read_code(text: str) -> str:
    try:
        return parse_hs(text).digits
    except CodeError as error:
        raise StoreError(str(error)) from error

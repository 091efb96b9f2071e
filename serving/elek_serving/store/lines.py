"""Lines: the goods lines of scored manifests, as sent and as scored, and whether they are decided."""

import json
from collections.abc import Iterable
from dataclasses import fields
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from elek.goods import GoodsLine, ScoredLine
from elek.text import normalise, windows
from elek_serving.store.database import Base, StoreError, storable

LineState = Literal["undecided", "second", "disputed", "decided"]
"""`second`: decided once, a second person is needed. `disputed`: the second person decided otherwise."""

RANKS = {"wrong_code_hides_control": 4, "controlled": 3, "wrong_code": 2, "too_vague": 1, "clear": 0}
"""Verdicts by how early the queue shows them."""

_INPUT = tuple(f.name for f in fields(GoodsLine))
_SCORE = {
    "wrong_code_hides_control": "controlled_score",
    "controlled": "controlled_score",
    "wrong_code": "misdeclaration_score",
    "too_vague": "vagueness_score",
}


class LineRow(Base):
    """One goods line of a manifest, scored.

    Attributes
    ----------
    input : str
        The line as sent, JSON in ASCII; empty once retention removed it.
    description : str
        For people; what a database cannot keep is shown as U+FFFD.
    text : str
        Normalised, to search in.
    record : str
        The scored line as published, JSON.
    risk : float
        Order of the queue: rank of the verdict plus the score that led to it. Not a probability.
    entry : str or None
        Likeliest control entry, when the verdict names one.
    """

    __tablename__ = "lines"
    __table_args__ = (
        UniqueConstraint("manifest_id", "row"),
        Index("ix_lines_queue", "state", "risk"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    manifest_id: Mapped[int] = mapped_column(ForeignKey("manifests.id"), index=True)
    row: Mapped[int]
    line_id: Mapped[str] = mapped_column(Text)
    consignment_id: Mapped[str | None] = mapped_column(Text)
    input: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    text_digest: Mapped[str] = mapped_column(String(64), index=True)
    declared_hs: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(5), index=True)
    record_json: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(5))
    verdict: Mapped[str | None] = mapped_column(String(24), index=True)
    controlled: Mapped[float | None]
    misdeclared: Mapped[float | None]
    vague: Mapped[float | None]
    risk: Mapped[float]
    entry: Mapped[str | None] = mapped_column(String(16), index=True)
    bundle: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(10))
    decision_id: Mapped[int | None]

    @property
    def goods(self) -> GoodsLine:
        """The line as sent."""
        if not self.input:
            raise StoreError(f"the text of line {self.id} was removed when its retention time was over")
        return GoodsLine(**json.loads(self.input))

    @property
    def record(self) -> dict[str, Any]:
        """The scored line as published."""
        return dict(json.loads(self.record_json))


def line_values(goods: GoodsLine, scored: ScoredLine) -> dict[str, Any]:
    """Give a scored line's columns, all but manifest and row."""
    text = normalised(goods.description)
    shown = storable(goods.description)
    return {
        "line_id": storable(scored.line_id),
        "consignment_id": goods.consignment_id and storable(goods.consignment_id),
        "input": as_input(goods),
        "description": shown,
        "text": storable(text),
        "text_digest": digest(text),
        "declared_hs": goods.declared_hs and storable(goods.declared_hs),
        "language": language_of(shown),
        "record_json": json.dumps(scored.to_record(), ensure_ascii=True),
        "status": scored.status,
        "verdict": scored.verdict,
        "controlled": scored.controlled_score,
        "misdeclared": scored.misdeclaration_score,
        "vague": scored.vagueness_score,
        "risk": risk(scored),
        "entry": likeliest_entry(scored),
        "bundle": scored.bundle,
        "state": "undecided",
    }


def as_input(goods: GoodsLine) -> str:
    """Give a goods line as ASCII JSON: lossless for any text."""
    values = ((name, getattr(goods, name)) for name in _INPUT)
    return json.dumps({name: value for name, value in values if value is not None}, ensure_ascii=True)


def normalised(description: str) -> str:
    """Give the text as the model reads it; windows of a long one are joined by line ends."""
    return "\n".join(normalise(window).text for window in windows(description))


def digest(text: str) -> str:
    """Give the hex SHA-256 of a text."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def risk(scored: ScoredLine) -> float:
    """Give the place of a line in the queue: rank of its verdict plus the score behind it; -1 for an unscored line.

    Examples
    --------
    >>> risk(ScoredLine("1", "ok", "sha256:0", "controlled", 0.75, None, 0.1))
    3.75
    """
    if scored.verdict is None:
        return -1.0
    name = _SCORE.get(scored.verdict)
    scores = (scored.controlled_score, scored.misdeclaration_score, scored.vagueness_score)
    score = getattr(scored, name) if name else max(s or 0.0 for s in scores)
    return round(RANKS[scored.verdict] + min(score or 0.0, 0.999999), 6)


def likeliest_entry(scored: ScoredLine) -> str | None:
    """Give the likeliest control entry of a line whose verdict names control."""
    if scored.verdict not in ("controlled", "wrong_code_hides_control"):
        return None
    return next((r.code for r in scored.control if r.code != "none"), None)


def language_of(description: str) -> str:
    """Tell the script of a description: kk, ru, zh, en, mixed, or other.

    Examples
    --------
    >>> [language_of(t) for t in ("насос", "сорғы ұшқышсыз", "水泵", "pump", "насос pump")]
    ['ru', 'kk', 'zh', 'en', 'mixed']
    """
    cyrillic = sum("\u0400" <= c <= "\u04ff" for c in description)
    han = sum("\u4e00" <= c <= "\u9fff" for c in description)
    latin = sum(c.isascii() and c.isalpha() for c in description)
    letters = cyrillic + han + latin
    if letters == 0:
        return "other"
    if max(cyrillic, han, latin) < 0.8 * letters:
        return "mixed"
    if cyrillic == max(cyrillic, han, latin):
        return "kk" if any(c in "әғқңөұүһіӘҒҚҢӨҰҮҺІ" for c in description) else "ru"
    return "zh" if han > latin else "en"


def find_line(session: Session, line_id: int) -> LineRow | None:
    """Find a line by its number in the store."""
    return session.get(LineRow, line_id) if 0 < line_id < 2**31 else None


def need_line(session: Session, line_id: int) -> LineRow:
    """Find a line by its number in the store, or raise StoreError."""
    line = find_line(session, line_id)
    if line is None:
        raise StoreError(f"there is no line {line_id}")
    return line


def consignment(session: Session, line: LineRow) -> list[LineRow]:
    """Give the lines that travel with a line, itself included, in the manifest's order."""
    if not line.consignment_id:
        return [line]
    query = select(LineRow).where(
        LineRow.manifest_id == line.manifest_id, LineRow.consignment_id == line.consignment_id
    )
    return list(session.scalars(query.order_by(LineRow.row)))


def count_lines(session: Session, manifest_id: int) -> int:
    """Count the lines of a manifest in the store."""
    return session.scalar(select(func.count()).where(LineRow.manifest_id == manifest_id)) or 0


def manifest_lines(session: Session, manifest_id: int) -> Iterable[LineRow]:
    """Give the lines of a manifest in its order, read in parts."""
    query = select(LineRow).where(LineRow.manifest_id == manifest_id).order_by(LineRow.row)
    return session.scalars(query.execution_options(yield_per=500))

"""LineView: everything a page about one goods line shows, gathered from the store and from the bundle that scored it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elek.evidence import Evidence, explain
from elek.labels import NONE, ControlEntry, Labels
from elek_serving.desk.marks import Piece, odd_signs
from elek_serving.desk.score_view import ScoreView, view_scores
from elek_serving.desk.scorers import scorer_of
from elek_serving.service import Service
from elek_serving.store.blind_reviews import BlindReview
from elek_serving.store.decisions import Decision, Person, line_decisions
from elek_serving.store.lines import LineRow, consignment, find_line
from elek_serving.store.manifests import ManifestRow

MAX_MEMBERS = 100


@dataclass(frozen=True)
class CodeView:
    """An HS code with its nomenclature text.

    Attributes
    ----------
    hs : str
    p : float or None
    heading_text, text : str
        Of its heading, and of the code itself where it is longer.
    tier : str or None
        On the Common High Priority List.
    """

    hs: str
    p: float | None
    heading_text: str
    text: str
    tier: str | None


@dataclass(frozen=True)
class EntryView:
    """A control entry with its probability."""

    entry: ControlEntry
    p: float


@dataclass(frozen=True)
class EarlierDecision:
    """A decided line that can guide: the same text, or the same control entry."""

    line: LineRow
    decision: Decision
    same_text: bool


@dataclass(frozen=True)
class LineView:
    """One goods line for a page.

    Attributes
    ----------
    line : LineRow
    manifest : ManifestRow
    record : dict
        The scored line as published.
    scores : tuple of ScoreView
        The leading one first.
    read_as : str
        The text as the model read it.
    odd : tuple of Piece
        Signs that do not show and letters that pose as others.
    declared, likeliest : CodeView or None
    other_codes : tuple of CodeView
    entry : EntryView or None
    other_entries : tuple of EntryView
    evidence : Evidence or None
        None when the bundle that scored the line is not kept, or the text was removed.
    members : list of LineRow
        The lines of its consignment, itself included.
    decisions : list of Decision
        Oldest first; empty while `hidden`.
    hidden : bool
        The decision waits for a blind review, and this person is not to know it.
    earlier : list of EarlierDecision
    """

    line: LineRow
    manifest: ManifestRow
    record: dict[str, Any]
    scores: tuple[ScoreView, ...]
    read_as: str
    odd: tuple[Piece, ...]
    declared: CodeView | None
    likeliest: CodeView | None
    other_codes: tuple[CodeView, ...]
    entry: EntryView | None
    other_entries: tuple[EntryView, ...]
    evidence: Evidence | None
    members: list[LineRow]
    decisions: list[Decision]
    hidden: bool
    earlier: list[EarlierDecision]


def view_line(service: Service, line_id: int, person: Person) -> LineView | None:
    """Gather what is known of a line; None when there is no such line, or its manifest is still being scored."""
    with service.database.read() as session:
        line = find_line(session, line_id)
        manifest = session.get(ManifestRow, line.manifest_id) if line else None
        if line is None or manifest is None or manifest.state != "scored":
            return None
        hidden = _is_hidden(session, line, person)
        decisions = [] if hidden else line_decisions(session, line.id)
        members = consignment(session, line)[:MAX_MEMBERS]
        earlier = _earlier(session, line)
    scorer = scorer_of(service, line.bundle)
    labels = (scorer or service.bundle.get().scorer).labels
    evidence = explain(scorer, line.goods) if scorer and line.status == "ok" and line.input else None
    record = line.record
    codes = _codes(record, labels)
    entries = _entries(record, labels)
    return LineView(
        line=line,
        manifest=manifest,
        record=record,
        scores=view_scores(line, evidence),
        read_as=line.text,
        odd=odd_signs(line.description),
        declared=_declared(record, labels),
        likeliest=codes[0] if codes else None,
        other_codes=codes[1:],
        entry=entries[0] if entries else None,
        other_entries=entries[1:],
        evidence=evidence,
        members=members,
        decisions=decisions,
        hidden=hidden,
        earlier=earlier,
    )


def _declared(record: dict[str, Any], labels: Labels) -> CodeView | None:
    declared = record["declared"]
    if declared is None:
        return None
    return CodeView(declared["hs"], declared["p"], *_texts(declared["hs"], labels), declared["chpl_tier"])


def _codes(record: dict[str, Any], labels: Labels) -> tuple[CodeView, ...]:
    ranked = record["subheadings"] or record["headings"]
    return tuple(CodeView(r["hs"], r["p"], *_texts(r["hs"], labels), labels.chpl.get(r["hs"])) for r in ranked)


def _texts(hs: str, labels: Labels) -> tuple[str, str]:
    return labels.texts.get(hs[:4], ""), labels.texts.get(hs, "") if len(hs) > 4 else ""


def _entries(record: dict[str, Any], labels: Labels) -> tuple[EntryView, ...]:
    known = labels.entry_index
    named = [r for r in record["control"] if r["entry"] != NONE]
    return tuple(EntryView(labels.entries[known[r["entry"]]], r["p"]) for r in named if r["entry"] in known)


def _is_hidden(session: Session, line: LineRow, person: Person) -> bool:
    """Say whether a decision is to be kept from a person who may review it blind."""
    waiting = select(BlindReview.first_user_id).where(BlindReview.line_id == line.id, BlindReview.kind.is_(None))
    first = session.scalar(waiting)
    return first is not None and first != person.id and person.role == "reviewer"


def _earlier(session: Session, line: LineRow) -> list[EarlierDecision]:
    """Give decided lines with the same text, then those with the same control entry, newest first."""
    decided = select(LineRow, Decision).join(Decision, Decision.id == LineRow.decision_id)
    decided = decided.where(LineRow.state == "decided", LineRow.id != line.id).order_by(Decision.id.desc())
    blind = select(BlindReview.line_id).where(BlindReview.kind.is_(None))
    decided = decided.where(LineRow.id.not_in(blind))
    same = session.execute(decided.where(LineRow.text_digest == line.text_digest).limit(5)).all()
    found = [EarlierDecision(other, decision, True) for other, decision in same]
    if line.entry:
        related = decided.where(LineRow.entry == line.entry, LineRow.text_digest != line.text_digest).limit(5)
        found += [EarlierDecision(other, decision, False) for other, decision in session.execute(related)]
    return found

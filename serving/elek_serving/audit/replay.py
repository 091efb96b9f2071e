"""Replay: scores stored texts again with the bundle that scored them, and says what differs from the record."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elek.bundle import Bundle
from elek.errors import ElekError
from elek.goods import GoodsLine
from elek.scorer import Scorer
from elek_serving.audit.export import records_of
from elek_serving.audit.record import Record
from elek_serving.manifest_scorer import part_lines
from elek_serving.scored_lines import rounded
from elek_serving.store.database import Database
from elek_serving.store.decisions import Decision
from elek_serving.store.inputs import Input
from elek_serving.store.lines import digest, normalised
from elek_serving.store.served_bundles import find_bundle

TOLERANCE = 1e-5
"""Largest difference between a recorded score and the replayed one; machines differ in the last bits."""

REPLAYED = ("scored", "manifest_scored")


@dataclass
class Replayed:
    """What replaying found.

    Attributes
    ----------
    records, lines : int
        Records and goods lines that were scored again.
    removed : int
        Records whose texts retention removed.
    differs : list of str
        What is not as recorded, with record and line; empty when all is equal.
    """

    records: int = 0
    lines: int = 0
    removed: int = 0
    differs: list[str] = field(default_factory=list)


def replay(database: Database, data: Path, only: int | None = None) -> Replayed:
    """Score again what the log says was scored.

    Parameters
    ----------
    database : Database
    data : Path
        Data folder with the served bundles.
    only : int, optional
        Number of one record; default is all.

    Returns
    -------
    Replayed
    """
    found = Replayed()
    for held in records_of(database):
        record = held.record
        if only is None or record.seq == only:
            replay_record(database, data, record, found)
    return found


def replay_record(database: Database, data: Path, record: Record, found: Replayed) -> None:
    """Score the lines of one record again; a record of something else is checked against its row."""
    body = record.body
    if body["kind"] not in REPLAYED:
        _check_decision(database, record, body, found)
        return
    try:
        scorer = _scorer(str(find_bundle(data, body["bundle"])))
    except ElekError as error:
        found.differs.append(f"record {record.seq}: {error}")
        return
    with database.read() as session:
        stored = _stored(session, record.seq, body)
    if stored is None:
        found.removed += 1
        return
    found.records += 1
    found.lines += len(stored)
    found.differs.extend(f"record {record.seq}, {what}" for what in _differences(scorer, stored, body))


def _stored(session: Session, seq: int, body: Mapping[str, Any]) -> list[str] | None:
    """Give the lines as they were sent, each as JSON; None when they were removed."""
    if body["kind"] == "scored":
        row = session.get(Input, seq)
        return None if row is None else [_again(line) for line in json.loads(row.lines)]
    facts = body["facts"]
    texts = [line.input for line in part_lines(session, facts["manifest"], facts["part"])]
    return None if (facts["lines"] and not any(texts)) else texts


def _again(line: Mapping[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=True)


def _differences(scorer: Scorer, stored: list[str], body: Mapping[str, Any]) -> Iterator[str]:
    recorded = body["facts"]["lines"]
    if len(stored) != len(recorded):
        yield f"it has {len(recorded)} lines, the store {len(stored)}"
        return
    goods = [GoodsLine(**json.loads(text)) if text else GoodsLine("") for text in stored]
    scored = scorer.score(goods, top=1)
    for number, (text, line, again, said) in enumerate(zip(stored, goods, scored, recorded, strict=True), start=1):
        if digest(text) != said["line"]:
            yield f"line {number}: what is stored is not what was scored"
            continue
        if digest(normalised(line.description)) != said["text"]:
            yield f"line {number}: this version normalises the text otherwise"
        scores = rounded(again.controlled_score, again.misdeclaration_score, again.vagueness_score)
        if again.verdict != said["verdict"] or not _equal(scores, said["scores"]):
            yield f"line {number}: scores {scores} and verdict {again.verdict}, recorded {said['scores']} and {said['verdict']}"


def _equal(scores: Iterable[float | None], recorded: Iterable[float | None]) -> bool:
    pairs = zip(scores, recorded, strict=True)
    return all((a is b) if a is None or b is None else abs(a - b) <= TOLERANCE for a, b in pairs)


def _check_decision(database: Database, record: Record, body: Mapping[str, Any], found: Replayed) -> None:
    """Compare a decision's row with what its record says."""
    if body["kind"] != "decided":
        return
    facts = body["facts"]
    with database.read() as session:
        row = session.scalar(select(Decision).where(Decision.id == facts["decision"]))
    found.records += 1
    names = ("kind", "reason", "words", "correct_hs", "correct_entry", "answers", "state")
    if row is None:
        found.differs.append(f"record {record.seq}: decision {facts['decision']} is not in the store")
    elif any(getattr(row, name) != facts[name] for name in names) or row.line_id != facts["line"]:
        found.differs.append(f"record {record.seq}: decision {facts['decision']} in the store is not what was decided")


@lru_cache(maxsize=4)
def _scorer(folder: str) -> Scorer:
    return Scorer(Bundle.load(Path(folder), trust_key=""))

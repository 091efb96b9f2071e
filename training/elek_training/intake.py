"""Intake: labels from a file or the desk into the store, and what training would take of it today."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from elek_training.desk_decisions import read_decisions
from elek_training.label import Label
from elek_training.label_store import LabelStore
from elek_training.seizures import Problem, read_seizures
from elek_training.training_set import IntakeRules, Selection, read_rules, select


@dataclass(frozen=True)
class Intake:
    """What an intake did.

    Attributes
    ----------
    labels : list of Label
        Read from the source; stored only when there are no problems.
    problems : list of Problem
    changed : Counter of str
        Codes moved or shortened, decisions that label nothing, by cause.
    columns : dict of str to str
        Field to header.
    version : str
        Version of the store afterwards.
    known : bool
        Whether the store held these labels before.
    """

    labels: list[Label]
    problems: list[Problem]
    changed: Counter[str]
    columns: dict[str, str]
    version: str = ""
    known: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Give JSON types."""
        return {
            "labels": len(self.labels),
            "problems": [
                {"row": p.row, "column": p.column, "value": p.value, "remedy": p.remedy} for p in self.problems
            ],
            "changed": dict(self.changed),
            "columns": self.columns,
            "version": self.version,
            "known": self.known,
        }


def take_in(source: str, store: LabelStore, now: datetime, named: Mapping[str, str] | None = None) -> Intake:
    """Read a file of seizures, or an export of the desk (JSONL or address), into the store.

    Parameters
    ----------
    source : str
    store : LabelStore
    now : datetime
        Aware.
    named : mapping of str to str, optional
        Field to header, for a file of seizures.

    Returns
    -------
    Intake
        Nothing is stored of a file with a problem.
    """
    if source.startswith(("http://", "https://")) or source.endswith((".jsonl", ".ndjson")):
        desk = read_decisions(source)
        found = Intake(desk.labels, [], desk.left_out, {})
    else:
        file = read_seizures(Path(source), named)
        found = Intake(file.labels, file.problems, file.changed, file.columns)
    if found.problems or not found.labels:
        return found
    added = store.add(found.labels, now)
    return replace(found, version=added.version, known=added.known)


def rules_with(quarantine_days: int | None, path: Path | None = None) -> IntakeRules:
    """Read the rules, with another quarantine for every source when it is given."""
    rules = read_rules(path) if path else read_rules()
    if quarantine_days is None:
        return rules
    return replace(rules, quarantine_days={source: quarantine_days for source in rules.quarantine_days})


def count_givers(labels: Sequence[Label]) -> dict[str, int]:
    """Count the distinct cases, shippers and people behind labels."""
    return {
        "cases": len({label.case_id for label in labels if label.case_id}),
        "shippers": len({label.shipper for label in labels if label.shipper}),
        "people": len({label.who for label in labels if label.who}),
    }


def trainable(store: LabelStore, rules: IntakeRules, now: datetime) -> Selection:
    """Select what the newest version of the store gives training today."""
    return select(store.read(), rules, now, store.rulings())

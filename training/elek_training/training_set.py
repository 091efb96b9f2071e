"""Training set: which stored labels are trained on, and why the others are not."""

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from elek_training.clusters import near_duplicates
from elek_training.config import CONFIGS, ConfigError
from elek_training.contradictions import ContradictionRules
from elek_training.door import Door, DoorRules
from elek_training.givers import Held, share_out
from elek_training.label import Label
from elek_training.label_store import Ruling, Stored
from elek_training.labelled import LabelledLine
from elek_training.relations import relate, relation_names
from elek_training.split import in_fold

CANARY_SEED = 977
HELD = "held until a named person lets their giver in"


@dataclass(frozen=True)
class IntakeRules:
    """Rules of selection.

    Attributes
    ----------
    quarantine_days : dict of str to int
        By source, days that a label waits after it came in, so that a wrong one can be found and replaced. Seizures were opened and
        weighed; a desk decision was read off a screen.
    most_from_one : float
        Largest share of the selected labels that one shipper or reviewer may give.
    held_beyond : float
        A giver that brings more than so many times its share of all labels in one arrival is held whole, until a named person lets
        it in.
    held_from : int
        Labels of one giver in one arrival; fewer are no flood.
    contradicted_from : int
        Texts that others label too (near-copies) from which a giver can be held for contradicting them.
    most_contradicted : float
        Share of these that may say otherwise than the others, by the low end of its interval.
    canary : float
        Share of sets of relatives that is never trained on and always tested on.
    """

    quarantine_days: dict[str, int]
    most_from_one: float
    held_beyond: float
    held_from: int
    contradicted_from: int
    most_contradicted: float
    canary: float

    @property
    def door(self) -> DoorRules:
        """When a giver is held."""
        contradictions = ContradictionRules(self.contradicted_from, self.most_contradicted)
        return DoorRules(self.held_beyond * self.most_from_one, self.held_from, contradictions)


def read_rules(path: Path = CONFIGS / "intake.toml") -> IntakeRules:
    """Read the rules from TOML; every key must be there and known."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    wrong = sorted(set(raw) ^ {f.name for f in fields(IntakeRules)})
    if wrong:
        raise ConfigError(f"{path}: key '{wrong[0]}' is {'unknown' if wrong[0] in raw else 'missing'}")
    return IntakeRules(**raw)


@dataclass(frozen=True)
class Selection:
    """Stored labels, sorted into what is trained on and what is not.

    Attributes
    ----------
    lines : list of LabelledLine
        To train on; `group` names the set of relatives.
    canary : list of LabelledLine
        Never to train on.
    left_out : Counter of str
        Labels that are neither, by cause.
    capped : Counter of str
        Of them, labels over the share of one giver, by giver.
    held : dict of str to Held
        Of them, labels of givers that wait for a named person, by giver.
    """

    lines: list[LabelledLine]
    canary: list[LabelledLine]
    left_out: Counter[str]
    capped: Counter[str]
    held: dict[str, Held]

    def as_dict(self) -> dict[str, Any]:
        """Give counts as JSON types."""
        return {
            "lines": len(self.lines),
            "canary": len(self.canary),
            "left_out": dict(self.left_out),
            "capped": dict(self.capped.most_common()),
            "held": {giver: asdict(waiting) for giver, waiting in self.held.items()},
        }


def select(stored: Sequence[Stored], rules: IntakeRules, now: datetime, rulings: Sequence[Ruling] = ()) -> Selection:
    """Choose the labels to train on.

    Parameters
    ----------
    stored : sequence of Stored
        Oldest intake first.
    rules : IntakeRules
    now : datetime
        Aware; labels that came in later are left out too.
    rulings : sequence of Ruling
        On givers, oldest first.

    Returns
    -------
    Selection
        Newest label of a line first; then quarantine, givers held, near-copies of one case counted once, canary, and the share of
        one giver. A label that is held replaces none.
    """
    arrived = _first_arrivals(stored)
    brought = _newest_ripe(arrived, rules, now, Counter())
    door = Door(_count_cases_once(brought), rules.door, rulings)
    held = door.held(brought)
    left_out = Counter({HELD: sum(waiting.labels for waiting in held.values())})
    ripe = _newest_ripe([one for one in arrived if not door.holder(one)], rules, now, left_out)
    lines = [one.label.as_line("") for one in ripe]
    names = relation_names(lines, relate(lines))
    groups = dict(zip((one.label.line_key for one in ripe), names, strict=True))
    once = _count_cases_once(ripe)
    left_out["near-copy in the same case"] += len(ripe) - len(once)
    is_canary = {key: in_fold(group, rules.canary, CANARY_SEED) for key, group in groups.items()}
    canary = [one.label for one in once if is_canary[one.label.line_key]]
    rest = [one.label for one in once if not is_canary[one.label.line_key]]
    kept, capped = share_out(rest, rules.most_from_one)
    left_out["over the share of one giver"] += len(rest) - len(kept)
    return Selection(
        [label.as_line(groups[label.line_key]) for label in kept],
        [replace(label.as_line(groups[label.line_key]), source=f"canary {label.source}") for label in canary],
        +left_out,
        capped,
        held,
    )


def _first_arrivals(stored: Sequence[Stored]) -> list[Stored]:
    """Give each label the time at which it first came in: the desk exports standing decisions again and again."""
    first: dict[Label, str] = {}
    return [
        replace(one, received_at=first.setdefault(replace(one.label, weight="", bundle=""), one.received_at))
        for one in stored
    ]


def _newest_ripe(stored: Sequence[Stored], rules: IntakeRules, now: datetime, left_out: Counter[str]) -> list[Stored]:
    """Newest label of each line, without those in quarantine; what is left out is counted."""
    newest: dict[str, Stored] = {}
    for one in stored:
        known = newest.get(one.label.line_key)
        left_out["replaced by a newer label of the line"] += known is not None
        if known is None or one.label.labelled_at >= known.label.labelled_at:
            newest[one.label.line_key] = one
    ripe = []
    for one in newest.values():
        waits = timedelta(days=rules.quarantine_days.get(one.label.source, 0))
        is_ripe = datetime.fromisoformat(one.received_at) + waits <= now
        left_out["in quarantine"] += not is_ripe
        if is_ripe:
            ripe.append(one)
    return ripe


def _count_cases_once(stored: Sequence[Stored]) -> list[Stored]:
    """Keep the newest of near-copies in one case that carry one label."""
    cluster = near_duplicates([one.label.description for one in stored])
    kept: dict[tuple[str, ...], Stored] = {}
    for number, one in zip(cluster.tolist(), stored, strict=True):
        label = one.label
        key = (label.case_id or label.line_key, str(number), label.hs, label.control)
        if key not in kept or label.labelled_at > kept[key].label.labelled_at:
            kept[key] = one
    return list(kept.values())

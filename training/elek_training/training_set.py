"""Training set: which stored labels are trained on, and why the others are not."""

import hashlib
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from elek_training.clusters import near_duplicates
from elek_training.config import CONFIGS
from elek_training.label import DESK, SEIZURE, Label
from elek_training.label_store import Stored
from elek_training.labelled import LabelledLine
from elek_training.relations import relate, relation_names
from elek_training.split import in_fold

UNNAMED = "(unnamed)"
CANARY_SEED = 977


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
    canary : float
        Share of sets of relatives that is never trained on and always tested on.
    """

    quarantine_days: dict[str, int]
    most_from_one: float
    canary: float


def read_rules(path: Path = CONFIGS / "intake.toml") -> IntakeRules:
    """Read the rules from TOML."""
    return IntakeRules(**tomllib.loads(path.read_text(encoding="utf-8")))


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
    """

    lines: list[LabelledLine]
    canary: list[LabelledLine]
    left_out: Counter[str]
    capped: Counter[str]

    def as_dict(self) -> dict[str, Any]:
        """Give counts as JSON types."""
        return {
            "lines": len(self.lines),
            "canary": len(self.canary),
            "left_out": dict(self.left_out),
            "capped": dict(self.capped.most_common()),
        }


def select(stored: Sequence[Stored], rules: IntakeRules, now: datetime) -> Selection:
    """Choose the labels to train on.

    Parameters
    ----------
    stored : sequence of Stored
    rules : IntakeRules
    now : datetime
        Aware; labels that came in later are left out too.

    Returns
    -------
    Selection
        Newest label of a line first; then quarantine, canary, near-copies of one case counted once, and the share of one giver.
    """
    left_out: Counter[str] = Counter()
    newest: dict[str, Stored] = {}
    for one in stored:
        known = newest.get(one.label.line_key)
        left_out["replaced by a newer label of the line"] += known is not None
        if known is None or one.label.labelled_at >= known.label.labelled_at:
            newest[one.label.line_key] = one
    ripe = []
    for one in newest.values():
        waits = timedelta(days=rules.quarantine_days.get(one.label.source, 0))
        if datetime.fromisoformat(one.received_at) + waits > now:
            left_out["in quarantine"] += 1
        else:
            ripe.append(one.label)
    lines = [label.as_line("") for label in ripe]
    names = relation_names(lines, relate(lines))
    groups = dict(zip((label.line_key for label in ripe), names, strict=True))
    canary = [label for label in ripe if in_fold(groups[label.line_key], rules.canary, CANARY_SEED)]
    rest = [label for label in ripe if not in_fold(groups[label.line_key], rules.canary, CANARY_SEED)]
    once = _count_cases_once(rest)
    left_out["near-copy in the same case"] += len(rest) - len(once)
    kept, capped = _share_out(once, rules.most_from_one)
    left_out["over the share of one giver"] += len(once) - len(kept)
    return Selection(
        [label.as_line(groups[label.line_key]) for label in kept],
        [replace(label.as_line(groups[label.line_key]), source=f"canary {label.source}") for label in canary],
        +left_out,
        capped,
    )


def _count_cases_once(labels: Sequence[Label]) -> list[Label]:
    """Keep the newest of near-copies in one case that carry one label."""
    cluster = near_duplicates([label.description for label in labels])
    kept: dict[tuple[str, ...], Label] = {}
    for number, label in zip(cluster.tolist(), labels, strict=True):
        key = (label.case_id or label.line_key, str(number), label.hs, label.control)
        if key not in kept or label.labelled_at > kept[key].labelled_at:
            kept[key] = label
    return list(kept.values())


GIVERS: dict[str, Callable[[Label], str]] = {
    "shipper": lambda label: label.shipper or (UNNAMED if label.source == SEIZURE else ""),
    "reviewer": lambda label: label.who if label.source == DESK else "",
}
"""Who gives labels; an empty name is nobody's."""


def _share_out(labels: Sequence[Label], most: float) -> tuple[list[Label], Counter[str]]:
    """Let no shipper and no person give more than a share of what is kept; which of theirs are kept nobody can choose."""
    kept, capped = list(labels), Counter[str]()
    settled = False
    while not settled:
        settled = True
        for kind, giver_of in GIVERS.items():
            given: dict[str, list[Label]] = defaultdict(list)
            for label in kept:
                given[giver_of(label)].append(label)
            named = Counter({name: len(theirs) for name, theirs in given.items() if name})
            if set(named) <= {UNNAMED}:
                continue
            limit = _limit(named, len(kept) - named.total(), most)
            for name in named:
                if len(given[name]) > limit:
                    settled = False
                    capped[f"{kind} {name}"] += len(given[name]) - limit
                    given[name] = sorted(given[name], key=lambda label: _lot(label.line_key))[:limit]
            left = {id(label) for theirs in given.values() for label in theirs}
            kept = [label for label in kept if id(label) in left]
    return kept, capped


def _limit(counts: Counter[str], others: int, most: float) -> int:
    """Largest number of labels of one giver that is at most the share of what then remains."""
    for limit in range(max(counts.values()), 0, -1):
        if limit <= most * (others + sum(min(n, limit) for n in counts.values())):
            return limit
    return 0


def _lot(key: str) -> str:
    return hashlib.sha256(f"lot:{key}".encode()).hexdigest()

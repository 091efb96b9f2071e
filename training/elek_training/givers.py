"""Givers: the shippers and reviewers that labels come from, and how much of what is learnt each may give."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from elek_training.label import DESK, SEIZURE, Label

UNNAMED = "(unnamed)"

GIVERS: dict[str, Callable[[Label], str]] = {
    "shipper": lambda label: label.shipper or (UNNAMED if label.source == SEIZURE else ""),
    "reviewer": lambda label: label.who if label.source == DESK else "",
}
"""Who gives labels; an empty name is nobody's."""


def givers_of(label: Label) -> tuple[str, ...]:
    """Name the givers of a label.

    Examples
    --------
    >>> givers_of(Label("насос", shipper="ACME")), givers_of(Label("насос", source="desk", who="A. Serik"))
    (('shipper ACME',), ('reviewer A. Serik',))
    """
    return tuple(f"{kind} {name}" for kind, name_of in GIVERS.items() if (name := name_of(label)))


@dataclass(frozen=True, slots=True)
class Held:
    """Labels of a giver that wait for a named person, and why."""

    labels: int
    why: str


def share_out(labels: Sequence[Label], most: float) -> tuple[list[Label], Counter[str]]:
    """Let no giver give more than a share of what is kept; which of theirs are kept nobody can choose.

    Returns
    -------
    tuple of (list of Label, Counter of str)
        Kept, and how many are not, by giver.
    """
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

"""Leaks: how far a split lets a test line be known from training, and the refusal to measure on one that does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from elek.errors import ElekError
from elek_training.clusters import near_duplicates
from elek_training.labelled import LabelledLine
from elek_training.relations import KINDS

MAX_LEAK = 0.01
"""Share of test lines that may be known by chance; they are left out. More is a leaking split."""


class LeakError(ElekError):
    """Test lines that were trained on: accuracy on them would say nothing."""


@dataclass(frozen=True)
class LeakReport:
    """What joins test lines to training lines.

    Attributes
    ----------
    n_test : int
    leaking : ndarray of bool, shape (n_test,)
        Test lines that any relation joins to training.
    counts : dict of str to int
        Relation to the number of test lines it joins to training; ``later training`` counts test lines with a date before the
        newest training line, which is no leak by itself.
    examples : list of (str, str, str)
        Relation, test line, training line; one of each relation.
    """

    n_test: int
    leaking: npt.NDArray[np.bool_]
    counts: dict[str, int]
    examples: list[tuple[str, str, str]]

    @property
    def share(self) -> float:
        """Share of test lines that leak."""
        return float(self.leaking.mean()) if self.n_test else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Give JSON types."""
        return {"n_test": self.n_test, "share": round(self.share, 4), "counts": self.counts, "examples": self.examples}

    def refuse(self) -> None:
        """Raise `LeakError` when more than `MAX_LEAK` of the test lines leak."""
        if self.share > MAX_LEAK:
            shown = ", ".join(f"{n:,} by {kind}" for kind, n in self.counts.items() if n and kind != "later training")
            kind, test, train = self.examples[0]
            raise LeakError(
                f"the split leaks: {int(self.leaking.sum()):,} of {self.n_test:,} test lines are joined to training lines ({shown}); "
                f"for example by {kind}: '{test[:60]}' and '{train[:60]}'. Split with elek_training.split.split_lines"
            )


def find_leaks(train: Sequence[LabelledLine], test: Sequence[LabelledLine]) -> LeakReport:
    """Look for every relation between the two sides of a split.

    Parameters
    ----------
    train, test : sequence of LabelledLine

    Returns
    -------
    LeakReport
    """
    lines = [*train, *test]
    cluster = near_duplicates([line.description for line in lines])
    names = {"near-duplicate": [[str(number)] for number in cluster.tolist()]}
    names |= {kind: [names_of(line) for line in lines] for kind, names_of in KINDS.items()}
    leaking = np.zeros(len(test), dtype=bool)
    counts, examples = {}, []
    for kind, of_line in names.items():
        first: dict[str, int] = {}
        for row in range(len(train)):
            for name in of_line[row]:
                first.setdefault(name, row)
        joined = {k: next((first[n] for n in of_line[len(train) + k] if n in first), -1) for k in range(len(test))}
        found = [k for k, row in joined.items() if row >= 0]
        leaking[found] = True
        counts[kind] = len(found)
        if found:
            examples.append((kind, test[found[0]].description, train[joined[found[0]]].description))
    newest = max((line.labelled_at for line in train), default="")
    counts["later training"] = sum(bool(line.labelled_at) and line.labelled_at < newest for line in test)
    return LeakReport(len(test), leaking, counts, examples)

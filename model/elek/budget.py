"""Budget: which lines a desk looks at today, by a strict order without ties, and what to expect of them.

The order, first that differs: risk, falling; controlled, misdeclaration and vagueness score, falling; the digest of what was
declared; the row. Risk is the chance that a line is controlled or wrongly declared, taken from the published scores as
``1 - (1 - controlled) * (1 - misdeclaration)``. Lines that could not be scored come last.
"""

import math
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from elek.errors import ManifestError
from elek.scored_chunk import MILLION, Seen

DATE_SHARES = (0.01, 0.02, 0.05, 0.10)
"""Budgets at which customs literature (DATE, KDD 2020) gives precision and recall."""

Z = 1.96
"""Normal quantile of a 95 % interval."""

_YES = frozenset({
    "1", "1.0", "true", "yes", "y", "illicit", "seized", "hit", "positive", "confirmed", "fraud", "violation",
    "да", "изъято", "нарушение", "выявлено", "иә", "бар", "是", "查获", "违规", "有",
})  # fmt: skip
_NO = frozenset({
    "0", "0.0", "false", "no", "n", "licit", "clean", "clear", "none", "negative", "released",
    "нет", "чисто", "выпущено", "жоқ", "否", "无", "放行", "正常",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Budget:
    """Lines that a desk can look at: a number, or a share of the manifest.

    Attributes
    ----------
    lines : int or None
    share : float or None
        In (0, 1].
    """

    lines: int | None = None
    share: float | None = None

    @classmethod
    def parse(cls, text: str) -> "Budget":
        """Read ``200`` or ``2%``.

        Raises
        ------
        ManifestError
            If it is neither, or nothing could be looked at.

        Examples
        --------
        >>> Budget.parse("200").of(10_000), Budget.parse("2%").of(10_000), Budget.parse("2%").of(10)
        (200, 200, 1)
        """
        number = text.strip()
        try:
            if number.endswith("%"):
                share = float(number[:-1].replace(",", ".")) / 100
                if 0 < share <= 1:
                    return cls(share=share)
            elif int(number) > 0:
                return cls(lines=int(number))
        except ValueError:
            pass
        raise ManifestError(
            f"budget '{text}' is neither a number of lines, such as 200, nor a share of them, such as 2%"
        )

    def of(self, n_lines: int) -> int:
        """Give the number of lines that are queued of n; at least one, when there is one."""
        wanted = self.lines if self.lines is not None else max(1, math.floor((self.share or 0) * n_lines + 1e-9))
        return min(wanted, n_lines)


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure in [0, 1] with its 95 % interval; NaN when nothing could be measured."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Expectation:
    """What the calibrated scores promise of a queue, for one question.

    Attributes
    ----------
    expected : float
        Lines in the queue of which it is true.
    precision, recall : Measured
        Of the queue; share of all such lines in the manifest that are in the queue.
    """

    expected: float
    precision: Measured
    recall: Measured


@dataclass(frozen=True)
class AtBudget:
    """Precision and recall that inspections confirmed.

    Attributes
    ----------
    share : float
        Of the manifest's lines that are looked at.
    precision, recall : Measured
    known : int
        Lines looked at whose outcome is known.
    """

    share: float
    precision: Measured
    recall: Measured
    known: int


class Queue:
    """The order of a scored manifest.

    Parameters
    ----------
    budget : Budget
    """

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self._scores = array("i")
        self._digests = array("q")
        self._outcomes = array("b")
        self.unreadable_outcomes = 0

    def add(self, seen: Iterable[Seen]) -> None:
        """Take what the order needs of lines; 21 bytes each."""
        for line in seen:
            self._scores.extend(line.scores)
            self._digests.append(line.digest)
            self._outcomes.append(self._outcome(line.outcome))

    def _outcome(self, text: str | None) -> int:
        word = (text or "").strip().casefold()
        if word in _YES or word in _NO:
            return int(word in _YES)
        self.unreadable_outcomes += bool(word)
        return -1

    @property
    def size(self) -> int:
        """Lines that are queued."""
        return self.budget.of(len(self._digests))

    def sort(self) -> None:
        """Put the lines in order, once all are there."""
        millionths = np.array(self._scores, dtype=np.int32).reshape(-1, 3)
        digests = np.array(self._digests, dtype=np.int64)
        p = np.where(millionths < 0, 0, millionths / MILLION)
        risk = np.where(millionths[:, 0] < 0, -1.0, 1 - (1 - p[:, 0]) * (1 - p[:, 1]))
        # lexsort is stable, so the row decides last
        order = np.lexsort((digests, -millionths[:, 2], -millionths[:, 1], -millionths[:, 0], -risk))
        self._rank = np.empty(len(order), dtype=np.int64)
        self._rank[order] = np.arange(1, len(order) + 1)
        self._order, self._p, self._risk = order, p, risk

    def places(self) -> Iterator[tuple[bool, int]]:
        """Give for each line, in the order of the manifest, whether it is queued, and its rank from 1."""
        size = self.size
        for rank in self._rank:
            yield bool(rank <= size), int(rank)

    @property
    def threshold(self) -> float:
        """Risk of the last line that is queued; 0 when none is."""
        return max(0.0, float(self._risk[self._order[self.size - 1]])) if self.size else 0.0

    def expect(self, metrics: Mapping[str, Any]) -> dict[str, Expectation]:
        """Say what to expect of the queue.

        Parameters
        ----------
        metrics : mapping
            Of the bundle; ``controlled calibration error`` and ``misdeclared calibration error`` with `value`.

        Returns
        -------
        dict of str to Expectation
            For ``controlled`` and ``misdeclared``.
        """
        queued = self._rank <= self.size
        return {
            name: expect(
                self._p[:, column], queued, float(metrics.get(f"{name} calibration error", {}).get("value", 0))
            )
            for column, name in enumerate(("controlled", "misdeclared"))
        }

    def at_budgets(self) -> list[AtBudget]:
        """Give precision and recall by the outcomes in the file: at this budget, then at those of the literature."""
        outcomes = np.array(self._outcomes, dtype=np.int8)
        n = len(outcomes)
        if not (outcomes == 1).any():
            return []
        sizes = [self.size, *(Budget(share=share).of(n) for share in DATE_SHARES)]
        return [_at_budget(outcomes, self._rank, size) for size in sizes]


def _at_budget(outcomes: npt.NDArray[np.int8], rank: npt.NDArray[np.int64], size: int) -> AtBudget:
    seen = rank <= size
    found = int((seen & (outcomes == 1)).sum())
    known = int((seen & (outcomes >= 0)).sum())
    return AtBudget(size / len(rank), wilson(found, known), wilson(found, int((outcomes == 1).sum())), known)


def wilson(k: int, n: int) -> Measured:
    """Share k of n with Wilson's interval.

    Examples
    --------
    >>> m = wilson(9, 10)
    >>> round(m.low, 2), m.value, round(m.high, 2)
    (0.6, 0.9, 0.98)
    """
    if n == 0:
        return Measured(math.nan, math.nan, math.nan)
    p, spread = k / n, 1 + Z**2 / n
    half = Z * math.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2)) / spread
    middle = (p + Z**2 / (2 * n)) / spread
    return Measured(p, max(0.0, middle - half), min(1.0, middle + half))


def expect(p: npt.NDArray[np.float64], queued: npt.NDArray[np.bool_], calibration_error: float) -> Expectation:
    """Expect precision and recall of a queue from calibrated probabilities.

    Each line is a coin with its own probability, so the count of true ones is Poisson-binomial; the interval takes its normal
    approximation, after the probabilities were shifted, all one way in log-odds, until they moved by the calibration error on
    average. So it covers chance and a miscalibration as large as was measured, but not goods of a kind the bundle never saw.

    Parameters
    ----------
    p : ndarray, shape (n,)
    queued : ndarray of bool, shape (n,)
    calibration_error : float
        Mean absolute difference between score and share of true lines, as the bundle's metrics give it.

    Returns
    -------
    Expectation
    """
    centre = _figures(p, queued)
    down, up = (_figures(_shifted(p, sign * calibration_error), queued) for sign in (-1, 1))
    return Expectation(
        expected=float(p[queued].sum()),
        precision=_covering([f[0] for f in (centre, down, up)]),
        recall=_covering([f[1] for f in (centre, down, up)]),
    )


def _figures(p: npt.NDArray[np.float64], queued: npt.NDArray[np.bool_]) -> tuple[Measured, Measured]:
    inside, outside = p[queued], p[~queued]
    mean_in, mean_out = float(inside.sum()), float(outside.sum())
    var_in, var_out = float((inside * (1 - inside)).sum()), float((outside * (1 - outside)).sum())
    precision = _around(mean_in / len(inside), math.sqrt(var_in) / len(inside)) if len(inside) else _around(math.nan, 0)
    total = mean_in + mean_out
    if total == 0:
        return precision, _around(math.nan, 0)
    # delta method on in / (in + out)
    deviation = (
        math.sqrt(var_in * mean_out**2 + var_out * mean_in**2) / total / total
    )  # the square of a tiny total is 0
    return precision, _around(mean_in / total, deviation)


def _around(value: float, deviation: float) -> Measured:
    return Measured(value, max(0.0, value - Z * deviation), min(1.0, value + Z * deviation))


def _covering(figures: list[Measured]) -> Measured:
    return Measured(figures[0].value, min(f.low for f in figures), max(f.high for f in figures))


def _shifted(p: npt.NDArray[np.float64], error: float) -> npt.NDArray[np.float64]:
    """Shift probabilities in log-odds until their mean has moved by `error`, or cannot move further."""
    if error == 0 or len(p) == 0:
        return p
    safe = np.clip(p, 1e-6, 1 - 1e-6)
    odds = safe / (1 - safe)
    target = float(p.mean()) + error
    low, high = -8.0, 8.0
    for _ in range(30):
        middle = (low + high) / 2
        moved = odds * math.exp(middle)
        low, high = (middle, high) if float((moved / (1 + moved)).mean()) < target else (low, middle)
    moved = odds * math.exp(middle)
    return np.asarray(moved / (1 + moved))

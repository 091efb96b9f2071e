"""Paired measures: two bundles on the same lines, the difference with its interval, and McNemar's test."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

from elek_training.judged import Judged
from elek_training.metrics import Measured
from elek_training.resampled import MEASURES, recall_at_budget

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Paired:
    """One figure of two bundles.

    Attributes
    ----------
    champion, challenger : float
    difference : Measured
        Challenger minus champion, with a bootstrap interval over sets of relatives; n is lines.
    gained, lost : int or None
        Lines that only the challenger, only the champion gets right; None for a figure that is no share.
    p_value : float or None
        Exact McNemar test of gained against lost (McNemar 1947).
    """

    champion: float
    challenger: float
    difference: Measured
    gained: int | None = None
    lost: int | None = None
    p_value: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Give JSON types."""
        return {
            "champion": round(self.champion, 4),
            "challenger": round(self.challenger, 4),
            "difference": self.difference.as_dict(),
            "gained": self.gained,
            "lost": self.lost,
            "p_value": None if self.p_value is None else float(f"{self.p_value:.3g}"),
        }


@dataclass(frozen=True)
class Bootstrap:
    """How differences are resampled.

    Attributes
    ----------
    related : ndarray of int64, shape (n,)
        Set of relatives of each line; sets are drawn, not lines, for lines of one case rise and fall together.
    rounds : int
    confidence : float
    """

    related: Ints
    rounds: int
    confidence: float = CONFIDENCE

    def weights(self, rows: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        """How often each of the chosen lines is drawn, in every round; shape (rounds, chosen)."""
        _, sets = np.unique(self.related[rows], return_inverse=True)
        n = int(sets.max()) + 1
        generator = np.random.default_rng(20221)
        drawn = np.stack([np.bincount(generator.integers(0, n, n), minlength=n) for _ in range(self.rounds)])
        return drawn[:, sets].astype(np.float64)

    def interval(self, value: float, values: Floats, n: int) -> Measured:
        """Percentile interval around a difference."""
        outside = 50 * (1 - self.confidence)
        low, high = np.nanpercentile(values, [outside, 100 - outside])
        return Measured(value, float(low), float(high), n)


def compare_hits(champion: Floats, challenger: Floats, how: Bootstrap) -> Paired | None:
    """Compare two shares of hits (1, 0, NaN for unknown); None when nothing is known. Shapes (n,)."""
    rows = ~np.isnan(champion) & ~np.isnan(challenger)
    if not rows.any():
        return None
    a, b = champion[rows], challenger[rows]
    weights = how.weights(rows)
    differences = (weights @ (b - a)) / weights.sum(axis=1)
    gained, lost = int(((b == 1) & (a == 0)).sum()), int(((a == 1) & (b == 0)).sum())
    p_value = binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
    difference = how.interval(float((b - a).mean()), differences, int(rows.sum()))
    return Paired(float(a.mean()), float(b.mean()), difference, gained, lost, float(p_value))


def compare_recall(
    judged: tuple[Judged, Judged], name: str, wanted: npt.NDArray[np.bool_], budget: float, how: Bootstrap
) -> Paired | None:
    """Compare recall at a review budget that is spent on innocent lines.

    Parameters
    ----------
    judged : tuple of Judged
        Champion, challenger, on the same n lines.
    name : str
        One of `SCORES`.
    wanted : ndarray of bool, shape (n,)
        Lines whose recall it is, if they are of truth 1.
    budget : float
    how : Bootstrap
        Draws innocent lines too, and so the cutoff.

    Returns
    -------
    Paired or None
        None unless there are innocent lines and wanted ones.
    """
    truth, scores = judged[0].truth(name), [one.score(name) for one in judged]
    known = ~np.isnan(truth) & ~np.isnan(scores[0]) & ~np.isnan(scores[1])
    sought = wanted & known & (truth == 1)
    if not sought.any() or not (truth[known] == 0).any():
        return None
    hits = [np.where(sought, one.flagged(name, budget).astype(float), np.nan) for one in judged]
    weights = how.weights(known)
    a, b = (recall_at_budget(p[known], truth[known], sought[known], budget, weights) for p in scores)
    paired = compare_hits(hits[0], hits[1], how)
    return paired and replace(paired, difference=how.interval(paired.difference.value, b - a, paired.difference.n))


def compare_scores(measure: str, scores: tuple[Floats, Floats], truth: Floats, how: Bootstrap) -> Paired | None:
    """Compare average precision ("ap") or calibration error ("ece") of two scores.

    Parameters
    ----------
    measure : {"ap", "ece"}
    scores : tuple of two ndarrays, shape (n,)
        Champion, challenger.
    truth : ndarray, shape (n,)
        1, 0, NaN for unknown.
    how : Bootstrap

    Returns
    -------
    Paired or None
        None unless lines of both kinds are known.
    """
    rows = ~np.isnan(truth) & ~np.isnan(scores[0]) & ~np.isnan(scores[1])
    if len(set(truth[rows].tolist())) < 2:
        return None
    function = MEASURES[measure]
    a, b, true = scores[0][rows], scores[1][rows], truth[rows]
    weights = how.weights(rows)
    differences = function(b, true, weights) - function(a, true, weights)
    once = np.ones((1, len(true)))
    before, after = float(function(a, true, once)[0]), float(function(b, true, once)[0])
    return Paired(before, after, how.interval(after - before, differences, int(rows.sum())))

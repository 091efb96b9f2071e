"""Resampled figures: average precision, area under ROC, calibration error and recall of many weightings of the same lines at once.

A bootstrap round draws each line some number of times; the number is the line's weight. Lines are sorted once for all rounds.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BINS = 15


def average_precision(p: Floats, truth: Floats, weights: Floats) -> Floats:
    """Give the average precision of every weighting; equal scores count as one step.

    Parameters
    ----------
    p : ndarray, shape (n,)
        Scores.
    truth : ndarray, shape (n,)
        0 or 1.
    weights : ndarray, shape (rounds, n)

    Returns
    -------
    ndarray, shape (rounds,)
        NaN where lines of one kind have no weight.

    Examples
    --------
    >>> average_precision(np.array([0.9, 0.6, 0.3]), np.array([1.0, 0.0, 1.0]), np.ones((1, 3))).round(3)
    array([0.833])
    """
    found, drawn = _steps(p, truth, weights)
    gained = np.diff(found, axis=1, prepend=0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = np.where(drawn > 0, found / drawn, 0.0)
        return _of_both_kinds((gained * precision).sum(axis=1) / found[:, -1], found, drawn)


def area_under_roc(p: Floats, truth: Floats, weights: Floats) -> Floats:
    """Give the area under the ROC curve of every weighting; shapes as in `average_precision`."""
    found, drawn = _steps(p, truth, weights)
    innocent = drawn - found
    gained, passed = np.diff(found, axis=1, prepend=0.0), np.diff(innocent, axis=1, prepend=0.0)
    above = (passed * (found - gained / 2)).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _of_both_kinds(above / (found[:, -1] * innocent[:, -1]), found, drawn)


def calibration_errors(p: Floats, truth: Floats, weights: Floats, bins: int = BINS) -> Floats:
    """Give the expected calibration error of every weighting, over bins of equal weight; shapes as in `average_precision`."""
    order = np.argsort(p, kind="stable")
    drawn = weights[:, order]
    total = drawn.sum(axis=1, keepdims=True)
    place = np.floor(np.cumsum(drawn, axis=1) - drawn + np.maximum(drawn - 1, 0) / 2)
    size, larger = np.divmod(total, bins)
    edge = larger * (size + 1)
    inside = np.where(place < edge, place // (size + 1), larger + (place - edge) // np.maximum(size, 1))
    at = np.clip(inside, 0, bins - 1).astype(np.int64) + bins * np.arange(len(drawn))[:, None]
    gap = drawn * (p - truth)[order]
    sums = np.bincount(at.ravel(), weights=gap.ravel(), minlength=bins * len(drawn)).reshape(len(drawn), bins)
    return np.asarray(np.abs(sums).sum(axis=1) / total[:, 0], dtype=np.float64)


def recall_at_budget(p: Floats, truth: Floats, wanted: npt.NDArray[np.bool_], budget: float, weights: Floats) -> Floats:
    """Give the recall at a review budget of every weighting.

    The cutoff is drawn anew with the lines: of the innocent ones that are drawn, a share of `budget` lies above it. It hangs on few
    lines, so it is a good part of what is not known of a recall.

    Parameters
    ----------
    p : ndarray, shape (n,)
        Scores.
    truth : ndarray, shape (n,)
        0 or 1.
    wanted : ndarray of bool, shape (n,)
        Lines of truth 1 whose recall it is.
    budget : float
        Share of the innocent lines.
    weights : ndarray, shape (rounds, n)

    Returns
    -------
    ndarray, shape (rounds,)
        NaN where no innocent or no wanted line is drawn.

    Examples
    --------
    >>> p, truth = np.array([0.9, 0.8, 0.7, 0.1]), np.array([1.0, 0.0, 1.0, 0.0])
    >>> recall_at_budget(p, truth, truth == 1, 0.02, np.ones((1, 4)))
    array([0.5])
    """
    innocent = np.flatnonzero(truth == 0)[np.argsort(-p[truth == 0], kind="stable")]
    sought = np.flatnonzero(wanted)[np.argsort(-p[wanted], kind="stable")]
    drawn = np.cumsum(weights[:, innocent], axis=1)
    allowed = np.floor((drawn[:, -1] - 1) * budget + 1e-9)
    cutoff = p[innocent][(drawn > allowed[:, None]).argmax(axis=1)]
    found = np.cumsum(np.pad(weights[:, sought], ((0, 0), (1, 0))), axis=1)
    above = np.searchsorted(-p[sought], -cutoff, side="left")
    with np.errstate(divide="ignore", invalid="ignore"):
        recall = found[np.arange(len(found)), above] / found[:, -1]
    return np.where(drawn[:, -1] > 0, recall, np.nan)


MEASURES: dict[str, Callable[[Floats, Floats, Floats], Floats]] = {
    "ap": average_precision,
    "auc": area_under_roc,
    "ece": calibration_errors,
}


def _steps(p: Floats, truth: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Weight of the positives, and of all lines, at or above each distinct score, the highest first; shapes (rounds, steps)."""
    order = np.argsort(-p, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(p[order]) != 0, True))
    drawn = weights[:, order]
    return np.cumsum(drawn * truth[order], axis=1)[:, ends], np.cumsum(drawn, axis=1)[:, ends]


def _of_both_kinds(values: Floats, found: Floats, drawn: Floats) -> Floats:
    return np.where((found[:, -1] > 0) & (found[:, -1] < drawn[:, -1]), values, np.nan)

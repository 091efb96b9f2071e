"""Metrics with n and a 95 % interval."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, roc_auc_score

Z = 1.959964


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure with its interval.

    Attributes
    ----------
    value, low, high : float
    n : int
    """

    value: float
    low: float
    high: float
    n: int

    def as_dict(self) -> dict[str, float | int]:
        """Give plain values, rounded to 4 decimals."""
        return {k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(self).items()}


def share(hits: Sequence[bool] | npt.NDArray[np.bool_]) -> Measured:
    """Share of hits with its Wilson interval (Wilson 1927).

    Examples
    --------
    >>> share([True] * 8 + [False] * 2).as_dict()
    {'value': 0.8, 'low': 0.4902, 'high': 0.9433, 'n': 10}
    """
    n = len(hits)
    if n == 0:
        return Measured(math.nan, math.nan, math.nan, 0)
    p = float(np.mean(hits))
    centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return Measured(p, max(0.0, centre - half), min(1.0, centre + half), n)


def calibration_error(p: npt.NDArray[np.float64], truth: npt.NDArray[np.float64], bins: int = 15) -> float:
    """Give the expected calibration error over bins of equal count (Naeini et al. 2015).

    Parameters
    ----------
    p : ndarray, shape (n,)
        Probabilities.
    truth : ndarray, shape (n,)
        0 or 1.
    bins : int

    Returns
    -------
    float
        In [0, 1].
    """
    order = np.argsort(p, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return float(sum(len(part) * abs(p[part].mean() - truth[part].mean()) for part in parts) / len(p))


def bootstrap(
    measure: str, p: npt.NDArray[np.float64], truth: npt.NDArray[np.float64], rounds: int = 200, seed: int = 0
) -> Measured:
    """Average precision or area under the ROC curve with a percentile bootstrap.

    Parameters
    ----------
    measure : {"ap", "auc", "ece"}
    p, truth : ndarray, shape (n,)
    rounds, seed : int

    Returns
    -------
    Measured
    """
    functions = {"ap": average_precision_score, "auc": roc_auc_score, "ece": lambda t, s: calibration_error(s, t)}
    function = functions[measure]
    n = len(p)
    if n == 0 or len(set(truth.tolist())) < 2:
        return Measured(math.nan, math.nan, math.nan, n)
    generator = np.random.default_rng(seed)
    values = []
    for _ in range(rounds):
        rows = generator.integers(0, n, n)
        if 0 < truth[rows].sum() < n:
            values.append(function(truth[rows], p[rows]))
    low, high = np.percentile(values, [2.5, 97.5])
    return Measured(float(function(truth, p)), float(low), float(high), n)

"""Metrics with n and a 95 % interval."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from elek_training.resampled import BINS, MEASURES, calibration_errors

Z = 1.959964
_AT_ONCE = 4_000_000
"""Weights held at once, 8 bytes each."""


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


def calibration_error(p: npt.NDArray[np.float64], truth: npt.NDArray[np.float64], bins: int = BINS) -> float:
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
    return float(calibration_errors(p, truth, np.ones((1, len(p))), bins)[0])


def bootstrap(
    measure: str, p: npt.NDArray[np.float64], truth: npt.NDArray[np.float64], rounds: int = 200, seed: int = 0
) -> Measured:
    """Average precision, area under the ROC curve or calibration error with a percentile bootstrap.

    Parameters
    ----------
    measure : {"ap", "auc", "ece"}
    p, truth : ndarray, shape (n,)
    rounds, seed : int

    Returns
    -------
    Measured
    """
    n = len(p)
    if n == 0 or len(set(truth.tolist())) < 2:
        return Measured(math.nan, math.nan, math.nan, n)
    function, generator = MEASURES[measure], np.random.default_rng(seed)
    at_once = max(1, min(rounds, _AT_ONCE // n))
    values = [float(function(p, truth, np.ones((1, n)))[0])]
    for done in range(0, rounds, at_once):
        drawn = [np.bincount(generator.integers(0, n, n), minlength=n) for _ in range(min(at_once, rounds - done))]
        values += function(p, truth, np.stack(drawn).astype(np.float64)).tolist()
    low, high = np.nanpercentile(values[1:], [2.5, 97.5])
    return Measured(values[0], float(low), float(high), n)

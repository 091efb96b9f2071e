"""Thresholds: from which score on a line is queued, so that few innocent lines are."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

FALSE_FLAGS = {"controlled": 0.03, "misdeclared": 0.02, "vague": 0.03}
"""Share of held-out innocent lines that may be queued by each score. A false flag spoils a load."""

LOWEST, HIGHEST = 0.2, 0.9
"""Thresholds stay between these, so that a small or odd hold-out cannot queue everything or nothing."""


def choose_threshold(p: npt.NDArray[np.float64], truth: npt.NDArray[np.float64], false_flags: float) -> float:
    """Give the lowest threshold at which at most a share of the innocent lines is queued.

    Parameters
    ----------
    p : ndarray, shape (n,)
        Scores.
    truth : ndarray, shape (n,)
        1, 0, or NaN for unknown.
    false_flags : float
        Share in (0, 1).

    Returns
    -------
    float
        In [`LOWEST`, `HIGHEST`]; 0.5 when nothing innocent is known.

    Examples
    --------
    >>> choose_threshold(np.linspace(0, 1, 101), np.zeros(101), 0.25)
    0.75
    """
    innocent = p[truth == 0]
    if len(innocent) == 0:
        return 0.5
    limit = float(np.quantile(innocent, 1 - false_flags, method="higher"))
    return round(min(max(limit, LOWEST), HIGHEST), 4)


def choose_thresholds(
    said: Mapping[str, npt.NDArray[np.float64]], truths: Mapping[str, npt.NDArray[np.float64]]
) -> dict[str, float]:
    """Choose all three thresholds on held-out lines.

    Parameters
    ----------
    said, truths : mapping of str to ndarray, shape (n,)
        By score: ``controlled``, ``misdeclared``, ``vague``.

    Returns
    -------
    dict of str to float
    """
    return {name: choose_threshold(said[name], truths[name], share) for name, share in FALSE_FLAGS.items()}

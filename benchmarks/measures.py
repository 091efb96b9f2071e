"""Measures beside those of training: recall at a share of false flags, precision and recall at a budget."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from benchmarks.figures import Figure, Role
from elek_training.metrics import Measured, bootstrap, share

Floats = npt.NDArray[np.float64]
BUDGETS = (0.01, 0.02, 0.05, 0.10)
_ROUNDS = 200


def recall_at(false_flags: float, scores: Floats, truth: Floats) -> Measured:
    """Share of positives above the score that a share of negatives exceeds, with a percentile bootstrap.

    Parameters
    ----------
    false_flags : float
        In (0, 1).
    scores, truth : ndarray, shape (n,)

    Returns
    -------
    Measured
        n is the number of positives.
    """
    positive, negative = scores[truth == 1], scores[truth == 0]

    def recall(p: Floats, q: Floats) -> float:
        return float(np.mean(p > np.quantile(q, 1 - false_flags, method="higher")))

    generator = np.random.default_rng(0)
    again = [
        recall(generator.choice(positive, len(positive)), generator.choice(negative, len(negative)))
        for _ in range(_ROUNDS)
    ]
    low, high = np.percentile(again, [2.5, 97.5])
    return Measured(recall(positive, negative), float(low), float(high), len(positive))


def at_budgets(scores: Floats, truth: Floats) -> dict[str, Measured]:
    """Precision and recall among the highest scores, at each budget."""
    order = np.argsort(-scores, kind="stable")
    found = {}
    for budget in BUDGETS:
        looked = np.zeros(len(scores), dtype=bool)
        looked[order[: max(1, round(budget * len(scores)))]] = True
        found[f"precision at {budget:.0%}"] = share(truth[looked] == 1)
        found[f"recall at {budget:.0%}"] = share(looked[truth == 1])
    return found


def doubt_figures(name: str, title: str, scores: Floats, truth: Floats, role: Role) -> list[Figure]:
    """Average precision, and precision and recall at the budgets, of one contestant."""
    finite = np.where(np.isfinite(scores), scores, scores[np.isfinite(scores)].max() + 1)
    figures = {"AP": bootstrap("ap", finite, truth), **at_budgets(finite, truth)}
    return [Figure(name, f"{title}: {measure}", found, role) for measure, found in figures.items()]


def binary(
    contestants: dict[str, tuple[Floats, Role]], title: str, measure: Callable[[Floats], Measured]
) -> list[Figure]:
    """Measure every contestant's scores in the same way."""
    return [Figure(name, title, measure(scores), role) for name, (scores, role) in contestants.items()]

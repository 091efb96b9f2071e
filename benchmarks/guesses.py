"""Guesses of a peer: a score for every class it knows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.lines import Task

Ranks = list[list[str]]


@dataclass(frozen=True)
class Guesses:
    """Scores of classes.

    Attributes
    ----------
    classes : tuple of str, length m
    scores : ndarray of float32, shape (n, m)
        Larger is likelier; margins or log-probabilities.
    """

    classes: tuple[str, ...]
    scores: npt.NDArray[np.float32]

    def ranks(self, k: int = 5) -> Ranks:
        """Give the k best classes of each line, best first."""
        order = np.argsort(-self.scores, axis=1, kind="stable")[:, :k]
        return [[self.classes[i] for i in row] for row in order]

    def probabilities(self) -> npt.NDArray[np.float64]:
        """Give the softmax of the scores; shape (n, m)."""
        shifted = np.exp(self.scores - self.scores.max(axis=1, keepdims=True)).astype(np.float64)
        return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def join(parts: list[Guesses]) -> Guesses:
    """Lay the guesses of several folds under each other; a class unknown in a fold scores lowest there."""
    classes = sorted({c for part in parts for c in part.classes})
    at = {c: i for i, c in enumerate(classes)}
    rows = []
    for part in parts:
        scores = np.full((len(part.scores), len(classes)), part.scores.min() - 1, dtype=np.float32)
        scores[:, [at[c] for c in part.classes]] = part.scores
        rows.append(scores)
    return Guesses(tuple(classes), np.concatenate(rows))


def hits(task: Task, ranks: Ranks) -> tuple[list[bool], list[bool]]:
    """Tell for each test line whether the true code is first, and whether it is among the first five."""
    pairs = list(zip(task.truth, ranks, strict=True))
    return [bool(r) and r[0] == code for code, r in pairs], [code in r[:5] for code, r in pairs]

"""Guesses of a peer: a score for every class it knows."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

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


def kept(task: Task, name: str, folder: Path, compute: Callable[[Task], Guesses]) -> Guesses:
    """Give a peer's guesses, computed once for the same lines and kept in `folder`."""
    digest = hashlib.sha256(f"{name} {task.digits}".encode())
    for side in (task.train, task.test):
        digest.update(f"{len(side)}".encode())
        for line in side:
            digest.update(f"{line.description}\0{line.hs}\0{line.weight}\n".encode("utf-8", "replace"))
    path = folder / f"{digest.hexdigest()[:20]}.npz"
    if path.is_file():
        with np.load(path) as found:
            return Guesses(tuple(found["classes"].tolist()), found["scores"])
    guesses = compute(task)
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(path, classes=np.array(guesses.classes), scores=guesses.scores)
    return guesses

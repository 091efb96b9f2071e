"""Nearest neighbours on MiniLM embeddings: a class scores as its most similar training line."""

from pathlib import Path

import numpy as np

from benchmarks.guesses import Guesses
from benchmarks.lines import Task
from benchmarks.peers.minilm import embed

NAME = "MiniLM nearest neighbours"
_BLOCK = 256


def guess(task: Task, store: Path) -> Guesses:
    """Score every class by cosine similarity to its nearest training line."""
    coded = [
        (line.description, line.hs[: task.digits]) for line in task.train if line.hs and len(line.hs) >= task.digits
    ]
    classes = sorted({code for _, code in coded})
    by_class = sorted(range(len(coded)), key=lambda i: coded[i][1])
    codes = [coded[i][1] for i in by_class]
    starts = [codes.index(code) for code in classes]
    known = embed([coded[i][0] for i in by_class], store)
    asked = embed([line.description for line in task.test], store)
    scores = [
        np.maximum.reduceat(asked[at : at + _BLOCK] @ known.T, starts, axis=1) for at in range(0, len(asked), _BLOCK)
    ]
    return Guesses(tuple(classes), np.concatenate(scores))

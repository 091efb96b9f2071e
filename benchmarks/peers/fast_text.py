"""fastText: its supervised classifier with character n-grams, single-threaded so that the result repeats.

Its package has no build for Python 3.12 and later; there this peer is left out.
"""

import tempfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from benchmarks.guesses import Guesses
from benchmarks.lines import Task
from elek.text import normalise

NAME = "fastText"
_LABEL = "__label__"
_SETTINGS = {
    "dim": 100,
    "epoch": 25,
    "lr": 0.5,
    "minn": 2,
    "maxn": 5,
    "wordNgrams": 2,
    "bucket": 500_000,
    "loss": "ova",
}


def installed() -> bool:
    """Tell whether fastText is there."""
    return find_spec("fasttext") is not None


def guess(task: Task) -> Guesses:
    """Train on the coded lines of a task and score its test lines; texts are normalised as elek does."""
    import fasttext

    coded = [line for line in task.train if line.hs and len(line.hs) >= task.digits]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.txt"
        rows = [f"{_LABEL}{(line.hs or '')[: task.digits]} {normalise(line.description).text}\n" for line in coded]
        path.write_text("".join(rows), encoding="utf-8")
        model = fasttext.train_supervised(str(path), thread=1, seed=1, verbose=0, **_SETTINGS)
    classes = sorted({(line.hs or "")[: task.digits] for line in coded})
    at = {f"{_LABEL}{code}": i for i, code in enumerate(classes)}
    labels, likely = model.predict([normalise(line.description).text for line in task.test], k=len(classes))
    scores = np.zeros((len(task.test), len(classes)), dtype=np.float32)
    for row, (names, values) in enumerate(zip(labels, likely, strict=True)):
        scores[row, [at[name] for name in names]] = np.log(np.maximum(values, 1e-9))
    return Guesses(tuple(classes), scores)

"""Row on cost: lines a second on one core from strings to score arrays, megabytes of the bundle, seconds of training."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch

from benchmarks.contest import folds
from benchmarks.elek_bundle import Recipe, bundle
from benchmarks.figures import ELEK, Figure
from benchmarks.lines import DataAbsent, declarations, nomenclature
from benchmarks.peers import minilm
from benchmarks.settings import Settings
from elek import Scorer
from elek_training.catalogue import read_catalogue
from elek_training.metrics import Measured

LINE, BATCH, ROUNDS = 80, 256, 3


def cost(settings: Settings) -> list[Figure]:
    """Measure elek and MiniLM one after the other on the same 80-character lines, each alone on one core."""
    lines = _lines(max(64, round(4000 * settings.share)))
    with _one_core():
        starter = Scorer.load()
        mine = _rate(starter.arrays, lines)
        model = minilm.load()
        theirs = _rate(
            lambda texts: model.encode(texts, batch_size=32, show_progress_bar=False),
            lines[: max(BATCH, len(lines) // 10)],
        )
    size = sum(len(raw) for raw in starter.bundle.files.values()) / 1e6
    figures = [
        Figure(ELEK, "lines a second on one core", mine, "elek"),
        Figure("MiniLM embedding alone", "lines a second on one core", theirs),
        Figure(ELEK, "starter bundle, MB", Measured(size, size, size, 1), "elek"),
    ]
    try:
        [task, *_] = folds(declarations(settings), nomenclature(settings, russian=True), 4, settings)
    except DataAbsent:
        return figures
    seconds = bundle(Recipe(task.train), settings).seconds
    return [*figures, Figure(ELEK, "training seconds, one fold of ru", Measured(seconds, seconds, seconds, 1), "elek")]


def _lines(n: int) -> list[str]:
    """Give distinct lines of exactly 80 characters, of names in Russian, Kazakh and English."""
    goods = read_catalogue()
    names = [name for good in goods for lang in ("ru", "kk", "en") for name in good.names[lang]]
    return [" ".join(names[i * 5 : i * 5 + 5] * 3)[:LINE] for i in range(n)]


def _rate(score: Callable[[list[str]], object], lines: list[str]) -> Measured:
    """Lines a second: median, slowest and fastest of the rounds."""
    score(lines[:BATCH])
    rates = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for at in range(0, len(lines), BATCH):
            score(lines[at : at + BATCH])
        rates.append(len(lines) / (time.perf_counter() - started))
    return Measured(float(np.median(rates)), min(rates), max(rates), len(lines))


@contextmanager
def _one_core() -> Iterator[None]:
    cores, threads = os.sched_getaffinity(0), torch.get_num_threads()
    os.sched_setaffinity(0, {min(cores)})
    torch.set_num_threads(1)
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)
        torch.set_num_threads(threads)

"""Row on declared codes: one in ten is wrong, and the wrong ones should rank first."""

from dataclasses import replace

import numpy as np

from benchmarks.contest import folds, svc_guesses
from benchmarks.elek_bundle import Recipe, bundle
from benchmarks.figures import ELEK, Figure
from benchmarks.guesses import join
from benchmarks.lines import Task, declarations, nomenclature
from benchmarks.measures import Floats, doubt_figures
from benchmarks.peers.label_errors import doubts
from benchmarks.settings import Settings
from elek_training.metrics import bootstrap
from elek_training.swaps import Swapper
from elek_training.tree import read_tree

SHARE_WRONG = 0.10
DISTANCES = {"drawn by frequency": "frequency", "same chapter": "chapter"}


def misdeclared_headings(settings: Settings) -> list[Figure]:
    """Rank the wrong declared headings of Russian declarations, out of fold, wrong ones at two distances."""
    tasks = list(folds(declarations(settings), nomenclature(settings, russian=True), 4, settings))
    guess = svc_guesses(settings, "ru")
    together = join([guess(task) for task in tasks])
    lines = [replace(line, hs=(line.hs or "")[:4]) for task in tasks for line in task.test]
    swapper = Swapper(lines, read_tree())
    figures: list[Figure] = []
    for title, distance in DISTANCES.items():
        drawn = {d.row: d for d in swapper.draw(SHARE_WRONG, (distance,), seed=17)}
        declared = [drawn[row].code if row in drawn else line.hs or "" for row, line in enumerate(lines)]
        truth = np.array([float(row in drawn and drawn[row].wrong) for row in range(len(lines))])
        for name, scores in doubts(together, declared).items():
            figures += doubt_figures(name, title, scores, truth, "peer")
        figures += doubt_figures(ELEK, title, mine := _elek(tasks, declared, settings), truth, "elek")
        figures.append(Figure(ELEK, f"{title}: ECE", bootstrap("ece", mine, truth), "elek"))
    return figures


def _elek(tasks: list[Task], declared: list[str], settings: Settings) -> Floats:
    scores: list[float] = []
    for task in tasks:
        codes = declared[len(scores) : len(scores) + len(task.test)]
        scored = bundle(Recipe(task.train), settings).score([line.description for line in task.test], codes)
        scores += [s.misdeclaration_score or 0.0 for s in scored]
    return np.array(scores)

"""Rows on real lines: headings of Russian declarations, with and without declarations in training, and subheadings of parts."""

from benchmarks.contest import elek, folds, peers, ranking_figures
from benchmarks.figures import ELEK, Figure
from benchmarks.lines import Task, declarations, nomenclature, parts, without
from benchmarks.settings import Settings
from elek import Scorer


def russian_headings(settings: Settings) -> list[Figure]:
    """Heading of Russian declarations, trained on the other folds and the tariff text."""
    tasks = list(folds(declarations(settings), nomenclature(settings, russian=True), 4, settings))
    return ranking_figures(tasks, peers(settings, "ru") | elek(settings), "heading")


def russian_zero_shot(settings: Settings) -> list[Figure]:
    """Heading of Russian declarations when none was seen: the starter bundle against peers on tariff text."""
    test = [line for line in declarations(settings) if line.hs and not line.vague]
    task = Task(without(nomenclature(settings, russian=True), test), test, 4)
    starter = Scorer.load()

    def shipped(task: Task) -> list[list[str]]:
        return [[r.code for r in s.headings] for s in starter.score([line.description for line in task.test])]

    return ranking_figures([task], peers(settings, "ru") | {ELEK: (shipped, "elek")}, "heading")


def part_subheadings(settings: Settings) -> list[Figure]:
    """Subheading of part numbers, split by part family."""
    tasks = list(folds(parts(settings), nomenclature(settings, russian=False), 6, settings))
    return ranking_figures(tasks, peers(settings, "parts") | elek(settings), "subheading")

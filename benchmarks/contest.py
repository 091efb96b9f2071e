"""A contest over grouped folds: every contestant ranks the codes of lines that it has not seen."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from benchmarks.elek_bundle import Recipe, bundle
from benchmarks.figures import ELEK, Figure, Role
from benchmarks.guesses import Ranks, hits
from benchmarks.lines import Task, without
from benchmarks.peers import svc
from benchmarks.settings import Settings, fold_of
from elek_training.labelled import LabelledLine
from elek_training.metrics import Measured, share

Contestant = Callable[[Task], Ranks]

COMPOSED_FOR_SVC = 20_000
"""Composed lines that the second SVC gets: it shows what of elek's lead comes from the catalogue."""


def folds(
    lines: Sequence[LabelledLine], beside: Sequence[LabelledLine], digits: int, settings: Settings
) -> Iterator[Task]:
    """Split lines by group into tasks; `beside` is trained on in every fold."""
    for k in range(settings.folds):
        test = [line for line in lines if fold_of(line) == k and line.hs and len(line.hs) >= digits and not line.vague]
        train = without([*beside, *(line for line in lines if fold_of(line) != k)], test)
        yield Task(train, test, digits)


def peers(settings: Settings, name: str) -> dict[str, tuple[Contestant, Role]]:
    """Give every contestant that ranks codes; `name` keeps the searched settings of the SVC apart."""

    def choice(task: Task) -> svc.Choice:
        return svc.Choice() if settings.quick else svc.search(task, settings.cache / f"svc-{name}.json")

    def plain(task: Task) -> Ranks:
        return svc.guess(task, choice(task)).ranks()

    def with_catalogue(task: Task) -> Ranks:
        composed = without(Recipe([]).composed(settings)[:COMPOSED_FOR_SVC], task.test)
        return svc.guess(replace(task, train=[*task.train, *composed]), choice(task)).ranks()

    return {svc.NAME: (plain, "peer"), f"{svc.NAME}, catalogue too": (with_catalogue, "context")}


def elek(settings: Settings) -> dict[str, tuple[Contestant, Role]]:
    """Give elek as a contestant."""
    return {ELEK: (lambda task: bundle(Recipe(task.train), settings).ranks(task), "elek")}


def ranking_figures(tasks: Sequence[Task], contestants: dict[str, tuple[Contestant, Role]], level: str) -> list[Figure]:
    """Measure top-1, top-5 and the seconds that a fold takes to train and judge."""
    figures = []
    for name, (contestant, role) in contestants.items():
        first: list[bool] = []
        five: list[bool] = []
        started = time.perf_counter()
        for task in tasks:
            one, some = hits(task, contestant(task))
            first += one
            five += some
        seconds = (time.perf_counter() - started) / max(1, len(tasks))
        figures += [
            Figure(name, f"{level} top-1", share(first), role),
            Figure(name, f"{level} top-5", share(five), role),
            Figure(name, "seconds a fold", Measured(seconds, seconds, seconds, len(tasks)), role),
        ]
    return figures

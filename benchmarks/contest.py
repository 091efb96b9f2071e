"""A contest over grouped folds: every contestant ranks the codes of lines that it has not seen."""

from collections.abc import Callable, Iterator, Sequence

from benchmarks.elek_bundle import Recipe, bundle
from benchmarks.figures import ELEK, Figure, Role
from benchmarks.guesses import Guesses, Ranks, hits, kept
from benchmarks.lines import Task, without
from benchmarks.peers import fast_text, neighbours, parcel, svc
from benchmarks.settings import Settings, fold_of
from elek_training.labelled import LabelledLine
from elek_training.metrics import share

Contestant = Callable[[Task], Ranks]


def folds(
    lines: Sequence[LabelledLine], beside: Sequence[LabelledLine], digits: int, settings: Settings
) -> Iterator[Task]:
    """Split lines by group into tasks; `beside` is trained on in every fold."""
    for k in range(settings.folds):
        test = [line for line in lines if fold_of(line) == k and line.hs and len(line.hs) >= digits and not line.vague]
        train = without([*beside, *(line for line in lines if fold_of(line) != k)], test)
        yield Task(train, test, digits)


def svc_guesses(settings: Settings, name: str) -> Callable[[Task], Guesses]:
    """Give the SVC with the settings searched for the lines called `name`; a quick run does not search."""

    def guess(task: Task) -> Guesses:
        choice = svc.Choice() if settings.quick else svc.search(task, settings.cache / f"svc-{name}.json")
        return svc.guess(task, choice, settings.cache / "guesses")

    return guess


def peers(settings: Settings, name: str) -> dict[str, tuple[Contestant, Role]]:
    """Give every peer that ranks codes; `name` keeps the searched settings of the SVC apart."""
    guess = svc_guesses(settings, name)
    store = settings.cache / "minilm.npz"
    kept_in = settings.cache / "guesses"

    found: dict[str, tuple[Contestant, Role]] = {
        svc.NAME: (lambda task: guess(task).ranks(), "peer"),
        parcel.NAME: (lambda task: kept(task, parcel.NAME, kept_in, lambda t: parcel.guess(t, store)).ranks(), "peer"),
        neighbours.NAME: (lambda task: neighbours.guess(task, store).ranks(), "peer"),
    }
    if fast_text.installed():
        found[fast_text.NAME] = (lambda task: kept(task, fast_text.NAME, kept_in, fast_text.guess).ranks(), "peer")
    return found


def elek(settings: Settings) -> dict[str, tuple[Contestant, Role]]:
    """Give elek as a contestant."""
    return {ELEK: (lambda task: bundle(Recipe(task.train), settings).ranks(task), "elek")}


def ranking_figures(tasks: Sequence[Task], contestants: dict[str, tuple[Contestant, Role]], level: str) -> list[Figure]:
    """Measure top-1 and top-5 over all folds."""
    figures = []
    for name, (contestant, role) in contestants.items():
        first: list[bool] = []
        five: list[bool] = []
        for task in tasks:
            one, some = hits(task, contestant(task))
            first += one
            five += some
        figures += [
            Figure(name, f"{level} top-1", share(first), role),
            Figure(name, f"{level} top-5", share(five), role),
        ]
    return figures

"""Row on goods that were absent from training in every language: their heading must still be found."""

from collections.abc import Sequence

from benchmarks.figures import ELEK, Figure, Role
from benchmarks.guesses import Ranks
from benchmarks.held_out import split, trained
from benchmarks.lines import Task, without
from benchmarks.peers import neighbours
from benchmarks.settings import Settings
from elek_training.catalogue import LANGUAGES
from elek_training.labelled import LabelledLine
from elek_training.metrics import Measured, share

N_GOODS = 300
COMPOSED_FOR_PEERS = 20_000


def unseen_headings(settings: Settings) -> list[Figure]:
    """Heading of 300 goods by their first unseen name in each language, the worst language and the gap to the best."""
    held = split(settings)
    names = {lang: held.names(held.left_out, lang) for lang in LANGUAGES}
    first = {lang: {good.id: name for good, name in reversed(pairs)} for lang, pairs in names.items()}
    goods = [good for good in held.left_out if all(good.id in first[lang] for lang in LANGUAGES)][:N_GOODS]
    accepted = [{code[:4] for code in good.hs} for good in goods]
    test = [LabelledLine(first[lang][good.id], hs=good.hs[0], lang=lang) for lang in LANGUAGES for good in goods]
    tariffs = [line for line in held.given if line.hs and line.source not in ("electronic-parts", "fpo")]
    plain = Task(without(tariffs, test), test, 4)
    composed = held.recipe.own(settings)[: round(COMPOSED_FOR_PEERS * settings.share)]
    helped = Task([*plain.train, *without(composed, test)], test, 4)
    mine = trained(settings).ranks(plain)
    figures = _by_language(ELEK, mine, accepted, "elek")
    nearest = neighbours.guess(helped, settings.cache / "minilm.npz").ranks()
    return figures + _by_language(f"{neighbours.NAME}, catalogue too", nearest, accepted, "peer")


def _by_language(name: str, ranks: Ranks, accepted: Sequence[set[str]], role: Role) -> list[Figure]:
    n = len(accepted)
    figures = []
    for at, lang in enumerate(LANGUAGES):
        hits = [r[0] in ok for r, ok in zip(ranks[at * n : (at + 1) * n], accepted, strict=True)]
        figures.append(Figure(name, f"heading top-1, {lang}", share(hits), role))
    shares = [figure.found.value for figure in figures]
    worst = min(figures, key=lambda figure: figure.found.value).found
    gap = max(shares) - min(shares)
    return [
        *figures,
        Figure(name, "worst language", worst, role),
        Figure(name, "gap", Measured(gap, gap, gap, n), role),
    ]

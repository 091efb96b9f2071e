"""Row of the evasion scorecard: treatments that training does not use, on goods that were left out."""

from random import Random

from benchmarks.figures import ELEK, Bar, Figure
from benchmarks.held_out import benign_goods, controlled_goods, split, trained
from benchmarks.settings import Settings
from elek_training.catalogue import LANGUAGES, Good
from elek_training.metrics import Measured
from elek_training.scorecard import scorecard
from elek_training.treatments import treatments

N_CONTROLLED, N_HARMLESS = 1500, 5000
_LOST = "score lost, p95"
_CLEAN = {"flagged as tampered with": 0.005}


def evasion_scorecard(settings: Settings) -> list[Figure]:
    """Share of queued lines that become clear and unflagged, by treatment."""
    held = split(settings)

    def names(goods: list[Good], n: int) -> list[str]:
        found = [name for lang in LANGUAGES for _, name in held.names(goods, lang)]
        Random(5).shuffle(found)
        return found[: max(20, round(n * settings.share))]

    controlled = names(controlled_goods(held.left_out), N_CONTROLLED)
    results = scorecard(trained(settings).scorer, controlled, names(benign_goods(held.left_out), N_HARMLESS))
    figures = [Figure(ELEK, f"{r.row}: {r.treatment}", r.evaded, "elek") for r in results]
    lost = [(r, Measured(r.drop, r.drop, r.drop, r.evaded.n)) for r in results if r.drop is not None and r.drop_limit]
    return figures + [Figure(ELEK, f"{r.row}: {r.treatment}, {_LOST}", drop, "elek") for r, drop in lost]


def limits() -> dict[str, Bar]:
    """Give the limit of every treatment that has one."""
    lost = {f"{t.row}: {t.name}, {_LOST}": t.drop_limit for t in treatments(["x"]) if t.drop_limit is not None}
    gated = {f"{t.row}: {t.name}": t.limit for t in treatments(["x"]) if t.limit is not None}
    clean = {f"clean text: {name}": limit for name, limit in _CLEAN.items()}
    return {measure: Bar(limit, at_most=True) for measure, limit in (gated | lost | clean).items()}

"""Drift: how far recent lines have moved from earlier ones, measure by measure, and which to have labelled next."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from elek.goods import GoodsLine, ScoredLine
from elek.scorer import Scorer
from elek.text import normalise
from elek_training.clusters import near_duplicates
from elek_training.metrics import Measured, share

MOVED, DRIFTED = 0.10, 0.25
"""Population stability index from which a measure counts as moved, as drifted (the usual reading in credit scoring)."""

_BINS = 10
_DRAWS = 400

Floats = npt.NDArray[np.float64]
State = Literal["steady", "moved", "drifted"]

SCRIPTS = (
    ("kazakh", re.compile("[әғқңөұүһі]")),
    ("han", re.compile("[\u2e80-\u9fff]")),
    ("cyrillic", re.compile("[а-я]")),
    ("latin", re.compile("[a-z]")),
)
"""Scripts, the most telling first; Kazakh is known by its own letters."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One measure.

    Attributes
    ----------
    psi : float
        Population stability index, 0 for equal distributions.
    chance : float
        What 99 of 100 pairs of samples of these sizes from one distribution stay below.
    bins : tuple of str
    before, after : tuple of float
        Share of lines in each bin.
    """

    psi: float
    chance: float
    bins: tuple[str, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]

    @property
    def state(self) -> State:
        """Whether it moved by more than chance explains."""
        if self.psi <= self.chance or self.psi < MOVED:
            return "steady"
        return "drifted" if self.psi >= DRIFTED else "moved"


@dataclass(frozen=True)
class Drift:
    """What changed between earlier and recent lines.

    Attributes
    ----------
    bundle : str
        Digest.
    n_before, n_after : int
    measures : dict of str to Moved
    overrides : tuple of Measured or None
        Share of flagged lines that reviewers cleared, earlier and recent; None without decisions.
    next : list of (GoodsLine, ScoredLine)
        Recent lines to have labelled, most useful first.
    """

    bundle: str
    n_before: int
    n_after: int
    measures: dict[str, Moved]
    overrides: tuple[Measured, Measured] | None
    next: list[tuple[GoodsLine, ScoredLine]]

    @property
    def state(self) -> State:
        """The worst state of any measure."""
        states = [m.state for m in self.measures.values()]
        return "drifted" if "drifted" in states else "moved" if "moved" in states else "steady"

    def as_dict(self) -> dict[str, Any]:
        """Give JSON types."""
        rows = {
            name: {"psi": round(m.psi, 4), "chance": round(m.chance, 4), "state": m.state, "bins": list(m.bins)}
            | {"before": [round(x, 4) for x in m.before], "after": [round(x, 4) for x in m.after]}
            for name, m in self.measures.items()
        }
        shown = [{"line_id": g.line_id, "description": g.description, "verdict": s.verdict} for g, s in self.next]
        overrides = None if self.overrides is None else [m.as_dict() for m in self.overrides]
        sizes = {"n_before": self.n_before, "n_after": self.n_after}
        return {
            "bundle": self.bundle,
            **sizes,
            "state": self.state,
            "measures": rows,
            "overrides": overrides,
            "next": shown,
        }


def find_drift(
    scorer: Scorer,
    before: Sequence[GoodsLine],
    after: Sequence[GoodsLine],
    budget: int,
    decisions: Sequence[dict[str, Any]] = (),
) -> Drift:
    """Hold recent lines against earlier ones.

    Parameters
    ----------
    scorer : Scorer
    before, after : sequence of GoodsLine
    budget : int
        Lines that can be labelled.
    decisions : sequence of dict
        Of the desk's export, with `verdict`, `decision` and `decided_at`, in order of time.

    Returns
    -------
    Drift
    """
    scored = [
        [(g, s) for g, s in zip(lines, scorer.score(lines), strict=True) if s.status == "ok"]
        for lines in (before, after)
    ]
    old, new = scored
    measures = {
        f"{name} score": _numbers([_score(s, name) for _, s in old], [_score(s, name) for _, s in new])
        for name in ("controlled", "misdeclaration", "vagueness")
    }
    measures["length of text"] = _numbers([len(g.description) for g, _ in old], [len(g.description) for g, _ in new])
    unknown = _unknown_ngrams([g.description for g, _ in old], [g.description for g, _ in new])
    measures["unknown n-grams"] = _numbers(*unknown)
    measures["script"] = _names([_script(g) for g, _ in old], [_script(g) for g, _ in new])
    measures["verdict"] = _names([s.verdict or "" for _, s in old], [s.verdict or "" for _, s in new])
    return Drift(scorer.bundle.digest, len(old), len(new), measures, _overrides(decisions), choose_lines(new, budget))


def choose_lines(scored: Sequence[tuple[GoodsLine, ScoredLine]], budget: int) -> list[tuple[GoodsLine, ScoredLine]]:
    """Choose lines to label: the least certain of each near-duplicate cluster, headings in turns.

    Parameters
    ----------
    scored : sequence of (GoodsLine, ScoredLine)
    budget : int

    Returns
    -------
    list of (GoodsLine, ScoredLine)
        At most `budget`.
    """
    cluster = near_duplicates([goods.description for goods, _ in scored]).tolist()
    order = sorted(range(len(scored)), key=lambda row: -_uncertainty(scored[row][1]))
    taken: set[int] = set()
    by_heading: dict[str, list[int]] = {}
    for row in order:
        if cluster[row] not in taken:
            taken.add(cluster[row])
            by_heading.setdefault(scored[row][1].headings[0].code, []).append(row)
    turns = [
        (turn, -_uncertainty(scored[row][1]), row) for rows in by_heading.values() for turn, row in enumerate(rows)
    ]
    return [scored[row] for _, _, row in sorted(turns)[:budget]]


def _uncertainty(s: ScoredLine) -> float:
    """How near the controlled score or the heading comes to a coin toss, in [0, 1]."""
    controlled = 1 - abs(2 * (s.controlled_score or 0.0) - 1)
    return max(controlled, 1 - s.headings[0].p)


def _score(s: ScoredLine, name: str) -> float:
    value = getattr(s, f"{name}_score")
    return np.nan if value is None else float(value)


def _script(goods: GoodsLine) -> str:
    text = goods.description.casefold()
    return next((name for name, letters in SCRIPTS if letters.search(text)), "other")


def _unknown_ngrams(before: Sequence[str], after: Sequence[str]) -> tuple[list[float], list[float]]:
    """Share of 5-grams that the first half of the earlier lines does not have, of the second half and of the recent lines."""
    known = {gram for text in before[::2] for gram in _grams(text)}

    def unknown(text: str) -> float:
        grams = _grams(text)
        return sum(gram not in known for gram in grams) / max(1, len(grams))

    return [unknown(t) for t in before[1::2]], [unknown(t) for t in after]


def _grams(text: str) -> list[str]:
    words = f" {normalise(text).text} "
    return [words[i : i + 5] for i in range(max(0, len(words) - 4))]


def _numbers(before: Sequence[float], after: Sequence[float]) -> Moved:
    """Compare numbers in bins that each hold a tenth of the earlier ones."""
    old, new = np.array(before, dtype=np.float64), np.array(after, dtype=np.float64)
    old, new = old[~np.isnan(old)], new[~np.isnan(new)]
    if not len(old) or not len(new):
        return Moved(0.0, 0.0, (), (), ())
    edges = np.unique(np.quantile(old, np.linspace(0, 1, _BINS + 1)[1:-1]))
    names = [f"≤ {edge:.3g}" for edge in edges] + [f"> {edges[-1]:.3g}"]
    counts = [np.bincount(np.searchsorted(edges, x, side="left"), minlength=len(edges) + 1) for x in (old, new)]
    return _moved(names, counts[0], counts[1])


def _names(before: Sequence[str], after: Sequence[str]) -> Moved:
    names = sorted({*before, *after})
    counts = [np.array([x.count(name) for name in names]) for x in (list(before), list(after))]
    return _moved(names, counts[0], counts[1]) if names else Moved(0.0, 0.0, (), (), ())


def _moved(names: Sequence[str], before: npt.NDArray[Any], after: npt.NDArray[Any]) -> Moved:
    generator = np.random.default_rng(20221)
    n, m = int(before.sum()), int(after.sum())
    pooled = (before + after) / (n + m)
    drawn = [psi(generator.multinomial(n, pooled), generator.multinomial(m, pooled)) for _ in range(_DRAWS)]
    shares = before / max(1, n), after / max(1, m)
    return Moved(psi(before, after), float(np.quantile(drawn, 0.99)), tuple(names), tuple(shares[0]), tuple(shares[1]))


def psi(before: npt.NDArray[Any], after: npt.NDArray[Any]) -> float:
    """Give the population stability index of two counts over the same bins; half a line is added to each bin.

    Examples
    --------
    >>> psi(np.array([50, 50]), np.array([500, 500])) < 1e-6, round(psi(np.array([90, 10]), np.array([10, 90])), 1)
    (True, 3.4)
    """
    p, q = (before + 0.5) / (before + 0.5).sum(), (after + 0.5) / (after + 0.5).sum()
    return float(((q - p) * np.log(q / p)).sum())


def _overrides(decisions: Sequence[dict[str, Any]]) -> tuple[Measured, Measured] | None:
    """Share of flagged lines that reviewers cleared, in the earlier and the later half of the decisions."""
    flagged = [d["decision"] == "clear" for d in decisions if d.get("verdict") not in (None, "", "clear")]
    if len(flagged) < 2:
        return None
    half = len(flagged) // 2
    return share(flagged[:half]), share(flagged[half:])

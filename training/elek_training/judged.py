"""Judged lines: what a bundle says of labelled lines beside what is true of them, as arrays that figures are read off."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from elek.goods import GoodsLine, ScoredLine
from elek.labels import NONE
from elek.scorer import Scorer
from elek_training.controlled_truth import controlled_truth
from elek_training.labelled import LabelledLine

Floats = npt.NDArray[np.float64]

SCORES = ("controlled", "misdeclaration", "vagueness")


@dataclass(frozen=True)
class Judged:
    """Lines with the answers of one bundle, n of each; lines that cannot be scored are left out.

    Attributes
    ----------
    bundle : str
        Digest.
    lines : list of LabelledLine
    scored : list of ScoredLine
    """

    bundle: str
    lines: list[LabelledLine]
    scored: list[ScoredLine]

    @classmethod
    def of(cls, scorer: Scorer, lines: Sequence[LabelledLine]) -> "Judged":
        """Score lines."""
        goods = [GoodsLine(line.description, declared_hs=line.declared_hs or None) for line in lines]
        pairs = [(line, s) for line, s in zip(lines, scorer.score(goods, top=5), strict=True) if s.status == "ok"]
        return cls(scorer.bundle.digest, [line for line, _ in pairs], [s for _, s in pairs])

    def score(self, name: str) -> Floats:
        """Give one of `SCORES`; NaN where the line has none. Shape (n,)."""
        values = [getattr(s, f"{name}_score") for s in self.scored]
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)

    def truth(self, name: str) -> Floats:
        """Whether the score should be high: 1, 0, or NaN for unknown. Shape (n,)."""
        if name == "controlled":
            return np.asarray(controlled_truth(self.lines).double().numpy(), dtype=np.float64)
        if name == "vagueness":
            return np.array([np.nan if line.vague is None else float(line.vague) for line in self.lines])
        return np.array([_is_misdeclared(line) for line in self.lines])

    def hits(self, level: str, among: int) -> Floats:
        """Whether the true code or entry is among the first; NaN where it is unknown. Shape (n,).

        Parameters
        ----------
        level : {"heading", "subheading", "entry"}
        among : int
            1 to 5.
        """
        hit = {"heading": _code_hit(4), "subheading": _code_hit(6), "entry": _entry_hit}[level]
        return np.array([hit(line, s, among) for line, s in zip(self.lines, self.scored, strict=True)])

    def queued(self, name: str, budget: float) -> npt.NDArray[np.bool_]:
        """Lines that a desk looks at which can look at a share of all lines, highest scores first. Shape (n,)."""
        p = np.nan_to_num(self.score(name), nan=-1.0)
        order = np.argsort(-p, kind="stable")[: max(1, round(budget * len(p)))]
        return np.isin(np.arange(len(p)), order)

    def flagged(self, name: str, false_flags: float) -> npt.NDArray[np.bool_]:
        """Lines above the score that a share of the innocent lines exceeds. Shape (n,).

        A test rich in seizures has few innocent lines; real traffic has little else. So a review budget of 2 % is spent here on
        innocent lines: what is found is what a desk with that budget finds in real traffic.
        """
        p, innocent = self.score(name), self.truth(name) == 0
        if not innocent.any():
            return np.zeros(len(p), dtype=bool)
        cutoff = np.quantile(p[innocent & ~np.isnan(p)], 1 - false_flags, method="higher")
        return np.asarray(p > cutoff)

    def where(self, wanted: Callable[[LabelledLine], bool]) -> npt.NDArray[np.bool_]:
        """Lines with a property; shape (n,)."""
        return np.array([wanted(line) for line in self.lines], dtype=bool)


def category(line: LabelledLine) -> str:
    """First character of the control entry, ``CHPL`` for a listed code without one, empty when not controlled or unknown."""
    if line.control and line.control != (NONE,):
        return line.control[0][0]
    return "CHPL" if controlled_truth([line]).item() == 1 else ""


def _is_misdeclared(line: LabelledLine) -> float:
    if not line.declared_hs or not line.hs or len(line.hs) < 4 or len(line.declared_hs) < 4:
        return np.nan
    return float(line.declared_hs[:4] != line.hs[:4])


def _code_hit(digits: int) -> Callable[[LabelledLine, ScoredLine, int], float]:
    def hit(line: LabelledLine, s: ScoredLine, among: int) -> float:
        if not line.hs or len(line.hs) < digits:
            return np.nan
        ranked = s.headings if digits == 4 else s.subheadings
        return float(line.hs[:digits] in {r.code for r in ranked[:among]})

    return hit


def _entry_hit(line: LabelledLine, s: ScoredLine, among: int) -> float:
    if not line.control or line.control == (NONE,):
        return np.nan
    named = [r.code for r in s.control if r.code != NONE]
    return float(bool(set(line.control) & set(named[:among])))

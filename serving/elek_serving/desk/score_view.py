"""ScoreView: one score with the description marked by the words that moved it: by the score itself, or near 1 by its odds."""

from collections.abc import Callable
from dataclasses import dataclass
from math import log

from elek.evidence import SCORES, Evidence
from elek_serving.desk.marks import Marked, mark
from elek_serving.desk.wording import signed, times
from elek_serving.store.lines import LineRow

LEADING = {
    "controlled": "controlled_score",
    "wrong_code_hides_control": "controlled_score",
    "wrong_code": "misdeclaration_score",
    "too_vague": "vagueness_score",
}
"""The score that led to a verdict."""
TOLD_WORDS = 6
"""Words listed beside a score."""
LEAST_MOVE, LEAST_FACTOR = 0.005, 1.25
"""From here on a word is listed by its move, or by the factor of the odds."""
NOISE = 2e-5
"""Moves below it say nothing of the odds: evidence keeps six decimals."""


@dataclass(frozen=True)
class ScoreView:
    """One score with the description marked by what moved it.

    Attributes
    ----------
    name : str
        ``controlled_score``, ``misdeclaration_score`` or ``vagueness_score``.
    p : float or None
    marked : tuple of Marked
    words : tuple of (str, str)
        The words that moved it most, each with its move in writing.
    by_odds : bool
        No single word moves the score, which is high; marks and words go by its odds instead.
    leading : bool
        Whether this score led to the verdict.
    """

    name: str
    p: float | None
    marked: tuple[Marked, ...]
    words: tuple[tuple[str, str], ...]
    by_odds: bool
    leading: bool


def view_scores(line: LineRow, evidence: Evidence | None) -> tuple[ScoreView, ...]:
    """Give the three scores of a line, the leading one first."""
    leading = LEADING.get(line.verdict or "")
    values = dict(zip(SCORES, (line.controlled, line.misdeclared, line.vague), strict=True))
    words = evidence.words if evidence else ()
    views = [
        _view(name, values[name], line.description, [(w.text, w.moves.get(name, 0.0)) for w in words], name == leading)
        for name in SCORES
    ]
    return tuple(sorted(views, key=lambda v: not v.leading))


def _view(name: str, p: float | None, description: str, moves: list[tuple[str, float]], leading: bool) -> ScoreView:
    told = tuple((word, signed(move)) for word, move in _first(moves) if abs(move) >= LEAST_MOVE)
    if not told and p is not None and p >= 0.5:
        factors = [(word, odds_factor(p, move) if abs(move) >= NOISE else 1.0) for word, move in moves]
        halves = [(word, _move_at_half(factor)) for word, factor in factors]
        by_odds = tuple((word, times(factor)) for word, factor in _first(factors, log) if _is_told(factor))
        if by_odds:
            return ScoreView(name, p, mark(description, halves), by_odds, True, leading)
    return ScoreView(name, p, mark(description, moves), told, False, leading)


def _first(moves: list[tuple[str, float]], size: Callable[[float], float] = abs) -> list[tuple[str, float]]:
    return sorted(moves, key=lambda m: -abs(size(m[1])))[:TOLD_WORDS]


def _is_told(factor: float) -> bool:
    return max(factor, 1 / factor) >= LEAST_FACTOR


def odds_factor(p: float, move: float) -> float:
    """Give how many times the odds of a score are higher with a word than without it.

    Examples
    --------
    >>> round(odds_factor(0.999, 0.001), 2), round(odds_factor(0.5, -0.25), 2)
    (2.0, 0.33)
    """
    return _odds(p) / _odds(p - move)


def _odds(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return p / (1 - p)


def _move_at_half(factor: float) -> float:
    """Give by how much the factor would move a score of one half."""
    return factor / (1 + factor) - 0.5

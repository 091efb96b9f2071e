"""Comparison: champion and challenger on the same unseen lines, figure by figure, slice by slice, line by line."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from elek.bundle import Bundle
from elek.goods import GoodsLine
from elek.scorer import Scorer
from elek_training.evaluate import sides, unseen
from elek_training.judged import SCORES, Judged, category
from elek_training.labelled import LabelledLine
from elek_training.paired import Bootstrap, Paired, compare_hits, compare_recall, compare_scores
from elek_training.relations import relate
from elek_training.scorecard import Result, scorecard

_TIMED_LINES = 300
_CARD_LINES = 150
SLICE_CONFIDENCE = 0.99
"""Interval of figures on slices: there are many, and one in twenty would look worse by chance."""

FLAGGED = {
    (True, False): ("controlled good no longer flagged", 2.0),
    (False, True): ("innocent line now flagged", 1.0),
    (False, False): ("innocent line no longer flagged", -2.0),
    (True, True): ("controlled good now flagged", -3.0),
}
"""By (is controlled, is flagged by the challenger) when the flag changed: words, and how bad it is."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A line on which the two bundles differ.

    Attributes
    ----------
    line : LabelledLine
    what : str
        What changed, in words.
    badness : float
        Above 0 the champion was right, below 0 the challenger is; larger is worse.
    before, after : str
        Verdict, controlled score and likeliest heading.
    """

    line: LabelledLine
    what: str
    badness: float
    before: str
    after: str


@dataclass(frozen=True)
class Comparison:
    """Two bundles on the same lines.

    Attributes
    ----------
    champion, challenger : Judged
    figures : dict of str to Paired
        Over all lines.
    slices : dict of str to Paired
        By category, typology, source, language and chapter, with at least the wanted number of lines.
    flips : list of Flip
        Worst first.
    speed : float
        Lines a second of the challenger as a share of the champion's, measured in turns.
    size : float
        Bytes of the challenger as a share of the champion's.
    n_seen : int
        Lines left out because one of the two was trained on them.
    scorecards : tuple of two lists of Result
        Evasion scorecards of champion and challenger on the same texts.
    """

    champion: Judged
    challenger: Judged
    figures: dict[str, Paired]
    slices: dict[str, Paired]
    flips: list[Flip]
    speed: float
    size: float
    n_seen: int
    scorecards: tuple[list[Result], list[Result]]


def compare(
    folders: tuple[Path, Path], lines: Sequence[LabelledLine], budget: float, least: int, rounds: int
) -> Comparison:
    """Compare two bundles.

    Parameters
    ----------
    folders : tuple of Path
        Champion, challenger.
    lines : sequence of LabelledLine
        A frozen test; neither bundle may have been trained on it.
    budget : float
        Review budget, spent on innocent lines (`Judged.flagged`).
    least : int
        Lines that a slice needs to be judged.
    rounds : int
        Of the bootstrap.

    Returns
    -------
    Comparison

    Raises
    ------
    LeakError
        If one of them was trained on more than 1 % of the lines.
    """
    scorers = Scorer.load(folders[0]), Scorer.load(folders[1])
    kept = unseen(scorers[1], unseen(scorers[0], lines)[0])[0]
    one, two = Judged.of(scorers[0], kept), Judged.of(scorers[1], kept)
    related = relate(one.lines)
    controlled, harmless = sides(one.lines)
    texts = controlled[:_CARD_LINES], harmless[:_CARD_LINES]
    return Comparison(
        one,
        two,
        _figures(one, two, budget, Bootstrap(related, rounds)),
        _slices(one, two, budget, least, Bootstrap(related, rounds, SLICE_CONFIDENCE)),
        sorted(_flips(one, two), key=lambda flip: -flip.badness),
        _speed(scorers, kept),
        _size(scorers[1].bundle) / _size(scorers[0].bundle),
        len(lines) - len(kept),
        (scorecard(scorers[0], *texts), scorecard(scorers[1], *texts)),
    )


def _figures(one: Judged, two: Judged, budget: float, how: Bootstrap) -> dict[str, Paired]:
    found: dict[str, Paired | None] = {}
    for level in ("heading", "subheading", "entry"):
        for among in (1, 5):
            found[f"{level} top-{among}"] = compare_hits(one.hits(level, among), two.hits(level, among), how)
    for name in SCORES:
        scores, truth = (one.score(name), two.score(name)), one.truth(name)
        every = np.ones(len(truth), dtype=bool)
        found[f"{name} recall at the review budget"] = compare_recall((one, two), name, every, budget, how)
        found[f"{name} average precision"] = compare_scores("ap", scores, truth, how)
        found[f"{name} calibration error"] = compare_scores("ece", scores, truth, how)
    return {name: paired for name, paired in found.items() if paired}


def _slices(one: Judged, two: Judged, budget: float, least: int, how: Bootstrap) -> dict[str, Paired]:
    headings = one.hits("heading", 1), two.hits("heading", 1)
    entries = one.hits("entry", 1), two.hits("entry", 1)
    controlled = np.where(one.truth("controlled") == 1, 1.0, np.nan)
    recall = "recall at the review budget"
    kinds: tuple[tuple[str, str, Callable[[LabelledLine], str], tuple[np.ndarray, np.ndarray]], ...] = (
        (recall, "category", category, (controlled, controlled)),
        (recall, "typology", lambda line: line.typology, (controlled, controlled)),
        (recall, "source", lambda line: line.source, (controlled, controlled)),
        ("heading top-1", "source", lambda line: line.source, headings),
        ("entry top-1", "source", lambda line: line.source, entries),
        ("heading top-1", "language", lambda line: line.lang, headings),
        ("heading top-1", "chapter", lambda line: (line.hs or "")[:2], headings),
    )
    found = {}
    for figure, kind, name_of, (a, b) in kinds:
        names = np.array([name_of(line) for line in one.lines], dtype=str)
        for name in np.unique(names[names != ""]):
            rows = names == name
            if (rows & ~np.isnan(a)).sum() >= least:
                if figure == recall:
                    paired = compare_recall((one, two), "controlled", rows, budget, how)
                else:
                    paired = compare_hits(np.where(rows, a, np.nan), np.where(rows, b, np.nan), how)
                if paired:
                    found[f"{figure}, {kind} {name}"] = paired
    return found


def _flips(one: Judged, two: Judged) -> list[Flip]:
    flips = []
    truth, hits = one.truth("controlled"), (one.hits("heading", 1), two.hits("heading", 1))
    for row, (line, a, b) in enumerate(zip(one.lines, one.scored, two.scored, strict=True)):
        before, after = a.controlled_score or 0.0, b.controlled_score or 0.0
        crossed = ("controlled" in a.flags, "controlled" in b.flags)
        was_right, is_right = hits[0][row], hits[1][row]
        what, badness = "", 0.0
        if crossed[0] != crossed[1] and not np.isnan(truth[row]):
            what, badness = FLAGGED[bool(truth[row]), crossed[1]]
            badness += abs(after - before)
        elif was_right != is_right and not np.isnan(was_right):
            what, badness = ("heading no longer right", 0.5) if was_right else ("heading now right", -0.5)
        elif a.verdict != b.verdict:
            what, badness = "verdict changed, truth unknown", 0.1
        if what:
            shown = [
                f"{(s.verdict or '').replace('_', ' ')} · {s.controlled_score:.2f} · {s.headings[0].code}"
                for s in (a, b)
            ]
            flips.append(Flip(line, what, badness, *shown))
    return flips


def _speed(scorers: tuple[Scorer, Scorer], lines: Sequence[LabelledLine]) -> float:
    """Time both in turns and take each one's best, so that other load weighs on neither alone."""
    goods = [GoodsLine(line.description, declared_hs=line.declared_hs or None) for line in lines[:_TIMED_LINES]]
    best = [float("inf"), float("inf")]
    for _ in range(5):
        for which, scorer in enumerate(scorers):
            started = time.perf_counter()
            scorer.score(goods)
            best[which] = min(best[which], time.perf_counter() - started)
    return best[0] / best[1]


def _size(bundle: Bundle) -> int:
    return sum(len(content) for content in bundle.files.values())

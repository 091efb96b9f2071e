"""Evaluation: a bundle against labelled lines it has not seen, every figure with n and a 95 % interval."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from elek.scorer import Scorer
from elek_training.controlled_truth import controlled_truth
from elek_training.judged import SCORES, Judged, category
from elek_training.labelled import LabelledLine
from elek_training.leaks import MAX_LEAK, LeakError
from elek_training.metrics import Measured, bootstrap, share
from elek_training.scorecard import Result, scorecard
from elek_training.trained_on import SEEN_AS, seen_as

BUDGETS = (0.01, 0.02, 0.05, 0.10)
"""Shares of lines that a desk can look at."""

Figures = dict[str, Measured]

SLICES: dict[str, Callable[[LabelledLine], str]] = {
    "language": lambda line: line.lang,
    "chapter": lambda line: (line.hs or "")[:2],
    "category": category,
    "typology": lambda line: line.typology,
}
"""What lines are parted by; an empty name is left out."""


@dataclass(frozen=True)
class Evaluation:
    """What a bundle achieves on some lines.

    Attributes
    ----------
    judged : Judged
        The lines measured, with the bundle's answers.
    seen : Counter of str
        Lines left out because the bundle was trained on them, by how it saw them.
    figures : dict of str to Measured
        Over all lines.
    slices : dict of str to dict of str to dict of str to Measured
        Kind of slice to name to figures.
    scorecard : list of Result
        Of the evasion scorecard; empty unless controlled and harmless lines are among those measured.
    """

    judged: Judged
    seen: Counter[str]
    figures: Figures
    slices: dict[str, dict[str, Figures]]
    scorecard: list[Result]

    def as_dict(self) -> dict[str, Any]:
        """Give JSON types."""
        return {
            "bundle": self.judged.bundle,
            "n_lines": len(self.judged.lines),
            "left_out": dict(self.seen),
            "figures": _plain(self.figures),
            "slices": {kind: {name: _plain(f) for name, f in table.items()} for kind, table in self.slices.items()},
            "scorecard": [result.as_dict() for result in self.scorecard],
        }


def _plain(figures: Figures) -> dict[str, dict[str, float | int]]:
    return {name: m.as_dict() for name, m in figures.items()}


def evaluate(folder: Path, lines: Sequence[LabelledLine]) -> Evaluation:
    """Measure a bundle.

    Parameters
    ----------
    folder : Path
    lines : sequence of LabelledLine

    Returns
    -------
    Evaluation

    Raises
    ------
    LeakError
        If the bundle was trained on more than 1 % of the lines, their groups or near-copies.
    """
    scorer = Scorer.load(folder)
    kept, seen = unseen(scorer, lines)
    judged = Judged.of(scorer, kept)
    return evaluate_judged(judged, scorecard(scorer, *sides(judged.lines)), seen)


def evaluate_judged(judged: Judged, card: list[Result], seen: Counter[str]) -> Evaluation:
    """Measure a bundle that has scored the lines.

    Parameters
    ----------
    judged : Judged
    card : list of Result
        Its evasion scorecard.
    seen : Counter of str
        Lines that were left out before.

    Returns
    -------
    Evaluation
    """
    everything = np.ones(len(judged.lines), dtype=bool)
    slices = {}
    for kind, name_of in SLICES.items():
        names = np.array([name_of(line) for line in judged.lines], dtype=str)
        slices[kind] = {str(name): measure(judged, names == name) for name in np.unique(names[names != ""])}
    figures = measure(judged, everything) | _budgets(judged)
    return Evaluation(judged, seen, figures, slices, card)


def sides(lines: Sequence[LabelledLine]) -> tuple[list[str], list[str]]:
    """Give the texts of controlled and of harmless goods; vague ones and written evasions are on neither side."""
    truth = controlled_truth(lines).tolist()
    plain = [
        (line.description, t) for line, t in zip(lines, truth, strict=True) if not line.vague and not line.typology
    ]
    return [text for text, t in plain if t == 1], [text for text, t in plain if t == 0]


def unseen(scorer: Scorer, lines: Sequence[LabelledLine]) -> tuple[list[LabelledLine], Counter[str]]:
    """Leave out the lines that a bundle was trained on; `LeakError` when they are more than `MAX_LEAK`."""
    ways = seen_as(scorer.bundle.files["trained_on.bin"], lines)
    seen = Counter(way for way in ways if way)
    if seen.total() > MAX_LEAK * max(1, len(lines)):
        shown = ", ".join(f"{seen[way]:,} by {way}" for way in SEEN_AS if seen[way])
        raise LeakError(
            f"{seen.total():,} of {len(lines):,} lines were trained on ({shown}); no figure would mean anything: "
            "split with elek_training.split.split_lines before training, and evaluate the part that was held out"
        )
    return [line for line, way in zip(lines, ways, strict=True) if not way], seen


def measure(judged: Judged, rows: npt.NDArray[np.bool_]) -> Figures:
    """Measure every head on some of the judged lines; what is known of none of them is left out.

    Recall "at 2% false flags" is that of the score that 2 % of all innocent lines exceed.
    """
    figures: Figures = {}
    for level in ("heading", "subheading", "entry"):
        for among in (1, 5):
            hits = judged.hits(level, among)[rows]
            if (~np.isnan(hits)).any():
                figures[f"{level} top-{among}"] = share(hits[~np.isnan(hits)] == 1)
    for name in SCORES:
        p, truth = judged.score(name), judged.truth(name)
        known = rows & ~np.isnan(p) & ~np.isnan(truth)
        positive = known & (truth == 1)
        if positive.any() and (truth == 0).any():
            figures[f"{name} recall at 2% false flags"] = share(judged.flagged(name, 0.02)[positive])
        if len(set(truth[known].tolist())) == 2:
            for short, title in (("ap", "average precision"), ("auc", "area under ROC"), ("ece", "calibration error")):
                figures[f"{name} {title}"] = bootstrap(short, p[known], truth[known])
    return figures


def _budgets(judged: Judged) -> Figures:
    """Precision and recall among the lines a desk can look at, highest scores first."""
    figures: Figures = {}
    for name in SCORES:
        p, truth = judged.score(name), judged.truth(name)
        known = ~np.isnan(p) & ~np.isnan(truth)
        if len(set(truth[known].tolist())) < 2:
            continue
        part = Judged(judged.bundle, _take(judged.lines, known), _take(judged.scored, known))
        for budget in BUDGETS:
            queued = part.queued(name, budget)
            figures[f"{name} precision at {budget:.0%}"] = share(truth[known][queued] == 1)
            figures[f"{name} recall at {budget:.0%}"] = share(queued[truth[known] == 1])
    return figures


def _take(values: list[Any], rows: npt.NDArray[np.bool_]) -> list[Any]:
    return [v for v, kept in zip(values, rows, strict=True) if kept]

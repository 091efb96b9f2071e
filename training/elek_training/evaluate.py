"""Evaluation: a bundle against labelled lines it has not seen, every figure with n and a 95 % interval."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from elek.errors import ElekError
from elek.goods import GoodsLine, ScoredLine
from elek.scorer import Scorer
from elek.text import normalise
from elek_training.calibration_fit import controlled_truth
from elek_training.labelled import LabelledLine
from elek_training.metrics import Measured, bootstrap, share
from elek_training.scorecard import Result, scorecard

MAX_LEAK = 0.01
"""Share of lines that may stand in the bundle's training data by chance; they are left out. More is a leaking split."""

BUDGETS = (0.01, 0.02, 0.05, 0.10)
"""Shares of lines that a desk can look at."""


class LeakError(ElekError):
    """Test lines that the bundle was trained on: accuracy on them would say nothing."""


@dataclass(frozen=True)
class Evaluation:
    """What a bundle achieves on some lines.

    Attributes
    ----------
    bundle : str
        Digest.
    n_lines, n_leaking : int
        Lines measured, and lines left out because the bundle was trained on them.
    figures : dict of str to Measured
    by_chapter, by_lang : dict of str to Measured
        Heading top-1.
    scorecard : list of Result
        Of the evasion scorecard; empty unless controlled and harmless lines are among those measured.
    """

    bundle: str
    n_lines: int
    n_leaking: int
    figures: dict[str, Measured]
    by_chapter: dict[str, Measured]
    by_lang: dict[str, Measured]
    scorecard: list[Result]

    def as_dict(self) -> dict[str, Any]:
        """Give JSON types."""
        tables = {"figures": self.figures, "by_chapter": self.by_chapter, "by_lang": self.by_lang}
        plain = {name: {k: m.as_dict() for k, m in table.items()} for name, table in tables.items()}
        counts = {"bundle": self.bundle, "n_lines": self.n_lines, "n_leaking": self.n_leaking}
        return {**counts, **plain, "scorecard": [result.as_dict() for result in self.scorecard]}


def leaking(scorer: Scorer, lines: Sequence[LabelledLine]) -> list[bool]:
    """Tell which lines, or whose group, the bundle was trained on."""
    raw = scorer.bundle.files["trained_on.bin"]
    known = {raw[i : i + 8] for i in range(0, len(raw), 8)}

    def seen(key: str) -> bool:
        return hashlib.sha256(key.encode("utf-8", "replace")).digest()[:8] in known

    return [
        seen(normalise(line.description).text) or bool(line.group and seen(f"group:{line.group}")) for line in lines
    ]


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
        If more than 1 % of the lines were trained on.
    """
    scorer = Scorer.load(folder)
    seen = leaking(scorer, lines)
    if sum(seen) > MAX_LEAK * max(1, len(lines)):
        raise LeakError(
            f"{sum(seen):,} of {len(lines):,} lines were trained on, or their groups were; split by group and evaluate the rest"
        )
    kept = [line for line, known in zip(lines, seen, strict=True) if not known]
    goods = [GoodsLine(line.description, declared_hs=line.declared_hs or None) for line in kept]
    scored = scorer.score(goods, top=5)
    pairs = [(line, s) for line, s in zip(kept, scored, strict=True) if s.status == "ok"]
    return Evaluation(
        scorer.bundle.digest,
        len(pairs),
        sum(seen),
        _code_figures(pairs) | _score_figures(pairs),
        _by(pairs, lambda line: (line.hs or "")[:2]),
        _by(pairs, lambda line: line.lang),
        scorecard(scorer, *_sides([line for line, _ in pairs])),
    )


def _sides(lines: Sequence[LabelledLine]) -> tuple[list[str], list[str]]:
    """Give the texts of controlled and of harmless goods; vague ones and written evasions are on neither side."""
    truth = controlled_truth(lines).tolist()
    plain = [
        (line.description, t) for line, t in zip(lines, truth, strict=True) if not line.vague and not line.typology
    ]
    return [text for text, t in plain if t == 1], [text for text, t in plain if t == 0]


Pairs = list[tuple[LabelledLine, ScoredLine]]


def _code_figures(pairs: Pairs) -> dict[str, Measured]:
    figures = {}
    for name, digits in (("heading", 4), ("subheading", 6)):
        known = [(line.hs[:digits], getattr(s, f"{name}s")) for line, s in pairs if line.hs and len(line.hs) >= digits]
        if known:
            figures[f"{name} top-1"] = share([ranked[0].code == code for code, ranked in known])
            figures[f"{name} top-5"] = share([code in {r.code for r in ranked[:5]} for code, ranked in known])
    return figures


def _score_figures(pairs: Pairs) -> dict[str, Measured]:
    lines = [line for line, _ in pairs]
    wrong = [
        float(line.declared_hs[:4] != line.hs[:4]) if line.declared_hs and line.hs and len(line.hs) >= 4 else np.nan
        for line in lines
    ]
    truths = {
        "controlled": controlled_truth(lines).double().numpy(),
        "vagueness": np.array([np.nan if line.vague is None else float(line.vague) for line in lines]),
        "misdeclaration": np.array(wrong),
    }
    figures: dict[str, Measured] = {}
    for name, truth in truths.items():
        p = np.array([np.nan if (v := getattr(s, f"{name}_score")) is None else v for _, s in pairs])
        known = ~np.isnan(truth) & ~np.isnan(p)
        if known.sum() == 0 or len(set(truth[known].tolist())) < 2:
            continue
        for short, title in (("ap", "average precision"), ("auc", "area under ROC"), ("ece", "calibration error")):
            figures[f"{name} {title}"] = bootstrap(short, p[known], truth[known])
        figures |= _at_budgets(name, p[known], truth[known])
    return figures


def _at_budgets(name: str, p: np.ndarray, truth: np.ndarray) -> dict[str, Measured]:
    """Precision and recall among the lines a desk can look at, highest scores first."""
    order = np.argsort(-p, kind="stable")
    figures = {}
    for budget in BUDGETS:
        looked = order[: max(1, round(budget * len(p)))]
        in_budget = np.isin(np.arange(len(p)), looked)
        figures[f"{name} precision at {budget:.0%}"] = share(truth[looked] == 1)
        figures[f"{name} recall at {budget:.0%}"] = share(in_budget[truth == 1])
    return figures


def _by(pairs: Pairs, key: Any) -> dict[str, Measured]:
    hits: dict[str, list[bool]] = {}
    for line, s in pairs:
        if line.hs and len(line.hs) >= 4:
            hits.setdefault(key(line), []).append(s.headings[0].code == line.hs[:4])
    return {name: share(found) for name, found in sorted(hits.items()) if name}

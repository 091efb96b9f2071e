"""Comparison report: one HTML page that says whether to promote, and why."""

from pathlib import Path

from elek_training.compare import SLICE_CONFIDENCE, Comparison
from elek_training.curves import draw_curves
from elek_training.evaluation_report import QUESTIONS, picture, render
from elek_training.gate import GateResult, GateRules
from elek_training.judged import SCORES
from elek_training.paired import CONFIDENCE

HEADLINES = {
    "better": "Yes: it is better.",
    "not better": "No: it is not better.",
    "worse": "No: it is worse somewhere it must not be.",
}
ADVICE = {
    "better": "Read the lines on which the two differ below. If they look right to you, promote it; a rollback is one command.",
    "not better": "Keep the champion. More labels, or a larger test, may show what this one cannot.",
    "worse": "Keep the champion. See below where the challenger falls, and which lines show it.",
}
_SHOWN = 60


def write_comparison(
    found: Comparison, result: GateResult, label_doubt: float | None, rules: GateRules, out: Path
) -> None:
    """Write the page.

    Parameters
    ----------
    found : Comparison
    result : GateResult
    label_doubt : float or None
        Share of new labels that cross-validation contradicts.
    rules : GateRules
    out : Path
        HTML file.
    """
    both = [("champion", found.champion), ("challenger", found.challenger)]
    half = _SHOWN // 2
    shown = found.flips if len(found.flips) <= _SHOWN else [*found.flips[:-half][:half], *found.flips[-half:]]
    page = render(
        "comparison.html",
        title="Promote the challenger?",
        found=found,
        result=result,
        rules=rules,
        label_doubt=label_doubt,
        headline=HEADLINES[result.answer],
        advice=ADVICE[result.answer],
        curves={name: picture(draw_curves(both, name)) for name in SCORES},
        questions=QUESTIONS,
        shown=shown,
        pairs=list(zip(*found.scorecards, strict=True)),
        chances=[f"{1 - confidence:.2g}" for confidence in (CONFIDENCE, SLICE_CONFIDENCE)],
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page, encoding="utf-8")

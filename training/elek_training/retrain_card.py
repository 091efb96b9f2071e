"""Model card of a retrained bundle, from the run's own numbers: what it learnt, how it compares, where it fails."""

from collections.abc import Mapping
from typing import Any

from elek_training.compare import Comparison
from elek_training.evaluate import Evaluation, Figures
from elek_training.model_card import source_table

_WEAKEST = 8
_LEAST_LINES = 20


def write_retrain_card(described: Mapping[str, Any], evaluation: Evaluation, found: Comparison) -> str:
    """Write the card.

    Parameters
    ----------
    described : mapping
        The bundle's index.
    evaluation : Evaluation
        Of this bundle on its test.
    found : Comparison
        With the champion on the same lines.

    Returns
    -------
    str
        Markdown.
    """
    facts = described["retrain"]
    limits = ", ".join(f"{name} {value:.3f}" for name, value in described["thresholds"].items())
    left = "".join(f"- {n:,} labels left out: {cause}\n" for cause, n in facts["selection"]["left_out"].items())
    return f"""# Bundle of elek, retrained

Decision support: it never determines a classification by law. Scores are calibrated probabilities; read them with the
evidence.

## Learnt from

The champion `{facts["champion"]}`, which was trained on:

{source_table(described["data"]["counts"])}

and {facts["lines"]:,} new labelled lines of seizures and reviewers (owned by who runs
this bundle; it holds their text only as precedents).
Old knowledge was rehearsed on {facts["config"]["rehearsal_lines"]:,} composed lines with the champion's answers.
Cross-validation contradicts {facts["label_doubt"]:.1%} of the new labels.

{left}
## Measured on {len(evaluation.judged.lines):,} lines that neither bundle was trained on

{_table(evaluation.figures)}

## What changed since the champion

| figure | champion | this bundle | difference | 95 % interval | n |
|---|---:|---:|---:|---:|---:|
{_changes(found)}

{len(found.flips):,} lines are judged otherwise than before.

## Where it fails

{_weakest(evaluation)}
- Goods that neither the catalogue nor the training lines name.
- Part numbers of unknown families: the letters of a number alone say little.
- Languages other than Russian, Kazakh, Chinese and English.

## Thresholds and calibration

Thresholds and calibration are the champion's: {limits}. The misdeclaration
score assumes that a share of {described["priors"]["misdeclared"]:.2f} of declared codes is wrong.
"""


def _table(figures: Figures) -> str:
    rows = "\n".join(
        f"| {name} | {m.value:.3f} | {m.low:.3f} to {m.high:.3f} | {m.n:,} |" for name, m in figures.items()
    )
    return f"| measure | value | 95 % interval | n |\n|---|---:|---:|---:|\n{rows}"


def _changes(found: Comparison) -> str:
    rows = []
    for name, p in found.figures.items():
        d = p.difference
        interval = f"{d.low:+.3f} to {d.high:+.3f}"
        rows.append(f"| {name} | {p.champion:.3f} | {p.challenger:.3f} | {d.value:+.3f} | {interval} | {d.n:,} |")
    return "\n".join(rows)


def _weakest(evaluation: Evaluation) -> str:
    """Slices with the lowest heading accuracy."""
    rows = [
        (figures["heading top-1"], f"{kind} {name}")
        for kind, table in evaluation.slices.items()
        for name, figures in table.items()
        if "heading top-1" in figures and figures["heading top-1"].n >= _LEAST_LINES
    ]
    weakest = sorted(rows, key=lambda row: row[0].value)[:_WEAKEST]
    return "\n".join(
        f"- {name}: heading right for {m.value:.0%} ({m.low:.0%} to {m.high:.0%}, n {m.n:,})." for m, name in weakest
    )

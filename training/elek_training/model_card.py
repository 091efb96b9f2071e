"""Model card: `card.md`, written from the run's own facts."""

from collections.abc import Mapping
from typing import Any


def write_card(recorded: Mapping[str, Any], thresholds: Mapping[str, float]) -> str:
    """Write the card of a bundle.

    Parameters
    ----------
    recorded : mapping
        As in `bundle.json`: `data`, `config`, `metrics`, `priors`, `editions`.
    thresholds : mapping

    Returns
    -------
    str
        Markdown.
    """
    counts = "\n".join(f"| {name} | {n:,} |" for name, n in recorded["data"]["counts"].items())
    metrics = "\n".join(
        f"| {name} | {m['value']:.3f} | {m['low']:.3f} to {m['high']:.3f} | {m['n']:,} |"
        for name, m in recorded["metrics"].items()
    )
    limits = "\n".join(f"| {name} | {value:.3f} |" for name, value in thresholds.items())
    return f"""# Bundle of elek

Decision support: it never determines a classification by law. Scores are calibrated probabilities; read them with the
evidence.

## Trained on

| source | lines |
|---|---:|
{counts}

HS edition {recorded["editions"]["hs"]}; control entries: {recorded["editions"]["control"]}.

## Measured on groups of training lines that the first of the two fits had not seen

Held-out goods are new to the model in every language, so these figures are harder than lines that resemble known ones.

| measure | value | 95 % interval | n |
|---|---:|---:|---:|
{metrics}

## Thresholds

| score | queued at or above |
|---|---:|
{limits}

The misdeclaration score assumes that a share of {recorded["priors"]["misdeclared"]:.2f} of declared codes is wrong.

## Where it fails

- Goods that neither the catalogue nor the training lines name.
- Part numbers of unknown families: the letters of a number alone say little.
- Texts that name the goods only by a brand or a project.
- Languages other than Russian, Kazakh, Chinese and English.
"""

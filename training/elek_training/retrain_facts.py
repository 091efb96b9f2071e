"""Retrain facts: what a retrained bundle says of the labels it learnt from, in its `bundle.json` under ``retrain``."""

from pathlib import Path

from elek.bundle import Bundle


def label_doubt(folder: Path) -> float | None:
    """Share of the new labels that cross-validation contradicts; None for a bundle that was not retrained."""
    facts = Bundle.load(folder).index.get("retrain")
    return None if facts is None else float(facts["label_doubt"])

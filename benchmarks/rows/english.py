"""Rows on English reference lists: parcel descriptions, entries of the control lists, vague terms."""

import numpy as np

from benchmarks.contest import peers, ranking_figures
from benchmarks.figures import ELEK, Figure, Role
from benchmarks.guesses import Guesses, Ranks
from benchmarks.held_out import needed, split, trained
from benchmarks.lines import Task
from benchmarks.measures import binary
from benchmarks.peers import svc
from benchmarks.settings import Settings
from elek.labels import NONE
from elek_training.metrics import bootstrap, share


def parcel_headings(settings: Settings) -> list[Figure]:
    """Heading of parcel descriptions, none of which was trained on; the peers get the same English lines."""
    held = split(settings)
    test = [line for line in needed(held.parcels, "parcel descriptions") if line.hs and len(line.hs) >= 4]
    task = Task(
        [line for line in held.given if line.lang == "en" and line.hs and line.source != "electronic-parts"], test, 4
    )
    mine = trained(settings).ranks(task)
    return ranking_figures([task], peers(settings, "fpo") | {ELEK: (lambda _: mine, "elek")}, "heading")


def entries_of_paragraphs(settings: Settings) -> list[Figure]:
    """Control entry of a paragraph of the control lists, learnt from the other paragraphs."""
    held = split(settings)
    test = [line for line in needed(held.paragraphs, "control lists") if line.control]
    texts, truth = [line.description for line in test], [(line.control or ("",))[0] for line in test]
    train = [
        (line.description, line.control[0], 1.0)
        for line in held.given
        if line.control and line.source in ("annex1", "ccl")
    ]
    theirs = Guesses(*svc.margins(train, texts, svc.Choice())).ranks(1)
    scored = trained(settings).score(texts)
    mine = [[r.code for r in s.control if r.code != NONE][:1] for s in scored]
    contestants: list[tuple[str, Ranks, Role]] = [
        (ELEK, mine, "elek"),
        (svc.NAME, theirs, "peer"),
    ]
    figures = []
    for name, ranks, role in contestants:
        first = [r[0] if r else "" for r in ranks]
        figures += [
            Figure(name, "category top-1", share([a[:1] == b[:1] for a, b in zip(first, truth, strict=True)]), role),
            Figure(name, "entry top-1", share([a == b for a, b in zip(first, truth, strict=True)]), role),
        ]
    return figures


def vague_terms(settings: Settings) -> list[Figure]:
    """Tell terms that say too little from search references; a fifth of each was left out of training."""
    held = split(settings)
    test = [*needed(held.vague, "vague terms"), *needed(held.references, "search references")]
    texts, truth = [line.description for line in test], np.array([float(bool(line.vague)) for line in test])
    mine = np.array([s.vagueness_score or 0.0 for s in trained(settings).score(texts)])
    pairs = [(line.description, str(line.vague), 1.0) for line in held.given if line.vague is not None]
    theirs = svc.margins(pairs, texts, svc.Choice())[1][:, 1].astype(np.float64)
    figures = binary(
        {ELEK: (mine, "elek"), svc.NAME: (theirs, "peer")}, "AUC", lambda scores: bootstrap("auc", scores, truth)
    )
    return [*figures, Figure(ELEK, "ECE", bootstrap("ece", mine, truth), "elek")]

"""Rows on controlled goods: listed parts against others, and goods of the catalogue that were left out."""

from functools import partial

import numpy as np

from benchmarks.contest import folds, svc_guesses
from benchmarks.elek_bundle import Recipe, bundle
from benchmarks.figures import ELEK, Figure, Role
from benchmarks.held_out import benign_goods, controlled_goods, split, trained
from benchmarks.lines import nomenclature, parts
from benchmarks.measures import Floats, binary, recall_at
from benchmarks.peers import svc
from benchmarks.settings import Settings
from elek_training.catalogue import LANGUAGES
from elek_training.controlled_truth import controlled_truth
from elek_training.metrics import bootstrap
from elek_training.taxonomy import read_taxonomy

YES_OR_NO = "TF-IDF + LinearSVC, controlled or not"


def listed_parts(settings: Settings) -> list[Figure]:
    """Tell parts on the CHPL from others, split by family."""
    chpl = read_taxonomy().chpl
    tasks = list(folds(parts(settings), nomenclature(settings, russian=False), 6, settings))
    guess = svc_guesses(settings, "parts")
    found: dict[str, list[Floats]] = {ELEK: [], svc.NAME: [], YES_OR_NO: []}
    for task in tasks:
        texts = [line.description for line in task.test]
        mine = bundle(Recipe(task.train), settings).score(texts)
        found[ELEK].append(np.array([s.controlled_score or 0.0 for s in mine]))
        guesses = guess(task)
        on_list = np.array([code in chpl for code in guesses.classes])
        found[svc.NAME].append(guesses.probabilities()[:, on_list].sum(axis=1))
        pairs = [
            (line.description, str(line.hs in chpl), line.weight)
            for line in task.train
            if line.hs and len(line.hs) == 6
        ]
        found[YES_OR_NO].append(svc.margins(pairs, texts, svc.Choice())[1][:, 1].astype(np.float64))
    truth = np.array([float(code in chpl) for task in tasks for code in task.truth])
    roles: dict[str, Role] = {ELEK: "elek"}
    together = {name: (np.concatenate(scores), roles.get(name, "peer")) for name, scores in found.items()}
    return binary(together, "recall at 5 % false flags", lambda scores: recall_at(0.05, scores, truth))


def left_out_goods(settings: Settings) -> list[Figure]:
    """Tell controlled goods from harmless ones, none of which was trained on, in four languages."""
    held = split(settings)
    named = [
        (name, kind, lang)
        for lang in LANGUAGES
        for kind, goods in ((1.0, controlled_goods(held.left_out)), (0.0, benign_goods(held.left_out)))
        for _, name in held.names(goods, lang)
    ]
    texts, truth = [name for name, _, _ in named], np.array([kind for _, kind, _ in named])
    langs = np.array([lang for _, _, lang in named])
    mine = np.array([s.controlled_score or 0.0 for s in trained(settings).score(texts)])
    lines = [*held.recipe.own(settings), *held.given]
    told = controlled_truth(lines).tolist()
    pairs = [(line.description, str(bool(t)), line.weight) for line, t in zip(lines, told, strict=True) if t == t]
    theirs = svc.margins(pairs, texts, svc.Choice())[1][:, 1].astype(np.float64)
    both: dict[str, tuple[Floats, Role]] = {ELEK: (mine, "elek"), YES_OR_NO: (theirs, "peer")}
    figures = binary(both, "recall at 1 % false flags", lambda scores: recall_at(0.01, scores, truth))
    for lang in LANGUAGES:
        of_lang = langs == lang
        parts_of = {name: (scores[of_lang], role) for name, (scores, role) in both.items()}
        figures += binary(parts_of, f"the same, {lang}", partial(recall_at, 0.01, truth=truth[of_lang]))
    return [*figures, Figure(ELEK, "ECE", bootstrap("ece", mine, truth), "elek")]

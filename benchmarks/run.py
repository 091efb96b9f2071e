"""elek and its strongest peer, side by side: same lines, same grouped folds, same run.

Uses the Russian declarations beside the checkout when they are there, the composed lines otherwise. Writes
benchmarks/results.json and benchmarks/results.md; nothing else prints figures.

Not here yet: the UK parcel recipe, nearest neighbours on MiniLM, fastText, cleanlab for misdeclaration.
"""

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_union
from sklearn.svm import LinearSVC

from elek_training.catalogue import read_catalogue, read_vague
from elek_training.compose import Composer
from elek_training.config import read_config
from elek_training.fit import fit, prepare
from elek_training.importers import read_official
from elek_training.labelled import LabelledLine, current_code, read_labelled
from elek_training.metrics import share
from elek_training.sources import nomenclature_lines
from elek_training.split import group_of, in_fold
from elek_training.targets import LabelSpace
from elek_training.taxonomy import read_taxonomy
from elek_training.tree import read_tree

HERE = Path(__file__).parent
SHARED = HERE.parents[1] / "shared" / "data"
FOLDS = 5

Ranks = list[list[str]]


def dev_lines() -> tuple[list[LabelledLine], list[LabelledLine]]:
    """Give the lines to split, and the nomenclature text that every contestant trains on too."""
    nomenclature = nomenclature_lines(0.5)
    if not SHARED.is_dir():
        return list(Composer(read_catalogue(), read_vague()).lines(4000, 1)), nomenclature
    from collections import Counter
    from dataclasses import replace

    tnved = read_official("tnved", SHARED / "tnved-ru" / "tnved10_ru.csv")
    moved = [replace(line, hs=current_code(line.hs or "", Counter())) for line in tnved]
    return read_labelled(SHARED / "ru-declarations" / "lines.csv").lines, nomenclature + [m for m in moved if m.hs]


def fold_of(line: LabelledLine) -> int:
    """Give the fold of a line's group."""
    return next(k for k in range(FOLDS) if in_fold(group_of(line), (k + 1) / FOLDS, 4))


def svc(train: Sequence[LabelledLine], test: Sequence[LabelledLine]) -> Ranks:
    """Train TF-IDF of character 2-5-grams and word 1-2-grams with a linear SVC, the peer to beat."""
    vectors = make_union(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
    )
    coded = [line for line in train if line.hs and len(line.hs) >= 4]
    model = LinearSVC(C=0.5)
    model.fit(
        vectors.fit_transform([line.description for line in coded]),
        [line.hs[:4] for line in coded if line.hs],
        sample_weight=[line.weight for line in coded],
    )
    scores = model.decision_function(vectors.transform([line.description for line in test]))
    return [[str(model.classes_[i]) for i in row] for row in np.argsort(-scores, axis=1)[:, :5]]


def elek(train: Sequence[LabelledLine], test: Sequence[LabelledLine]) -> Ranks:
    """Train the default model, with the catalogue beside the same lines."""
    config = read_config("ngram")
    space = LabelSpace(read_tree(), read_taxonomy().labels())
    composed = list(Composer(read_catalogue(), read_vague()).lines(config.composed_lines, config.seed))
    model = fit(prepare([*composed, *train], config.n_rows), config, space, lambda *_: None)
    rows = prepare(test, config.n_rows).rows
    with torch.no_grad():
        logits = torch.cat([model.heads.hs_logits(model.embed(rows[i : i + 256])) for i in range(0, len(rows), 256)])
        top = space.tree.heading_log_mass(logits).topk(5).indices.tolist()
    return [[space.tree.headings[i] for i in row] for row in top]


CONTESTANTS = {"TF-IDF + LinearSVC": svc, "elek ngram": elek}


def main() -> None:
    """Run every contestant on the chosen folds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=FOLDS, help="how many of the 5 folds to run")
    chosen = parser.parse_args().folds
    lines, nomenclature = dev_lines()
    results = {}
    for name, contestant in CONTESTANTS.items():
        first, five, seconds = [], [], 0.0
        for k in range(chosen):
            train = [line for line in lines if fold_of(line) != k]
            test = [line for line in lines if fold_of(line) == k and line.hs and not line.vague]
            started = time.perf_counter()
            ranks = contestant([*nomenclature, *train], test)
            seconds += time.perf_counter() - started
            first += [r[0] == (line.hs or "")[:4] for r, line in zip(ranks, test, strict=True)]
            five += [(line.hs or "")[:4] in r for r, line in zip(ranks, test, strict=True)]
        results[name] = {
            "heading top-1": share(first).as_dict(),
            "heading top-5": share(five).as_dict(),
            "seconds a fold": round(seconds / chosen),
        }
        print(name, json.dumps(results[name]))
    (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    rows = [
        f"| {name} | {r['heading top-1']['value']:.3f} ({r['heading top-1']['low']:.3f} to {r['heading top-1']['high']:.3f}) "
        f"| {r['heading top-5']['value']:.3f} ({r['heading top-5']['low']:.3f} to {r['heading top-5']['high']:.3f}) "
        f"| {r['heading top-1']['n']} | {r['seconds a fold']} |"
        for name, r in results.items()
    ]
    head = (
        "| model | heading top-1 (95 %) | heading top-5 (95 %) | n | train + test seconds |\n|---|---|---|---:|---:|\n"
    )
    (HERE / "results.md").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

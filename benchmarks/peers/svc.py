"""TF-IDF of characters and words with a linear SVC: the peer to beat. Its C and n-gram range are searched on training folds."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion, make_union
from sklearn.svm import LinearSVC

from benchmarks.guesses import Guesses, hits, kept
from benchmarks.lines import Task
from benchmarks.settings import FOLDS, fold_of

NAME = "TF-IDF + LinearSVC"
_BESIDE = 6000
"""Nomenclature lines of the codes asked for that take part in the search; with all of them it would take an hour."""


@dataclass(frozen=True)
class Choice:
    """What is searched: penalty and the range of character n-grams."""

    c: float = 0.5
    low: int = 2
    high: int = 5


def _vectors(choice: Choice) -> FeatureUnion:
    return make_union(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(choice.low, choice.high), sublinear_tf=True, min_df=2),
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
    )


def margins(
    train: Sequence[tuple[str, str, float]], test: Sequence[str], choice: Choice
) -> tuple[tuple[str, ...], npt.NDArray[np.float32]]:
    """Train on (text, class, weight) and give classes and decision values; of two classes, one column each."""
    vectors = _vectors(choice)
    model = LinearSVC(C=choice.c)
    model.fit(
        vectors.fit_transform([text for text, _, _ in train]),
        [label for _, label, _ in train],
        sample_weight=[weight for _, _, weight in train],
    )
    scores = model.decision_function(vectors.transform(list(test)))
    if scores.ndim == 1:
        scores = np.stack([-scores, scores], axis=1)
    return tuple(str(c) for c in model.classes_), scores.astype(np.float32)


def guess(task: Task, choice: Choice, folder: Path | None = None) -> Guesses:
    """Train on the coded lines of a task and score its test lines; kept in `folder` when one is given."""
    if folder is not None:
        return kept(task, repr(choice), folder, lambda t: guess(t, choice))
    coded = [
        (line.description, line.hs[: task.digits], line.weight)
        for line in task.train
        if line.hs and len(line.hs) >= task.digits
    ]
    return Guesses(*margins(coded, [line.description for line in task.test], choice))


def search(task: Task, store: Path) -> Choice:
    """Choose C, then the n-gram range, on a fifth of the task's own training groups; the choice is kept in `store`.

    Parameters
    ----------
    task : Task
        Its test lines are not looked at.
    store : Path
        JSON file, read when it is there.

    Returns
    -------
    Choice
    """
    if store.is_file():
        return Choice(**json.loads(store.read_text(encoding="utf-8"))["choice"])
    with_weight_one = [line for line in task.train if line.weight == 1 and line.hs and len(line.hs) >= task.digits]
    held = {id(line) for line in with_weight_one if fold_of(replace(line, group=f"inner:{line.group}")) == FOLDS - 1}
    if not held:  # nothing but nomenclature, on which a choice would say little
        return Choice()
    asked = {(line.hs or "")[: task.digits] for line in with_weight_one}  # no other code can be a right answer
    beside = [line for line in task.train if line.weight < 1 and line.hs and line.hs[: task.digits] in asked]
    Random(0).shuffle(beside)
    inner = Task(
        [line for line in with_weight_one if id(line) not in held] + beside[:_BESIDE],
        [line for line in with_weight_one if id(line) in held],
        task.digits,
    )
    tried: dict[Choice, float] = {}

    def value(choice: Choice) -> float:
        tried[choice] = float(np.mean(hits(inner, guess(inner, choice).ranks())[0]))
        return tried[choice]

    best = max((Choice(c=c) for c in (0.15, 0.5, 1.5)), key=value)
    for low, high in ((2, 4), (3, 5), (1, 6)):
        value(replace(best, low=low, high=high))
    best = max(tried, key=lambda choice: tried[choice])
    store.parent.mkdir(parents=True, exist_ok=True)
    found = {"choice": asdict(best), "tried": [{**asdict(c), "top-1": round(v, 4)} for c, v in tried.items()]}
    store.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return best

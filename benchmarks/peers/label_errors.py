"""Doubts about a declared code: the two scores of cleanlab, and the plain ones that users take."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from cleanlab.rank import get_label_quality_scores

from benchmarks.guesses import Guesses

Scores = dict[str, npt.NDArray[np.float64]]


def doubts(guesses: Guesses, declared: Sequence[str]) -> Scores:
    """Score how doubtful each declared class is, in four ways.

    Parameters
    ----------
    guesses : Guesses
        Out of fold.
    declared : sequence of str, length n
        A class unknown to the guesses is as doubtful as can be.

    Returns
    -------
    dict of str to ndarray, shape (n,)
        Larger is more doubtful.
    """
    at = {code: i for i, code in enumerate(guesses.classes)}
    known = np.array([code in at for code in declared])
    labels = np.array([at.get(code, 0) for code in declared])
    p = guesses.probabilities()
    rows = np.arange(len(labels))
    found = {
        "SVC margin": guesses.scores.max(axis=1) - guesses.scores[rows, labels],
        "SVC softmax": 1 - p[rows, labels],
        "cleanlab self-confidence": 1 - get_label_quality_scores(labels, p, method="self_confidence"),
        "cleanlab normalized margin": 1 - get_label_quality_scores(labels, p, method="normalized_margin"),
    }
    return {name: np.where(known, score, np.inf) for name, score in found.items()}

"""Conformal sets: "one of {3A001, 3A991, none} at 95 %", with thresholds learnt on groups that the model has not seen.

Split conformal prediction with the least ambiguous sets (Sadinle, Lei and Wasserman 2019, arXiv:1609.00451): a set holds every
label whose probability reaches the threshold, and the threshold is a low quantile of the probabilities that true labels got.
"""

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from elek_training.fit import GoodsModel, Prepared
from elek_training.graph import GoodsGraph
from elek_training.targets import hides_goods

COVERAGE = 0.95


@dataclass(frozen=True, slots=True)
class ConformalSet:
    """How sets of one head are made.

    Attributes
    ----------
    coverage : float
        Share of lines whose set holds the true label, at least, for lines like those it was learnt on.
    threshold : float
        A label is in the set when its probability reaches this; the most probable one always is.
    n : int
        Lines it was learnt on.
    """

    coverage: float
    threshold: float
    n: int


def conformal_threshold(p_true: npt.NDArray[np.float64], coverage: float = COVERAGE) -> float:
    """Give the threshold that the true label reaches with the coverage asked for.

    Parameters
    ----------
    p_true : ndarray, shape (n,)
        Probability that each line's true label got.
    coverage : float
        In (0, 1).

    Returns
    -------
    float
        0 where the lines are too few to say.

    Examples
    --------
    >>> conformal_threshold(np.arange(1, 100) / 100, 0.95)
    0.05
    """
    rank = math.floor((1 - coverage) * (len(p_true) + 1))
    return float(np.sort(p_true)[rank - 1]) if rank >= 1 else 0.0


def conformal_sets(graph: GoodsGraph, model: GoodsModel, held: Prepared) -> dict[str, Any]:
    """Learn the sets of control entries and headings on held-out lines.

    Parameters
    ----------
    graph : GoodsGraph
        Of a model that has not seen the groups of `held`.
    model : GoodsModel
    held : Prepared

    Returns
    -------
    dict
        `control` and `headings`, each as the fields of `ConformalSet`; what no line tells is left out.
    """
    headings = {code: i for i, code in enumerate(graph.tree.headings)}
    entries = {e.entry: i for i, e in enumerate(model.space.entries)}
    p_true: dict[str, list[float]] = {"control": [], "headings": []}
    with torch.no_grad():
        for at in range(0, len(held.rows), 256):
            lines = held.lines[at : at + 256]
            none = torch.full((len(lines), 3), -1)
            outputs, _ = graph.judge(model.embed(held.rows[at : at + 256]), none, torch.ones(len(lines), 1))
            for row, line in enumerate(lines):
                if hides_goods(line):
                    continue
                if line.control:
                    p_true["control"].append(max(float(outputs["control"][row, entries[e]]) for e in line.control))
                if line.hs and line.hs[:4] in headings and not line.vague:
                    p_true["headings"].append(float(outputs["headings"][row, headings[line.hs[:4]]]))
    return {
        name: asdict(ConformalSet(COVERAGE, conformal_threshold(np.array(p)), len(p)))
        for name, p in p_true.items()
        if p
    }

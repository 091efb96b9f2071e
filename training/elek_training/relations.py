"""Relations: which lines must stay on one side of a split: near-duplicates, one case, one group, one part family."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from elek.text import normalise
from elek_training.clusters import near_duplicates, part_families
from elek_training.labelled import LabelledLine


def _families(line: LabelledLine) -> list[str]:
    return part_families(normalise(line.description).text)


KINDS: dict[str, Callable[[LabelledLine], list[str]]] = {
    "case": lambda line: [line.case_id] if line.case_id else [],
    "group": lambda line: [line.group] if line.group else [],
    "part family": _families,
}
"""Relation to the names that join lines by it; near-duplicates come beside them."""


def relate(lines: Sequence[LabelledLine]) -> npt.NDArray[np.int64]:
    """Find each line's set of relatives.

    Parameters
    ----------
    lines : sequence of LabelledLine, length n

    Returns
    -------
    ndarray of int64, shape (n,)
        Equal for lines that near-duplicates, cases, groups or part families join, also through others.
    """
    edges = [_star(near_duplicates([line.description for line in lines]))]
    for names_of in KINDS.values():
        edges.append(shared_names(lines, names_of))
    rows = np.concatenate(edges)
    graph = coo_array((np.ones(len(rows)), (rows[:, 0], rows[:, 1])), shape=(len(lines), len(lines)))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def relation_names(lines: Sequence[LabelledLine], related: npt.NDArray[np.int64]) -> list[str]:
    """Give each line the name of its relatives: the smallest digest of their texts, equal on every machine."""
    digests = [
        hashlib.sha256(normalise(line.description).text.encode("utf-8", "replace")).hexdigest()[:16] for line in lines
    ]
    smallest: dict[int, str] = {}
    for number, digest in zip(related.tolist(), digests, strict=True):
        smallest[number] = min(digest, smallest.get(number, digest))
    return [f"related:{smallest[number]}" for number in related.tolist()]


def with_relations(lines: Sequence[LabelledLine]) -> list[LabelledLine]:
    """Give lines whose `group` names their set of relatives."""
    names = relation_names(lines, relate(lines))
    return [replace(line, group=name) for line, name in zip(lines, names, strict=True)]


def shared_names(lines: Sequence[LabelledLine], names_of: Callable[[LabelledLine], list[str]]) -> npt.NDArray[np.int64]:
    """Pairs of lines (the first with a name, another with it); shape (m, 2)."""
    first: dict[str, int] = {}
    pairs = [(first.setdefault(name, row), row) for row, line in enumerate(lines) for name in names_of(line)]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _star(cluster: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    first: dict[int, int] = {}
    pairs = [(first.setdefault(number, row), row) for row, number in enumerate(cluster.tolist())]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)

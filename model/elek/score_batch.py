"""ScoreBatch: columns in, columns out, one row for each line; what Ray, Spark and a loop over files all call."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from elek.goods import GoodsLine, ScoredLine
from elek.scorer import Scorer

SCORED_COLUMNS = (
    "line_id", "status", "verdict", "controlled_score", "misdeclaration_score", "vagueness_score", "record"
)  # fmt: skip
"""Columns of the answer; `record` is the published record as JSON."""

_FIELDS = tuple(f.name for f in fields(GoodsLine))


class ScoreBatch:
    """Scores batches of columns with one bundle, which is loaded when the first batch comes.

    An instance holds nothing but a path until then, so it travels to a worker as it is.

    Parameters
    ----------
    bundle : path, optional
        Folder of the bundle; default is the starter.
    top : int
        Length of the ranked lists.

    Examples
    --------
    >>> answer = ScoreBatch()({"description": ["квадрокоптер", None], "declared_hs": ["950300", None]})
    >>> answer["line_id"], answer["status"]
    (['1', '2'], ['ok', 'error'])
    """

    def __init__(self, bundle: str | os.PathLike[str] | None = None, top: int = 5) -> None:
        self._folder = None if bundle is None else os.fspath(bundle)
        self._top = top
        self._scorer: Scorer | None = None

    def __call__(self, batch: Mapping[str, Iterable[Any]]) -> dict[str, list[Any]]:
        """Score a batch.

        Parameters
        ----------
        batch : mapping of str to column
            `description` and any other field of a goods line; further columns are ignored. A column is anything that iterates:
            a list, an array, an Arrow column. Empty cells are None or NaN.

        Returns
        -------
        dict of str to list
            `SCORED_COLUMNS`, a row for each row, in order. One that cannot be scored has status "error"; none raises.
            Without a `line_id`, the row number within the batch stands for it.

        Raises
        ------
        ValueError
            If there is no column `description`, or columns differ in length.
        """
        if "description" not in batch:
            raise ValueError("no column 'description'; rename the column that holds the descriptions")
        columns = {name: _cells(batch[name]) for name in _FIELDS if name in batch}
        n = len(columns["description"])
        wrong = next((name for name, cells in columns.items() if len(cells) != n), None)
        if wrong:
            raise ValueError(f"column '{wrong}' has {len(columns[wrong])} rows, 'description' has {n}")
        lines = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        return as_columns(self.scorer.score(lines, top=self._top))

    @property
    def scorer(self) -> Scorer:
        """The running bundle."""
        if self._scorer is None:
            self._scorer = Scorer.load(self._folder)
        return self._scorer

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_scorer": None}


def as_columns(scored: Sequence[ScoredLine]) -> dict[str, list[Any]]:
    """Lay scored lines out as `SCORED_COLUMNS`."""
    records = [line.to_record() for line in scored]
    columns: dict[str, list[Any]] = {name: [r[name] for r in records] for name in SCORED_COLUMNS if name != "record"}
    columns["record"] = [json.dumps(record, ensure_ascii=False) for record in records]
    return columns


def _cells(column: Iterable[Any]) -> list[Any]:
    to_list = getattr(column, "to_pylist", None) or getattr(column, "tolist", None)
    return list(to_list()) if to_list else list(column)

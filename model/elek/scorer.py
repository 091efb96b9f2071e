"""Scorer: goods lines in, scored lines out, in the order given. Reads a bundle; never trains, never reads the network."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import cached_property, lru_cache, partial

import numpy as np
import numpy.typing as npt

from elek.answer import Answers
from elek.bundle import WORDS, Bundle
from elek.code_points import padded_length, to_code_points
from elek.errors import BundleError
from elek.graph import Graph, Scores
from elek.precedents import Precedents
from elek.reading import NO_COLUMNS, Columns, Line, Reading, read_code, read_lines
from elek.scored_lines import ScoredLines
from elek.sound import sound_form
from elek.spelling import Spelling
from elek.vocabulary import Vocabulary

BATCH = 32
"""Texts that go through the graph at once; of similar length, so that little is padded."""

BATCH_CHARACTERS = 16_384
"""Texts times length that go through the graph at once: bounds its memory."""

GOLDEN_TOLERANCE = 1e-4
"""Largest difference between a golden score and this machine's."""

_CODES_KEPT = 8192


class Scorer:
    """A running bundle.

    Parameters
    ----------
    bundle : Bundle
        Verified, as `Bundle.load` gives it.
    check_golden : bool
        Whether the golden lines must be there and get their scores; only an export that is about to write them does without.

    Raises
    ------
    BundleError
        If the graph cannot be run, or a golden line does not get its expected scores on this machine.

    Examples
    --------
    >>> scorer = Scorer.load()
    >>> [line] = scorer.score([{"description": "Квадрокоптер с камерой DJI Mavic 3", "declared_hs": "950300"}])
    >>> line.status, line.headings[0].code
    ('ok', '8806')
    """

    def __init__(self, bundle: Bundle, *, check_golden: bool = True) -> None:
        self.bundle = bundle
        self.labels = bundle.labels
        words = bundle.files.get(WORDS)
        self._spelling = Spelling(Vocabulary.from_bytes(words)) if words is not None else None
        folded = sound_form if bundle.index["format_version"] >= 2 else str
        self._form: Callable[[str], str] = self._spelling.read if self._spelling else folded
        self._graph = Graph(bundle.files["model.onnx"], bundle.labels)
        self._read_code = lru_cache(_CODES_KEPT)(partial(read_code, labels=bundle.labels))
        self._answers = Answers(bundle)
        if check_golden:
            self._check_golden()

    @classmethod
    def load(cls, folder: str | os.PathLike[str] | None = None) -> "Scorer":
        """Load a bundle from a folder; without one, the starter bundle."""
        return cls(Bundle.load(folder))

    def score(self, lines: Iterable[Line], *, top: int = 5) -> ScoredLines:
        """Score goods lines.

        A line's scores depend on nothing but its own description and declared code.

        Parameters
        ----------
        lines : iterable of GoodsLine, mapping or str
            A mapping holds the fields of `GoodsLine`; a str is a description. May be empty.
        top : int
            Length of the ranked lists, at least 1.

        Returns
        -------
        ScoredLines
            A list of ScoredLine, one for each line, in order. A line that cannot be scored has status "error".

        Raises
        ------
        TypeError
            If `lines` is one line, or holds something else than lines.
        ValueError
            If `top` is below 1.
        """
        if top < 1:
            raise ValueError(f"top must be at least 1, got {top}")
        readings = read_lines(lines, self._read_code)
        rows, scores = self._score(readings, top)
        return ScoredLines(self._answers.give(readings, rows, scores))

    def arrays(self, lines: Iterable[Line], *, top: int = 5) -> Scores:
        """Score goods lines into arrays: the same numbers as `score`, without a record for each line.

        Parameters
        ----------
        lines : iterable of GoodsLine, mapping or str
        top : int
            Headings and subheadings wanted, at least 1.

        Returns
        -------
        Scores
            A row for each line, in order. Scores of a line that cannot be scored are NaN, its columns -1; so are `misdeclared` and
            `declared_p` of a line without a readable declared code.

        Examples
        --------
        >>> scores = Scorer.load().arrays(["квадрокоптер", ""])
        >>> scores.controlled.shape, bool(np.isnan(scores.controlled[1]))
        ((2,), True)
        """
        readings = read_lines(lines, self._read_code)
        rows, scores = self._score(readings, top)
        return _by_line(readings, rows, scores)

    def read(self, line: Line) -> Reading:
        """Read one goods line as `score` does: its normalised windows, its flags, its declared code."""
        return read_lines([line], self._read_code)[0]

    def respelt(self, text: str) -> list[tuple[str, str]]:
        """Give the words of a normalised text that are read as others, and as what; see `elek.spelling.Spelling.respelt`."""
        return self._spelling.respelt(text) if self._spelling else []

    def wordings(self, line: Line, texts: Sequence[str], *, top: int = 5) -> Scores:
        """Score other wordings under the declared code of one goods line.

        Parameters
        ----------
        line : GoodsLine, mapping or str
        texts : sequence of str, length n
            Normalised; they are scored as they are.
        top : int

        Returns
        -------
        Scores
            A row for each text; `misdeclared` is NaN without a readable declared code.
        """
        code = self.read(line).code
        scores = self._run(list(texts), [code.columns] * len(texts), top)
        if code.columns[0] < 0:
            scores.misdeclared[:] = np.nan
        return scores

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Embed normalised texts; shape (n, width), unit length."""
        return self._graph.embed(to_code_points([self._form(text) for text in texts]))

    @cached_property
    def precedents(self) -> Precedents:
        """Known goods of the bundle."""
        return Precedents.from_bytes(self.bundle.files["precedents.npz"])

    def _score(self, readings: Sequence[Reading], top: int) -> tuple[list[int], Scores]:
        """Score what was read; gives the row of each line, -1 for none, and the scores of the rows."""
        texts = [text for r in readings for text in (*r.texts, *r.pieces)]
        declared = [r.code.columns for r in readings for _ in range(len(r.texts) + len(r.pieces))]
        scores = self._run(texts, declared, top)
        if len(texts) == len(readings) and all(len(r.texts) == 1 for r in readings):
            return list(range(len(texts))), scores
        rows, at = [], 0
        for r in readings:
            row = _join_windows(scores, at, len(r.texts)) if r.texts else -1
            at += len(r.texts)
            if r.pieces:
                _join_pieces(scores, row, at, len(r.pieces))
            at += len(r.pieces)
            rows.append(row)
        return rows, scores

    def _run(self, texts: list[str], declared: list[Columns], top: int) -> Scores:
        """Score texts in batches of similar length; the result is in the order of `texts`."""
        if not texts:  # the graph takes no empty batch
            one = self._run(["x"], [NO_COLUMNS], top)
            return Scores(**{f.name: getattr(one, f.name)[:0] for f in fields(Scores)})
        texts = [self._form(text) for text in texts]
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        order = np.argsort(lengths, kind="stable")
        columns = np.array(declared, dtype=np.int64).reshape(len(texts), 3)
        texts, columns = [texts[i] for i in order.tolist()], columns[order]
        parts, at = [], 0
        while at < len(texts):
            batch = texts[at : at + BATCH]
            length = padded_length(len(batch[-1]))
            batch = batch[: max(1, BATCH_CHARACTERS // length)]
            parts.append(self._graph.run(to_code_points(batch, length), columns[at : at + len(batch)], top))
            at += len(batch)
        if len(order) == 1:
            return parts[0]
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        return Scores(**{f.name: np.concatenate([getattr(p, f.name) for p in parts])[back] for f in fields(Scores)})

    def _check_golden(self) -> None:
        golden = self.bundle.golden()
        if not golden:
            raise BundleError(
                "golden.jsonl holds no lines, so nothing shows that this bundle scores right; export it again"
            )
        try:
            again = self.score([g["line"] for g in golden])
        except TypeError as error:
            raise BundleError(f"golden.jsonl holds what is no goods line ({error}); export the bundle again") from error
        for expected, line in zip(golden, again, strict=True):
            record = line.to_record()
            for name, value in expected["scores"].items():
                if not _agree(value, record.get(name)):
                    raise BundleError(
                        f"golden.jsonl line '{line.line_id}': {name} is {record.get(name)} here, {value} when exported; "
                        "do not use this bundle on this machine, export it again"
                    )


def _agree(expected: float | None, got: float | None) -> bool:
    if expected is None or got is None:
        return expected is got
    return abs(expected - got) <= GOLDEN_TOLERANCE


def _join_windows(scores: Scores, first: int, n: int) -> int:
    """Join the rows of a line's windows in the most controlled one, and give that row.

    The line is as vague as its clearest window, and as wrongly declared as its worst.
    """
    if n == 1:
        return first
    span = slice(first, first + n)
    row = first + int(scores.controlled[span].argmax())
    scores.vague[row] = scores.vague[span].min()
    scores.misdeclared[row] = scores.misdeclared[span].max()
    scores.declared_p[row] = scores.declared_p[span].max()
    return row


def _join_pieces(scores: Scores, row: int, first: int, n: int) -> None:
    """Let the piece that names the most controlled good speak for what is controlled; the whole text speaks for the rest."""
    piece = first + int(scores.controlled[first : first + n].argmax())
    if scores.controlled[piece] > scores.controlled[row]:
        for of_all in (scores.controlled, scores.control, scores.chpl):
            of_all[row] = of_all[piece]


def _by_line(readings: Sequence[Reading], rows: Sequence[int], scores: Scores) -> Scores:
    at = np.array(rows, dtype=np.int64)
    columns = {f.name: getattr(scores, f.name) for f in fields(Scores)}
    if len(columns["controlled"]):
        columns = {name: values[np.maximum(at, 0)] for name, values in columns.items()}
    else:
        columns = {name: np.zeros((len(at), *values.shape[1:]), values.dtype) for name, values in columns.items()}
    for values in columns.values():
        values[at < 0] = -1 if values.dtype == np.int64 else np.nan
    unjudged = [r.code.declared is None or r.code.declared.p is None for r in readings]
    nowhere = [not u and r.code.columns[0] < 0 for r, u in zip(readings, unjudged, strict=True)]
    for name, value in (("misdeclared", 1.0), ("declared_p", 0.0)):
        columns[name][np.array(nowhere, dtype=bool) & (at >= 0)] = value
        columns[name][np.array(unjudged, dtype=bool)] = np.nan
    return Scores(**columns)

"""Scorer: goods lines in, scored lines out, in the order given. Reads a bundle; never trains, never reads the network."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from elek.bundle import Bundle
from elek.code_points import padded_length, to_code_points
from elek.codes import parse_hs
from elek.errors import BundleError, CodeError
from elek.goods import DeclaredCode, GoodsLine, Ranked, ScoredLine
from elek.graph import Graph, Scores
from elek.labels import NONE, TIERS, Labels
from elek.sound import sound_form
from elek.text import normalise, windows
from elek.verdict import crossed, decide

BATCH = 32
"""Texts that go through the graph at once; of similar length, so that little is padded."""

GOLDEN_TOLERANCE = 1e-4
"""Largest difference between a golden score and this machine's."""

ASK_WHAT = "Which goods exactly: name, purpose, material, maker and model number?"

Line = GoodsLine | Mapping[str, Any] | str

_FIELDS = frozenset(f.name for f in fields(GoodsLine))


@dataclass(frozen=True, slots=True)
class _Read:
    """A goods line as read: its windows' texts, the flags of text and code, and the declared code."""

    line: GoodsLine
    texts: tuple[str, ...]
    flags: tuple[str, ...]
    declared: DeclaredCode | None
    indices: tuple[int, int, int]


class Scorer:
    """A running bundle.

    Parameters
    ----------
    bundle : Bundle
        Verified, as `Bundle.load` gives it.

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

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.labels = bundle.labels
        self._form = sound_form if bundle.index["format_version"] >= 2 else str
        self._graph = Graph(bundle.files["model.onnx"])
        self._check_golden()

    @classmethod
    def load(cls, folder: str | os.PathLike[str] | None = None) -> "Scorer":
        """Load a bundle from a folder; without one, the starter bundle."""
        return cls(Bundle.load(folder))

    def score(self, lines: Iterable[Line], *, top: int = 5) -> list[ScoredLine]:
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
        list of ScoredLine
            One for each line, in order. A line that cannot be scored has status "error".

        Raises
        ------
        TypeError
            If `lines` is one line, or holds something else than lines.
        ValueError
            If `top` is below 1.
        """
        if isinstance(lines, str | bytes | Mapping | GoodsLine):
            raise TypeError("score() takes a list of lines; put the one line into a list: score([line])")
        if top < 1:
            raise ValueError(f"top must be at least 1, got {top}")
        read = [_read(_as_line(line, row), self.labels) for row, line in enumerate(lines, start=1)]
        texts = [text for r in read for text in r.texts]
        scores = self._run(texts, [r.indices for r in read for _ in r.texts], top)
        scored, at = [], 0
        for r in read:
            scored.append(self._line(r, scores, range(at, at + len(r.texts))))
            at += len(r.texts)
        return scored

    def _run(self, texts: list[str], declared: list[tuple[int, int, int]], top: int) -> Scores | None:
        """Score texts in batches of similar length; the result is in the order of `texts`, None for no texts."""
        texts = [self._form(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        parts = []
        at = 0
        while at < len(order):
            rows = order[at : at + BATCH]
            length = padded_length(len(texts[rows[-1]]))
            rows = rows[: max(1, BATCH * 512 // length)]
            length = padded_length(len(texts[rows[-1]]))
            at += len(rows)
            indices = np.array([declared[i] for i in rows], dtype=np.int64)
            parts.append(self._graph.run(to_code_points([texts[i] for i in rows], length), indices, top))
        if not parts:
            return None
        back = np.argsort(np.array(order))
        columns = {f.name: np.concatenate([getattr(p, f.name) for p in parts])[back] for f in fields(Scores)}
        return Scores(**columns)

    def _line(self, read: _Read, scores: Scores | None, rows: range) -> ScoredLine:
        base = ScoredLine(
            line_id=read.line.line_id or "",
            status="error",
            bundle=self.bundle.digest,
            flags=read.flags,
            consignment_id=read.line.consignment_id,
        )
        if not rows or scores is None:
            remedy = "description is empty once invisible characters are removed; write the name of the goods"
            return replace(base, declared=read.declared, error=remedy)
        row = max(rows, key=lambda i: float(scores.controlled[i]))
        controlled = float(scores.controlled[row])
        vague = min(float(scores.vague[i]) for i in rows)
        misdeclared, declared = self._judge(read, scores, rows)
        names = crossed(self.bundle.thresholds, controlled, misdeclared, vague)
        verdict = decide(names, declared)
        control = self._control(scores.control[row], len(scores.heading[row]))
        return replace(
            base,
            status="ok",
            verdict=verdict,
            controlled_score=controlled,
            misdeclaration_score=misdeclared,
            vagueness_score=vague,
            control=control,
            chpl=_tier(scores.chpl[row]),
            declared=declared,
            headings=_ranked(scores.heading[row], scores.heading_p[row], self.labels.headings),
            subheadings=_ranked(scores.subheading[row], scores.subheading_p[row], self.labels.subheadings),
            flags=(*read.flags, *names),
            ask=self._ask(verdict, control),
        )

    def _judge(self, read: _Read, scores: Scores, rows: range) -> tuple[float | None, DeclaredCode | None]:
        """Give the misdeclaration score and the declared code with its probability."""
        if read.declared is None or read.declared.p is None:
            return None, read.declared
        if read.indices[0] < 0:
            return 1.0, read.declared
        misdeclared = max(float(scores.misdeclared[i]) for i in rows)
        return misdeclared, replace(read.declared, p=max(float(scores.declared_p[i]) for i in rows))

    def _control(self, p: npt.NDArray[np.float32], top: int) -> tuple[Ranked, ...]:
        """Rank the control entries; "none" is always among them."""
        order = np.argsort(-p, kind="stable")[:top]
        ranked = [Ranked(self.labels.entries[i].entry, float(p[i])) for i in order]
        if all(r.code != NONE for r in ranked):
            ranked[-1] = Ranked(NONE, float(p[0]))
        return tuple(ranked)

    def _ask(self, verdict: str, control: tuple[Ranked, ...]) -> str | None:
        """Give the question that would decide: of the likeliest entry, or what the goods are at all."""
        if verdict == "too_vague":
            return ASK_WHAT
        likeliest = next((r for r in control if r.code != NONE), None)
        if likeliest is None or verdict not in ("controlled", "wrong_code_hides_control") or likeliest.p < 0.1:
            return None
        return self.labels.entries[self.labels.entry_index[likeliest.code]].ask or None

    def _check_golden(self) -> None:
        golden = self.bundle.golden()
        again = self.score([g["line"] for g in golden])
        for expected, line in zip(golden, again, strict=True):
            record = line.to_record()
            for name, value in expected["scores"].items():
                if not _agree(value, record[name]):
                    raise BundleError(
                        f"golden.jsonl line '{line.line_id}': {name} is {record[name]} here, {value} when exported; "
                        "do not use this bundle on this machine, export it again"
                    )


def _agree(expected: float | None, got: float | None) -> bool:
    if expected is None or got is None:
        return expected is got
    return abs(expected - got) <= GOLDEN_TOLERANCE


def _as_line(line: Line, row: int) -> GoodsLine:
    """Make a goods line of what a caller gave; the row number stands in for a missing line_id."""
    if isinstance(line, str):
        return GoodsLine(line, line_id=str(row))
    if isinstance(line, Mapping):
        unknown = set(line) - _FIELDS
        if unknown or "description" not in line:
            what = f"unknown field {sorted(unknown)[0]!r}" if unknown else "no 'description'"
            raise TypeError(f"line {row}: {what}; the fields are {', '.join(sorted(_FIELDS))}")
        texts: dict[str, Any] = {k: None if v is None else str(v) for k, v in line.items()}
        line = GoodsLine(**texts)
    if not isinstance(line, GoodsLine):
        raise TypeError(f"line {row} is a {type(line).__name__}; give a str, a mapping or a GoodsLine")
    line = line if line.description is not None else replace(line, description="")
    return line if line.line_id else replace(line, line_id=str(row))


def _read(line: GoodsLine, labels: Labels) -> _Read:
    """Normalise the description's windows and read the declared code."""
    normal = [normalise(w) for w in windows(line.description)]
    flags = {flag for n in normal for flag in n.flags}
    if len(normal) > 1:
        flags.add("long")
    declared, indices = None, (-1, -1, -1)
    if line.declared_hs and line.declared_hs.strip():
        declared, indices, defect = _read_code(line.declared_hs, labels)
        flags |= defect
    texts = tuple(n.text for n in normal if n.text)
    return _Read(line, texts, tuple(sorted(flags)), declared, indices)


def _read_code(text: str, labels: Labels) -> tuple[DeclaredCode, tuple[int, int, int], set[str]]:
    try:
        code = parse_hs(text)
    except CodeError:
        return DeclaredCode(text.strip()[:24], False, None, None), (-1, -1, -1), {"hs_unreadable"}
    prefix = labels.longest_valid(code)
    valid = code.scored == prefix
    declared = DeclaredCode(code.scored, valid, 0.0, labels.chpl.get(prefix))
    return declared, labels.indices(prefix), set() if valid else {"hs_not_in_edition"}


def _ranked(columns: npt.NDArray[np.int64], p: npt.NDArray[np.float32], codes: tuple[str, ...]) -> tuple[Ranked, ...]:
    return tuple(Ranked(codes[i], x) for i, x in zip(columns.tolist(), p.tolist(), strict=True))


def _tier(p: npt.NDArray[np.float32]) -> Ranked:
    return Ranked(TIERS[int(p.argmax())], min(1.0, float(p.sum())))

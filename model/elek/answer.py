"""Answers: rows of scores turned into scored lines, with verdict, ranked lists and the question to ask."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from elek.bundle import Bundle
from elek.goods import DeclaredCode, Ranked, ScoredLine
from elek.graph import Scores
from elek.labels import NONE, TIERS
from elek.reading import Reading
from elek.verdict import crossed, decide

ASK_WHAT = "Which goods exactly: name, purpose, material, maker and model number?"
UNREADABLE = "description is empty once invisible characters are removed; write the name of the goods"
ASKED_FROM = 0.1
"""Probability below which a control entry is too unlikely for its question."""


class Answers:
    """Writes the answers of one bundle.

    Parameters
    ----------
    bundle : Bundle
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._entries = _column([e.entry for e in bundle.labels.entries])
        self._headings, self._subheadings = _column(bundle.labels.headings), _column(bundle.labels.subheadings)
        self._ask = {e.entry: e.ask for e in bundle.labels.entries}

    def give(self, readings: Sequence[Reading], rows: Sequence[int], scores: Scores) -> list[ScoredLine]:
        """Answer lines.

        Parameters
        ----------
        readings : sequence of Reading, length n
        rows : sequence of int, length n
            Row of the scores of each line; -1 for a line that was not scored.
        scores : Scores

        Returns
        -------
        list of ScoredLine, length n
        """
        control = self._control(scores.control, scores.heading.shape[1])
        headings = _ranked(scores.heading, scores.heading_p, self._headings)
        subheadings = _ranked(scores.subheading, scores.subheading_p, self._subheadings)
        chpl = _tiers(scores.chpl)
        four = np.array([scores.controlled, scores.misdeclared, scores.vague, scores.declared_p])
        numbers = _round(four).tolist()
        digest, thresholds = self._bundle.digest, self._bundle.thresholds
        answers = []
        for reading, row in zip(readings, rows, strict=True):
            line = reading.line
            if row < 0:
                answers.append(_error(reading, digest))
                continue
            controlled, vague = numbers[0][row], numbers[2][row]
            misdeclared, declared = _judge(reading, numbers[1][row], numbers[3][row])
            names = crossed(thresholds, controlled, misdeclared, vague)
            verdict = decide(names, declared)
            answers.append(
                ScoredLine(
                    line_id=line.line_id or "",
                    status="ok",
                    bundle=digest,
                    verdict=verdict,
                    controlled_score=controlled,
                    misdeclaration_score=misdeclared,
                    vagueness_score=vague,
                    control=control[row],
                    chpl=chpl[row],
                    declared=declared,
                    headings=headings[row],
                    subheadings=subheadings[row],
                    flags=reading.flags + names,
                    ask=self._question(verdict, control[row]),
                    consignment_id=line.consignment_id,
                )
            )
        return answers

    def _control(self, p: npt.NDArray[np.float32], top: int) -> list[tuple[Ranked, ...]]:
        """Rank the control entries of each row; "none" is always among them."""
        rows, top = np.arange(len(p))[:, None], min(top, p.shape[1])
        order = np.argpartition(-p, top - 1, axis=1)[:, :top]
        order = order[rows, np.lexsort((order, -p[rows, order]), axis=1)]  # equal ones in the order of the labels
        ranked = _ranked(order, p[rows, order], self._entries)
        for row in np.flatnonzero((order != 0).all(axis=1)).tolist():
            ranked[row] = (*ranked[row][:-1], Ranked(NONE, round(float(p[row, 0]), 6)))
        return ranked

    def _question(self, verdict: str, control: tuple[Ranked, ...]) -> str | None:
        """Give the question that would decide: of the likeliest entry, or what the goods are at all."""
        if verdict == "too_vague":
            return ASK_WHAT
        if verdict not in ("controlled", "wrong_code_hides_control"):
            return None
        likeliest = next((r for r in control if r.code != NONE), None)
        return (self._ask[likeliest.code] or None) if likeliest and likeliest.p >= ASKED_FROM else None


def _error(reading: Reading, digest: str) -> ScoredLine:
    return ScoredLine(
        line_id=reading.line.line_id or "",
        status="error",
        bundle=digest,
        declared=reading.code.declared,
        flags=reading.flags,
        error=UNREADABLE,
        consignment_id=reading.line.consignment_id,
    )


def _judge(reading: Reading, misdeclared: float, p: float) -> tuple[float | None, DeclaredCode | None]:
    """Give the misdeclaration score and the declared code with its probability."""
    declared = reading.code.declared
    if declared is None or declared.p is None:
        return None, declared
    if reading.code.columns[0] < 0:
        return 1.0, declared
    return misdeclared, DeclaredCode(declared.hs, declared.valid, p, declared.chpl_tier)


# what `Ranked` does, fifteen times a line, without a function of Python around it
_to_ranked = partial(tuple.__new__, Ranked)


def _column(codes: Sequence[str]) -> npt.NDArray[np.object_]:
    return np.array(codes, dtype=object)


def _ranked(
    columns: npt.NDArray[np.int64], p: npt.NDArray[np.float32], codes: npt.NDArray[np.object_]
) -> list[tuple[Ranked, ...]]:
    return [
        tuple(map(_to_ranked, zip(row, chances, strict=True)))
        for row, chances in zip(codes[columns].tolist(), _round(p).tolist(), strict=True)
    ]


def _tiers(p: npt.NDArray[np.float32]) -> list[Ranked]:
    sums = _round(np.minimum(p.sum(axis=1), 1.0)).tolist()
    return [Ranked(TIERS[i], total) for i, total in zip(p.argmax(axis=1).tolist(), sums, strict=True)]


def _round(p: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Round as published: 6 decimals, the nearest float of each."""
    return np.rint(p.astype(np.float64) * 1e6) / 1e6

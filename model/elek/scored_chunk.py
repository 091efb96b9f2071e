"""Scored chunks: some goods lines scored together, as the text of the output and as the facts that summaries need."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import orjson

from elek.consignment_member import Member, member_of
from elek.labels import NONE
from elek.manifest import ManifestLine
from elek.scorer import Scorer

CHUNK = 1024
"""Lines that are scored, written and recorded in the ledger together."""

MILLION = 1_000_000
_CONTROLLED = ("controlled", "wrong_code_hides_control")


@dataclass(frozen=True, slots=True)
class How:
    """How lines are scored.

    Attributes
    ----------
    top : int
        Length of the ranked lists.
    evidence : bool
        Add what moved the scores.
    """

    top: int = 5
    evidence: bool = False


class Seen(NamedTuple):
    """What summary, budget and consignments need of one scored line.

    Attributes
    ----------
    verdict : str
        ``error`` for a line that could not be scored.
    cause : str
        The likeliest control entry of a controlled line, the sentence of an error, else empty.
    scores : tuple of int
        Controlled, misdeclaration and vagueness score as published, in millionths; -1 for none.
    digest : int
        Of what was declared, below 2^63.
    outcome : str or None
    member : Member or None
        What its consignment needs; None without a consignment.
    """

    verdict: str
    cause: str
    scores: tuple[int, int, int]
    digest: int
    outcome: str | None
    member: Member | None


class ScoredChunk(NamedTuple):
    """Scored lines as JSONL in UTF-8, and what was seen of each."""

    text: bytes
    seen: list[Seen]


def score_chunk(scorer: Scorer, lines: Sequence[ManifestLine], how: How) -> ScoredChunk:
    """Score lines and write them as JSONL.

    Parameters
    ----------
    scorer : Scorer
    lines : sequence of ManifestLine
    how : How

    Returns
    -------
    ScoredChunk
    """
    texts, seen = [], []
    for goods, scored in zip(lines, scorer.score(lines, top=how.top), strict=True):
        record = (replace(scored, error=goods.error) if goods.error else scored).to_record()
        if how.evidence:
            record["evidence"] = _evidence(scorer, goods)
        texts.append(_encode(record))
        seen.append(see(goods, record))
    texts.append(b"")
    return ScoredChunk(b"\n".join(texts), seen)


def _encode(record: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(record)
    except orjson.JSONEncodeError:  # a lone surrogate, which UTF-8 cannot hold
        return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _evidence(scorer: Scorer, goods: ManifestLine) -> dict[str, Any]:
    from elek.evidence import explain

    return {name: value for name, value in explain(scorer, goods).to_record().items() if name != "line"}


def see(goods: ManifestLine, record: dict[str, Any]) -> Seen:
    """Take from a published record, and the goods line it answers, what the summaries need.

    Parameters
    ----------
    goods : ManifestLine
    record : dict
        As `ScoredLine.to_record` gives it, or read back from a file.

    Returns
    -------
    Seen
    """
    if record["status"] == "error":
        verdict, cause = "error", record["error"] or ""
    else:
        verdict = record["verdict"]
        cause = (
            next((r["entry"] for r in record["control"] if r["entry"] != NONE), "") if verdict in _CONTROLLED else ""
        )
    scores = (
        _millionths(record["controlled_score"]),
        _millionths(record["misdeclaration_score"]),
        _millionths(record["vagueness_score"]),
    )
    return Seen(verdict, cause, scores, line_digest(goods), goods.outcome, member_of(goods, record))


def _millionths(p: float | None) -> int:
    return -1 if p is None else round(p * MILLION)


def line_digest(goods: ManifestLine) -> int:
    """Give a number that depends on nothing but what was declared: description, code and line id.

    Examples
    --------
    >>> line_digest(ManifestLine("pump", line_id="1")) == line_digest(ManifestLine("pump", line_id="1"))
    True
    """
    text = "\0".join((goods.description, goods.declared_hs or "", goods.line_id or ""))
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big") >> 1

"""Scored lines on their way out: the answer's JSON, the audit entry's facts and the stored input, made in a worker thread."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from elek.goods import GoodsLine, ScoredLine
from elek.scorer import Scorer
from elek_serving.store.lines import as_input, digest, normalised


@dataclass(frozen=True)
class ScoredRequest:
    """What scoring one request gives.

    Attributes
    ----------
    body : bytes
        The answer, JSON in UTF-8.
    facts : list of dict
        One for each line, as `line_facts` gives it.
    inputs : str
        The lines as sent, JSON in ASCII.
    verdicts : list of str or None
    """

    body: bytes
    facts: list[dict[str, Any]]
    inputs: str
    verdicts: list[str | None]


def score_request(scorer: Scorer, lines: Sequence[GoodsLine], top: int) -> ScoredRequest:
    """Score the lines of one request.

    Parameters
    ----------
    scorer : Scorer
    lines : sequence of GoodsLine
    top : int
        Length of the ranked lists.
    """
    scored = scorer.score(lines, top=top)
    body = {"bundle": scorer.bundle.digest, "lines": [s.to_record() for s in scored]}
    inputs = [as_input(goods) for goods in lines]
    return ScoredRequest(
        body=json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"),
        facts=[line_facts(g, s, text) for g, s, text in zip(lines, scored, inputs, strict=True)],
        inputs=f"[{','.join(inputs)}]",
        verdicts=[s.verdict for s in scored],
    )


def line_facts(goods: GoodsLine, scored: ScoredLine, stored: str) -> dict[str, Any]:
    """Give what an audit record says of a scored line.

    Returns
    -------
    dict
        `line`: digest of everything that was sent; `text`: digest of the normalised text; `verdict`; `scores`: controlled,
        misdeclaration and vagueness score, 6 decimals.
    """
    return {
        "line": digest(stored),
        "text": digest(normalised(goods.description)),
        "verdict": scored.verdict,
        "scores": rounded(scored.controlled_score, scored.misdeclaration_score, scored.vagueness_score),
    }


def rounded(*scores: float | None) -> list[float | None]:
    """Give scores as records hold them, 6 decimals."""
    return [None if score is None else round(score, 6) for score in scores]

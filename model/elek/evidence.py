"""Evidence: what moved a line's scores, by leaving out one word at a time, with the control entry and the rejected codes."""

from dataclasses import dataclass
from typing import Any

from elek.goods import GoodsLine, ScoredLine
from elek.labels import NONE
from elek.scorer import Scorer
from elek.text import normalise

MAX_WORDS = 120
SCORES = ("controlled_score", "misdeclaration_score", "vagueness_score")


@dataclass(frozen=True, slots=True)
class Word:
    """A word and by how much each score falls without it.

    Attributes
    ----------
    text : str
        As normalised.
    moves : dict of str to float
        Score to (score with the word) - (score without it), in [-1, 1]; positive pushes the score up.
    """

    text: str
    moves: dict[str, float]


@dataclass(frozen=True)
class Evidence:
    """Everything a reviewer needs beside one scored line.

    Attributes
    ----------
    line : ScoredLine
    text : str
        The text as the model read it.
    words : tuple of Word
        In the order of the text.
    entry : dict or None
        The likeliest control entry: entry, title, fact, ask.
    codes : tuple of dict
        Likely headings with their nomenclature text, the declared one marked.
    """

    line: ScoredLine
    text: str
    words: tuple[Word, ...]
    entry: dict[str, str] | None
    codes: tuple[dict[str, Any], ...]

    def to_record(self) -> dict[str, Any]:
        """Give the evidence as JSON types."""
        return {
            "line": self.line.to_record(),
            "text": self.text,
            "words": [{"word": w.text, **w.moves} for w in self.words],
            "entry": self.entry,
            "codes": list(self.codes),
        }


def explain(scorer: Scorer, line: GoodsLine) -> Evidence:
    """Score a line and say what moved its scores.

    Parameters
    ----------
    scorer : Scorer
    line : GoodsLine

    Returns
    -------
    Evidence
        Exact: each word is left out and the rest scored again. Only the first `MAX_WORDS` words are tried.
    """
    text = normalise(line.description).text
    words = text.split(" ")[:MAX_WORDS] if text else []
    without = [" ".join([*words[:i], *words[i + 1 :], *text.split(" ")[MAX_WORDS:]]) or " " for i in range(len(words))]
    asked = [GoodsLine(t, declared_hs=line.declared_hs) for t in without]
    scored, *others = scorer.score([line, *asked])
    moved = tuple(Word(w, _moves(scored, other)) for w, other in zip(words, others, strict=True))
    return Evidence(scored, text, moved, _entry(scorer, scored), _codes(scorer, scored))


def _moves(scored: ScoredLine, other: ScoredLine) -> dict[str, float]:
    moves = {}
    for name in SCORES:
        whole = getattr(scored, name)
        if whole is not None:
            moves[name] = round(whole - (getattr(other, name) or 0.0), 6)
    return moves


def _entry(scorer: Scorer, scored: ScoredLine) -> dict[str, str] | None:
    likeliest = next((r for r in scored.control if r.code != NONE), None)
    if likeliest is None:
        return None
    entry = scorer.labels.entries[scorer.labels.entry_index[likeliest.code]]
    return {"entry": entry.entry, "title": entry.title, "fact": entry.fact, "ask": entry.ask}


def _codes(scorer: Scorer, scored: ScoredLine) -> tuple[dict[str, Any], ...]:
    declared = scored.declared.hs[:4] if scored.declared else ""
    rows = [
        {"hs": r.code, "p": round(r.p, 6), "text": scorer.labels.texts.get(r.code, ""), "declared": r.code == declared}
        for r in scored.headings
    ]
    if declared and scored.declared and all(not row["declared"] for row in rows):
        text = scorer.labels.texts.get(declared, "not in the edition")
        rows.append({"hs": declared, "p": scored.declared.p, "text": text, "declared": True})
    return tuple(rows)

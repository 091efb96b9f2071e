"""Evidence: what moved a line's scores, by leaving out one word at a time, with precedents, control entries and rejected codes."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from elek.goods import GoodsLine, Ranked, ScoredLine
from elek.graph import Scores
from elek.labels import NONE
from elek.precedents import Precedent
from elek.scorer import Scorer
from elek.words import find_words, without

MAX_WORDS = 512
"""Words that are left out one by one; those behind them stay."""

N_PRECEDENTS = 3
MOVES = {"controlled_score": "controlled", "misdeclaration_score": "misdeclared", "vagueness_score": "vague"}
SCORES = tuple(MOVES)


@dataclass(frozen=True, slots=True)
class Word:
    """A word and by how much each score falls without it.

    Attributes
    ----------
    text : str
        As normalised; in Chinese, two neighbouring characters.
    start, end : int
        Where it stands in the text.
    moves : dict of str to float
        Score to (score with the word) - (score without it), in [-1, 1]; positive pushes the score up.
    """

    text: str
    start: int
    end: int
    moves: dict[str, float]


@dataclass(frozen=True)
class Evidence:
    """Everything a reviewer needs beside one scored line.

    Attributes
    ----------
    line : ScoredLine
    description : str
        As declared.
    text : str
        The text as the model read it; of a long description, the most controlled window.
    words : tuple of Word
        In the order of the text.
    respelt : tuple of (str, str)
        Words that are read as others, as written and as meant, the latter in its sound form.
    entry : dict or None
        The likeliest control entry: entry, p, title, fact, ask.
    rejected : tuple of dict
        The next control entries, with the same keys.
    codes : tuple of dict
        Likely headings with their nomenclature text, the declared one marked.
    precedents : tuple of Precedent
        Known goods nearest to the text, the nearest first.
    sets : dict
        For `control` and `headings`, where the bundle was calibrated for it: the labels that together hold the true one with the
        stated coverage.
    """

    line: ScoredLine
    description: str
    text: str
    words: tuple[Word, ...]
    respelt: tuple[tuple[str, str], ...]
    entry: dict[str, Any] | None
    rejected: tuple[dict[str, Any], ...]
    codes: tuple[dict[str, Any], ...]
    precedents: tuple[Precedent, ...]
    sets: dict[str, dict[str, Any]]

    def ranked(self, score: str) -> list[Word]:
        """Give the words that push a score up most, first those that do most."""
        return sorted(self.words, key=lambda word: -word.moves.get(score, 0.0))

    def to_record(self) -> dict[str, Any]:
        """Give the evidence as JSON types."""
        return {
            "line": self.line.to_record(),
            "text": self.text,
            "words": [{"word": w.text, "start": w.start, "end": w.end, **w.moves} for w in self.words],
            "respelt": [{"written": written, "meant": meant} for written, meant in self.respelt],
            "entry": self.entry,
            "rejected": list(self.rejected),
            "codes": list(self.codes),
            "precedents": [asdict(p) for p in self.precedents],
            "sets": self.sets,
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
        Exact: each word is left out of the text that the model read, and the rest is scored again, all in one batch.
    """
    [scored] = scorer.score([line])
    reading = scorer.read(line)
    texts = (*reading.texts, *reading.pieces)
    if not texts:
        return Evidence(scored, line.description, "", (), (), None, (), (), (), {})
    windows = scorer.wordings(line, texts)
    text = texts[int(windows.controlled.argmax())]
    spans = find_words(text)[:MAX_WORDS]
    scores = scorer.wordings(line, [text, *(without(text, span) or " " for span in spans)])
    moved = tuple(Word(span.text, span.start, span.end, _moves(scores, at)) for at, span in enumerate(spans, start=1))
    entries = [_entry(scorer, r) for r in scored.control if r.code != NONE]
    return Evidence(
        line=scored,
        description=line.description,
        text=text,
        words=moved,
        respelt=tuple(scorer.respelt(text)),
        entry=entries[0] if entries else None,
        rejected=tuple(entries[1:]),
        codes=_codes(scorer, scored),
        precedents=scorer.precedents.nearest(scorer.embed([text])[0], N_PRECEDENTS),
        sets=_sets(scorer, line, text),
    )


def _moves(scores: Scores, at: int) -> dict[str, float]:
    columns = {name: getattr(scores, column) for name, column in MOVES.items()}
    return {name: round(float(c[0]) - float(c[at]), 6) for name, c in columns.items() if not np.isnan(c[0])}


def _entry(scorer: Scorer, ranked: Ranked) -> dict[str, Any]:
    entry = scorer.labels.entries[scorer.labels.entry_index[ranked.code]]
    return {
        "entry": entry.entry, "p": ranked.p, "title": entry.title, "fact": entry.fact, "ask": entry.ask
    }  # fmt: skip


def _codes(scorer: Scorer, scored: ScoredLine) -> tuple[dict[str, Any], ...]:
    declared = scored.declared.hs[:4] if scored.declared else ""
    rows = [
        {"hs": r.code, "p": r.p, "text": scorer.labels.texts.get(r.code, ""), "declared": r.code == declared}
        for r in scored.headings
    ]
    if declared and scored.declared and all(not row["declared"] for row in rows):
        text = scorer.labels.texts.get(declared, "not in the edition")
        rows.append({"hs": declared, "p": scored.declared.p, "text": text, "declared": True})
    return tuple(rows)


def _sets(scorer: Scorer, line: GoodsLine, text: str) -> dict[str, dict[str, Any]]:
    """Give the conformal sets: every label whose probability reaches the calibrated threshold, and always the likeliest."""
    stored = scorer.bundle.index.get("conformal", {})
    if not stored:
        return {}
    scores = scorer.wordings(line, [text], top=len(scorer.labels.headings))
    headings = [scorer.labels.headings[i] for i in scores.heading[0].tolist()]
    entries = [e.entry for e in scorer.labels.entries]
    order = np.argsort(-scores.control[0], kind="stable").tolist()
    ranked = {
        "control": ([entries[i] for i in order], scores.control[0][order].tolist()),
        "headings": (headings, scores.heading_p[0].tolist()),
    }
    return {
        head: {"coverage": stored[head]["coverage"], "labels": _reaching(*ranked[head], stored[head]["threshold"])}
        for head in ranked
        if head in stored
    }


def _reaching(labels: Sequence[str], p: Sequence[float], threshold: float) -> list[str]:
    return [label for at, (label, chance) in enumerate(zip(labels, p, strict=True)) if at == 0 or chance >= threshold]

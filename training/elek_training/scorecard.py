"""Evasion scorecard: how many queued lines become clear, and unflagged, when their text is treated."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from elek.goods import ScoredLine
from elek.scorer import Scorer
from elek_training.metrics import Measured, share
from elek_training.treatments import Treat, add_trade_mark, treatments

TELLING = frozenset({"invisible", "mixed_script"})
"""Flags that tell a reviewer that a text was tampered with."""

FALSE_FLAGS = 0.005
"""Share of clean lines that may carry such a flag, or be queued only because a trade mark stands beside the goods."""

MOST = 2000
"""Lines that padding, which makes them long, is tried on."""


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the scorecard.

    Attributes
    ----------
    row, treatment : str
    evaded : Measured
        Share of the queued lines that the treatment makes clear and unflagged; for clean text, the share falsely flagged.
    limit : float or None
        Largest share allowed; None when it is only reported.
    drop : float or None
        95th percentile of the loss of `controlled_score`.
    drop_limit : float or None
    """

    row: str
    treatment: str
    evaded: Measured
    limit: float | None
    drop: float | None = None
    drop_limit: float | None = None

    @property
    def passed(self) -> bool | None:
        """Whether both limits hold; None when the row has none, or nothing was there to treat."""
        if self.limit is None or self.evaded.n == 0:
            return None
        fits = self.evaded.value <= self.limit
        return fits and (self.drop_limit is None or self.drop is None or self.drop <= self.drop_limit)

    def as_dict(self) -> dict[str, Any]:
        """Give JSON types."""
        return {
            "row": self.row,
            "treatment": self.treatment,
            "evaded": self.evaded.as_dict(),
            "limit": self.limit,
            "drop_p95": None if self.drop is None else round(self.drop, 4),
            "drop_limit": self.drop_limit,
            "passed": self.passed,
        }


def scorecard(scorer: Scorer, controlled: Sequence[str], harmless: Sequence[str], seed: int = 0) -> list[Result]:
    """Treat texts and count what passes.

    Parameters
    ----------
    scorer : Scorer
        Of a bundle that was not trained on the texts.
    controlled : sequence of str
        Descriptions of controlled goods. Those that the bundle does not queue as they are are left out.
    harmless : sequence of str
        Descriptions of goods that nothing controls; also used to pad with.
    seed : int

    Returns
    -------
    list of Result
    """
    if not controlled or not harmless:
        return []
    before = [(text, s) for text, s in zip(controlled, scorer.score(controlled), strict=True) if _queued(s)]
    results = []
    for at, treatment in enumerate(treatments(list(harmless))):
        pairs = before if treatment.row != "padding" else before[:: max(1, len(before) // MOST)]
        treated = _treated([text for text, _ in pairs], treatment.treat, seed + at)
        after = scorer.score([text for _, text in treated])
        scores = [(pairs[i][1], s) for (i, _), s in zip(treated, after, strict=True)]
        drops = [float(b.controlled_score or 0) - float(a.controlled_score or 0) for b, a in scores]
        results.append(
            Result(
                treatment.row,
                treatment.name,
                share([_passes(a) for _, a in scores]),
                treatment.limit,
                float(np.percentile(drops, 95)) if drops else None,
                treatment.drop_limit,
            )
        )
    return [*results, *_false_flags(scorer, list(harmless), seed)]


def _false_flags(scorer: Scorer, harmless: list[str], seed: int) -> list[Result]:
    """Clean text with Latin trade marks beside Cyrillic words: flagged as tampered with, or queued because of them."""
    marked = [text for _, text in _treated(harmless, add_trade_mark, seed)]
    plain, after = scorer.score(harmless), scorer.score(marked)
    told = [bool(TELLING & set(s.flags)) for s in (*plain, *after)]
    newly = [_queued(a) and not _queued(b) for b, a in zip(plain, after, strict=True)]
    return [
        Result("clean text", "flagged as tampered with", share(told), FALSE_FLAGS),
        Result("clean text", "queued as controlled for a trade mark beside it", share(newly), None),
        Result("clean text", "queued as controlled at all", share([_queued(s) for s in plain]), None),
    ]


def _treated(texts: Sequence[str], treat: Treat, seed: int) -> list[tuple[int, str]]:
    """Give each text that the treatment changes, with its number."""
    found = []
    for i, text in enumerate(texts):
        new = treat(text, Random(f"{seed}:{i}"))
        if new != text:
            found.append((i, new))
    return found


def _queued(line: ScoredLine) -> bool:
    return "controlled" in line.flags


def _passes(line: ScoredLine) -> bool:
    return line.verdict == "clear" and not TELLING & set(line.flags)

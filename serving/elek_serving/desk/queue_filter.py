"""QueueFilter: which lines of the queue a reviewer asked for, read from an address and written back into one."""

from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Select, select
from starlette.datastructures import QueryParams

from elek_serving.store.lines import RANKS, LineRow, normalised
from elek_serving.store.manifests import ManifestRow

OPEN = ("undecided", "second", "disputed")
STATES = ("open", "undecided", "second", "disputed", "decided", "all")
SCRIPTS = ("kk", "ru", "zh", "en", "mixed", "other")
UNSCORED = "error"
VERDICTS = (*RANKS, UNSCORED)
MAX_WORDS = 200


@dataclass(frozen=True)
class QueueFilter:
    """What to show of the queue.

    Attributes
    ----------
    verdict, language, entry : str
        Empty means any.
    state : str
        One of `STATES`; `open` is everything not yet decided.
    words : str
        Looked for in the normalised text.
    manifest : int
        Number of a manifest; 0 means any.
    page : int
        From 1.
    """

    verdict: str = ""
    state: str = "open"
    language: str = ""
    entry: str = ""
    words: str = ""
    manifest: int = 0
    page: int = 1

    @classmethod
    def read(cls, query: QueryParams) -> Self:
        """Read it from an address; what is not understood is left out.

        Examples
        --------
        >>> QueueFilter.read(QueryParams("verdict=controlled&state=nonsense&page=x")).query
        'verdict=controlled'
        """
        verdict, state, language = (query.get(name, "") for name in ("verdict", "state", "language"))
        return cls(
            verdict=verdict if verdict in VERDICTS else "",
            state=state if state in STATES else "open",
            language=language if language in SCRIPTS else "",
            entry=query.get("entry", "").strip()[:24],
            words=query.get("words", "").strip()[:MAX_WORDS],
            manifest=_number(query.get("manifest", ""), 0),
            page=_number(query.get("page", ""), 1) or 1,
        )

    @property
    def query(self) -> str:
        """The part of an address that `read` reads; empty for the whole queue."""
        plain = QueueFilter()
        parts = {name: value for name, value in vars(self).items() if value != getattr(plain, name)}
        return urlencode(parts, errors="replace")

    def with_(self, **changes: object) -> Self:
        """Give it changed, from its first page."""
        return replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]  # names are checked by replace

    def choose(self) -> Select[LineRow]:
        """Give the query for its lines, most risky first; lines of manifests still being scored are left out."""
        chosen = select(LineRow).join(ManifestRow, ManifestRow.id == LineRow.manifest_id)
        return chosen.where(ManifestRow.state == "scored", *self._conditions()).order_by(
            LineRow.risk.desc(), LineRow.id
        )

    def _conditions(self) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        if self.verdict:
            conditions.append(
                LineRow.verdict.is_(None) if self.verdict == UNSCORED else LineRow.verdict == self.verdict
            )
        if self.state != "all":
            conditions.append(LineRow.state.in_(OPEN if self.state == "open" else (self.state,)))
        if self.language:
            conditions.append(LineRow.language == self.language)
        if self.entry:
            conditions.append(LineRow.entry == self.entry)
        if self.manifest:
            conditions.append(LineRow.manifest_id == self.manifest)
        for word in normalised(self.words).split():
            conditions.append(LineRow.text.contains(word, autoescape=True))
        return conditions


def done_line(query: QueryParams) -> int:
    """Give the number of the line that was decided just before, 0 for none."""
    return _number(query.get("done", ""), 0)


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise

"""What the columns of the graph's outputs mean: HS codes, control entries, CHPL tiers, in the bundle's order."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from elek.codes import HSCode
from elek.errors import BundleError

NONE = "none"
"""The control entry of goods that no entry names."""

TIERS = ("1", "2", "3.A", "3.B", "4.A", "4.B")
"""Tiers of the Common High Priority List, heaviest first."""


@dataclass(frozen=True, slots=True)
class ControlEntry:
    """One entry of a control list edition.

    Attributes
    ----------
    entry : str
        For example ``3A001``.
    title : str
        Our own one-sentence title.
    fact : str
        What decides whether the entry applies, with its threshold; empty when identity decides.
    ask : str
        The question to the declarant.
    """

    entry: str
    title: str = ""
    fact: str = ""
    ask: str = ""


@dataclass(frozen=True)
class Labels:
    """Label order of one bundle, as `labels.json` stores it.

    Attributes
    ----------
    edition : str
        HS edition, for example ``HS2022``.
    chapters, headings, subheadings : tuple of str
        In the order of the graph's columns.
    texts : mapping of str to str
        Nomenclature text of headings and subheadings, for people.
    entries : tuple of ControlEntry
        In the order of the control head; the first is `NONE`.
    chpl : mapping of str to str
        Subheading to tier.
    moves : mapping of str to str
        Subheading of an earlier edition to the longest prefix that today's edition has in its place.
    """

    edition: str
    chapters: tuple[str, ...]
    headings: tuple[str, ...]
    subheadings: tuple[str, ...]
    texts: Mapping[str, str]
    entries: tuple[ControlEntry, ...]
    chpl: Mapping[str, str]
    moves: Mapping[str, str]

    @cached_property
    def index(self) -> dict[str, int]:
        """Code to column; the lengths 2, 4 and 6 keep the three levels apart."""
        return {code: i for level in (self.chapters, self.headings, self.subheadings) for i, code in enumerate(level)}

    @cached_property
    def entry_index(self) -> dict[str, int]:
        """Control entry to column."""
        return {e.entry: i for i, e in enumerate(self.entries)}

    @property
    def order_digest(self) -> str:
        """Hex digest of the order of every head's columns, which the graph carries too."""
        columns = (self.chapters, self.headings, self.subheadings, tuple(e.entry for e in self.entries))
        return hashlib.sha256("\n\n".join("\n".join(codes) for codes in columns).encode("utf-8")).hexdigest()

    def longest_valid(self, code: HSCode) -> str:
        """Find the longest prefix of 6, 4 or 2 digits that the edition has, after known moves; '' when none.

        Parameters
        ----------
        code : HSCode

        Returns
        -------
        str
        """
        scored = code.scored
        if scored in self.index:
            return scored
        moved = self.moves.get(scored, scored)
        return next((moved[:n] for n in (6, 4, 2) if len(moved) >= n and moved[:n] in self.index), "")

    def indices(self, prefix: str) -> tuple[int, int, int]:
        """Columns of a valid prefix at chapter, heading and subheading level, -1 where the prefix is shorter.

        Parameters
        ----------
        prefix : str
            As `longest_valid` gives it; '' gives three times -1.

        Returns
        -------
        tuple of int
        """
        at = self.index
        return (
            at[prefix[:2]] if prefix else -1,
            at[prefix[:4]] if len(prefix) >= 4 else -1,
            at[prefix[:6]] if len(prefix) >= 6 else -1,
        )

    def to_json(self) -> str:
        """Serialise; `from_json` reads it back to an equal value."""
        return json.dumps(
            {
                "edition": self.edition,
                "chapters": self.chapters,
                "headings": self.headings,
                "subheadings": self.subheadings,
                "texts": dict(self.texts),
                "entries": [{"entry": e.entry, "title": e.title, "fact": e.fact, "ask": e.ask} for e in self.entries],
                "chpl": dict(self.chpl),
                "moves": dict(self.moves),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> "Labels":
        """Read what `to_json` wrote.

        Raises
        ------
        BundleError
            If a part is missing, of the wrong kind, or holds a label twice.
        """
        try:
            raw: dict[str, Any] = json.loads(text)
            labels = cls(
                edition=str(raw["edition"]),
                chapters=_codes(raw["chapters"], 2),
                headings=_codes(raw["headings"], 4),
                subheadings=_codes(raw["subheadings"], 6),
                texts={str(k): str(v) for k, v in raw["texts"].items()},
                entries=tuple(ControlEntry(**{k: str(v) for k, v in e.items()}) for e in raw["entries"]),
                chpl={str(k): str(v) for k, v in raw["chpl"].items()},
                moves={str(k): str(v) for k, v in raw["moves"].items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise BundleError(f"labels.json cannot be read ({error}); export the bundle again") from error
        if not labels.entries or labels.entries[0].entry != NONE:
            raise BundleError("labels.json: the first control entry must be 'none'; export the bundle again")
        if set(labels.chpl.values()) - set(TIERS) or len(labels.entry_index) != len(labels.entries):
            raise BundleError("labels.json: an unknown CHPL tier or a repeated control entry; export the bundle again")
        return labels


def _codes(raw: Sequence[str], digits: int) -> tuple[str, ...]:
    codes = tuple(raw)
    if len(set(codes)) != len(codes) or any(not isinstance(c, str) or len(c) != digits for c in codes):
        raise ValueError(f"codes of {digits} digits expected, each once")
    return codes

"""Taxonomy: control entries, their usual HS codes, CHPL tiers and moves between HS editions, as facts with a source."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from elek.labels import NONE, ControlEntry
from elek_training.folders import data_folder


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """One row of `control_entries.csv`.

    Attributes
    ----------
    entry, category, product_group, regime, eccn : str
        `eccn` is the counterpart in the US Commerce Control List, empty when there is none.
    title : str
        Our own one-sentence title.
    deciding_fact, threshold, unit : str
        What decides; `threshold` and `unit` are empty when identity decides. ` | ` parts several.
    ask : str
        The question to the declarant.
    """

    entry: str
    category: str
    product_group: str
    regime: str
    eccn: str
    title: str
    deciding_fact: str
    threshold: str
    unit: str
    ask: str

    @property
    def fact(self) -> str:
        """The deciding fact with its thresholds, for people.

        Examples
        --------
        >>> EntryFacts("2B001", "2", "B", "WA", "2B001", "", "contouring axes", ">= 5", "axes", "").fact
        'contouring axes: >= 5 axes'
        """
        limits = [f"{t} {u}".strip() for t, u in zip(self.threshold.split(" | "), self.unit.split(" | "), strict=False)]
        shown = ", ".join(limit for limit in limits if limit)
        return f"{self.deciding_fact}: {shown}" if shown else self.deciding_fact

    def as_label(self) -> ControlEntry:
        """Give the entry as the bundle stores it."""
        return ControlEntry(self.entry, self.title, self.fact, self.ask)


@dataclass(frozen=True)
class Taxonomy:
    """All facts of `data/taxonomy`.

    Attributes
    ----------
    entries : dict of str to EntryFacts
    entry_hs : dict of str to list of str
        Control entry to the subheadings its goods are usually declared under, best first.
    chpl : dict of str to str
        Subheading to tier.
    moves : dict of str to list of str
        Subheading of HS 2017 to its successors in HS 2022.
    """

    entries: dict[str, EntryFacts]
    entry_hs: dict[str, list[str]]
    chpl: dict[str, str]
    moves: dict[str, list[str]]

    def labels(self) -> tuple[ControlEntry, ...]:
        """Give the control entries in label order: "none" first, then sorted."""
        return (ControlEntry(NONE), *(self.entries[e].as_label() for e in sorted(self.entries)))

    def moved(self, code: str) -> str:
        """Give the longest prefix of a subheading of an earlier edition that all its successors share.

        Examples
        --------
        >>> Taxonomy({}, {}, {}, {"852580": ["852581", "852589"]}).moved("852580")
        '8525'
        """
        targets = self.moves.get(code)
        if not targets:
            return code
        return next((targets[0][:n] for n in (6, 4, 2) if len({t[:n] for t in targets}) == 1), "")


@lru_cache(maxsize=1)
def read_taxonomy() -> Taxonomy:
    """Read every fact file.

    Returns
    -------
    Taxonomy
    """
    folder = data_folder("taxonomy")
    names = EntryFacts.__slots__
    entries = {r["entry"]: EntryFacts(**{n: r[n] for n in names}) for r in _rows(folder / "control_entries.csv")}
    entry_hs: dict[str, list[str]] = {}
    for row in _rows(folder / "control_hs.csv"):
        entry_hs.setdefault(row["entry"], []).append(row["hs"])
    moves: dict[str, list[str]] = {}
    for row in _rows(folder / "hs_moves.csv"):
        moves.setdefault(row["hs2017"], []).append(row["hs2022"])
    chpl = {r["hs"]: r["tier"] for r in _rows(folder / "chpl.csv")}
    return Taxonomy(entries, entry_hs, chpl, moves)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

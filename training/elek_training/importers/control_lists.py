"""Control-list texts: paragraphs of EU 2021/821 Annex I and of the US Commerce Control List as lines with their entry."""

import re
from collections.abc import Iterator
from pathlib import Path

from elek_training.importers.reading import ImportRefused, csv_rows, json_value
from elek_training.labelled import LabelledLine
from elek_training.taxonomy import read_taxonomy

_ENTRY = re.compile(r"[0-9][A-E]\d{3}")
_ITEM = re.compile(r"(?m)^\s*(?:[a-z]|[a-z](?:\.\d+)+|[a-z]\.\d+(?:\.[a-z0-9]+)*)\.\s+(.{15,})$")


def read_annex1(path: Path) -> Iterator[LabelledLine]:
    """Read Annex I as CSV of paragraphs: `entry`, `paragraph_code`, `note_type`, `text`."""
    known = read_taxonomy().entries
    for number, row in csv_rows(path, ("entry", "paragraph_code", "note_type", "text")):
        if not _ENTRY.fullmatch(row["entry"]):
            raise ImportRefused(path, number, f"'{row['entry'][:20]}' is no control entry")
        text = row["text"].strip(' ";:,.')
        if row["entry"] in known and row["note_type"] == "base" and len(text) >= 15:
            yield _line(text, row["entry"], f"annex1:{row['entry']}:{row['paragraph_code']}", "annex1")


def read_ccl(path: Path) -> Iterator[LabelledLine]:
    """Read the Commerce Control List as JSON: `entries` with `eccn`, `title` and `text`."""
    raw = json_value(path)
    entries = raw.get("entries") if isinstance(raw, dict) else None
    if not isinstance(entries, list):
        raise ImportRefused(path, 1, "has no list 'entries'")
    known = read_taxonomy().entries
    for number, row in enumerate(entries, start=1):
        if not isinstance(row, dict) or not _ENTRY.fullmatch(str(row.get("eccn"))):
            raise ImportRefused(path, number, "an entry has no eccn")
        eccn = row["eccn"]
        if eccn not in known:
            continue
        items = str(row.get("text", "")).partition("Items:")[2]
        paragraphs = [str(row.get("title", "")), *(m.group(1) for m in _ITEM.finditer(items))]
        for at, text in enumerate(paragraphs):
            yield _line(text.strip(' ";:,.'), eccn, f"ccl:{eccn}:{at}", "ccl")


def _line(text: str, entry: str, place: str, source: str) -> LabelledLine:
    return LabelledLine(" ".join(text.split()), control=(entry,), lang="en", source=source, group=place, line_id=place)

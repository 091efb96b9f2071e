"""Reference lists of the UK parcel tool (MIT): descriptions with codes, search references, brands, vague terms."""

import csv
from collections.abc import Iterator
from pathlib import Path

from elek_training.importers.reading import ImportRefused, csv_rows, digits_of, json_value
from elek_training.labelled import LabelledLine

_PAIRS = (
    ("Goods Description", "Commodity Code"),
    ("GDSDESC", "CMDTYCODE"),
)


MAX_BAD_SHARE = 0.05
"""Share of unreadable rows above which a file is refused; fewer are left out, as the published lists hold some."""


def read_fpo(path: Path) -> Iterator[LabelledLine]:
    """Read one of the lists, told by its form.

    JSON of term to code, CSV with a code column, or CSV of one column of vague terms.
    """
    if path.suffix.lower() == ".json":
        raw = json_value(path)
        if not isinstance(raw, dict):
            raise ImportRefused(path, 1, "is no JSON object of terms")
        return iter(_coded(path, [(n, str(term), str(code)) for n, (term, code) in enumerate(raw.items(), start=1)]))
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        header = next(csv.reader(file), [])
    pair = next((p for p in _PAIRS if set(p) <= set(header)), None)
    if pair:
        return iter(_coded(path, [(n, row[pair[0]], row[pair[1]]) for n, row in csv_rows(path, pair)]))
    return iter(_vague(path))


def _coded(path: Path, rows: list[tuple[int, str, str]]) -> list[LabelledLine]:
    lines, bad = [], []
    for number, text, code in rows:
        digits = digits_of(code)
        if len(digits) % 2:
            digits = "0" + digits  # these lists are exported from spreadsheets; a UK commodity code is even
        if len(digits) not in (4, 6, 8, 10) or not text.strip():
            bad.append((number, code))
            continue
        key = " ".join(text.casefold().split())
        plain = " ".join(text.split())
        lines.append(
            LabelledLine(
                plain, hs=digits, vague=False, lang="en", source="fpo", group=f"fpo:{key}", line_id=f"fpo{number}"
            )
        )
    if bad and len(bad) > MAX_BAD_SHARE * len(rows):
        raise ImportRefused(path, bad[0][0], f"'{bad[0][1][:20]}' is no commodity code")
    return lines


def _vague(path: Path) -> list[LabelledLine]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = [row for row in csv.reader(file) if row]
    several = [number for number, row in enumerate(rows, start=1) if len(row) > 1]
    if len(several) > MAX_BAD_SHARE * len(rows):
        raise ImportRefused(path, several[0], "has several columns but none that an fpo list has")
    texts = dict.fromkeys(",".join(row).strip() for row in rows)
    return [
        LabelledLine(text, vague=True, lang="en", source="fpo", group=f"fpo:{text}", line_id=f"fpov{number}")
        for number, text in enumerate(texts, start=1)
        if text
    ]

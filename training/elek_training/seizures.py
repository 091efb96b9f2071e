"""Seizures: an officer's CSV or workbook as labels; every problem is named by row and column."""

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from elek.codes import parse_hs
from elek.encodings import SAMPLE_BYTES, detect_encoding, detect_separator
from elek.errors import CodeError, ElekError
from elek.labels import NONE
from elek.tables import ENDINGS, read_rows
from elek_training.label import SEIZURE, Label
from elek_training.labelled import current_code
from elek_training.seizure_columns import FIELDS, find_seizure_columns
from elek_training.taxonomy import read_taxonomy

_DATES = ("%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")


class SeizureError(ElekError, ValueError):
    """A file of seizures that cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that cannot be a label.

    Attributes
    ----------
    row : int
        As a spreadsheet counts, the header is row 1.
    column : str
        Header as written in the file, or the field that is missing.
    value, remedy : str
    """

    row: int
    column: str
    value: str
    remedy: str

    def __str__(self) -> str:
        return f"row {self.row}, column '{self.column}': '{self.value[:60]}' {self.remedy}"


@dataclass(frozen=True)
class SeizureFile:
    """What a file holds.

    Attributes
    ----------
    labels : list of Label
        Empty when there are problems.
    problems : list of Problem
    changed : Counter of str
        Codes that were moved to today's edition or shortened, by cause.
    columns : dict of str to str
        Field to header.
    """

    labels: list[Label]
    problems: list[Problem]
    changed: Counter[str]
    columns: dict[str, str]


def read_date(text: str) -> str:
    """Read a date as officers write it; ISO date, or empty when it is none.

    Examples
    --------
    >>> read_date("24.11.2026"), read_date("2026-11-24 00:00:00"), read_date("soon")
    ('2026-11-24', '2026-11-24', '')
    """
    for form in _DATES:
        try:
            return datetime.strptime(text.strip()[:19], form).date().isoformat()
        except ValueError:
            continue
    return ""


def _is_code(text: str) -> bool:
    try:
        parse_hs(text)
    except CodeError:
        return False
    return True


def _is_known_code(text: str) -> bool:
    return _is_code(text) and len(current_code(text, Counter()) or "") >= 4


def _entries(text: str) -> list[str]:
    return [e.strip() for e in text.replace(",", ";").split(";") if e.strip()]


def _are_entries(text: str) -> bool:
    known = read_taxonomy().entries
    found = _entries(text)
    return all(e == NONE or e in known for e in found) and not (NONE in found and len(found) > 1)


def _is_past(text: str) -> bool:
    return read_date(text) != "" and read_date(text) <= date.today().isoformat()


def _cell(test: object, remedy: str, *, empty: bool) -> pa.Column:
    def check(cells: pd.Series) -> pd.Series:
        return cells.map(lambda text: (empty and not text.strip()) or bool(test(text)))  # type: ignore[operator]  # a predicate

    return pa.Column(str, pa.Check(check, error=remedy))


SCHEMA = pa.DataFrameSchema(
    {
        "description": _cell(str.strip, "is empty; write what was declared", empty=False),
        "declared_hs": _cell(_is_code, "is no HS code; write 4 to 10 digits or leave it empty", empty=True),
        "actual_hs": _cell(_is_known_code, "is no code of HS 2022; write the 4 to 10 digits found, or leave it empty", empty=True),
        "actual_control": _cell(
            _are_entries, "names no entry of the taxonomy; write entries as 3A001;3A002, none, or leave it empty", empty=True
        ),
        "case_id": _cell(str.strip, "is empty; lines of one case must stay together", empty=False),
        "seized_at": _cell(_is_past, "is no past date; write it as 2026-11-24 or 24.11.2026", empty=False),
        "officer": _cell(str.strip, "is empty; a label needs who stands for it", empty=False),
        **{name: pa.Column(str) for name in ("shipper", "typology", "lang", "reason")},
    },
    checks=pa.Check(
        lambda frame: (frame["actual_hs"].str.strip() != "") | (frame["actual_control"].str.strip() != ""),
        error="is empty, and so is actual_control; fill one of them, a line without outcome is no label",
        name="outcome",
    ),
    strict=True,
)  # fmt: skip
"""Schema of a seizure table, every cell as text."""


def read_seizures(path: Path, named: Mapping[str, str] | None = None) -> SeizureFile:
    """Read a file of seizures.

    Parameters
    ----------
    path : Path
        CSV in any encoding that `elek` detects, or a workbook or Parquet file.
    named : mapping of str to str, optional
        Field to header.

    Returns
    -------
    SeizureFile

    Raises
    ------
    SeizureError
        If the file is no table.
    ElekError
        If a needed column is missing.
    """
    header, rows = _read(path)
    at = find_seizure_columns(header, named)
    frame = pd.DataFrame(
        {f: [row[at[f]] if f in at and at[f] < len(row) else "" for row in rows] for f in FIELDS}, dtype=str
    )
    columns = {field: header[column] for field, column in at.items()}
    problems = [Problem(n + 2, f"column {len(header) + 1}", row[len(header)], "stands beyond the header; quote the cell or name the column")
                for n, row in enumerate(rows) if any(c.strip() for c in row[len(header):])]  # fmt: skip
    problems += _problems(frame, columns)
    if problems:
        return SeizureFile([], sorted(problems, key=lambda p: (p.row, p.column)), Counter(), columns)
    changed: Counter[str] = Counter()
    labels = [_label({str(k): str(v) for k, v in row.items()}, changed) for row in frame.to_dict("records")]
    return SeizureFile(labels, [], changed, columns)


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    if not path.is_file():
        raise SeizureError(f"no file '{path}'; give the path of a CSV or XLSX of seizures")
    if path.suffix.lower() in ENDINGS:
        rows = list(read_rows(path))
    else:
        raw = path.read_bytes()
        encoding = detect_encoding(raw[:SAMPLE_BYTES])
        text = raw.decode(encoding, "replace").lstrip("\ufeff")
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=detect_separator(text[:SAMPLE_BYTES])))
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if len(rows) < 2:
        raise SeizureError(
            f"'{path.name}' holds no seizures; the first row names the columns, each further row is one line"
        )
    return rows[0], rows[1:]


def _problems(frame: pd.DataFrame, columns: Mapping[str, str]) -> list[Problem]:
    try:
        SCHEMA.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        found = {}
        for case in error.failure_cases.to_dict("records"):
            row = int(case["index"])
            field = str(case["column"]) if case["schema_context"] == "Column" else "actual_hs"
            value = str(frame[field].iloc[row])
            found[row, field] = Problem(row + 2, columns.get(field, field), value, str(case["check"]))
        return list(found.values())
    return []


def _label(row: dict[str, str], changed: Counter[str]) -> Label:
    return Label(
        description=row["description"],
        declared_hs=parse_hs(row["declared_hs"]).digits if row["declared_hs"].strip() else "",
        hs=current_code(row["actual_hs"], changed) or "",
        control=";".join(_entries(row["actual_control"])),
        source=SEIZURE,
        who=row["officer"].strip(),
        labelled_at=read_date(row["seized_at"]),
        case_id=row["case_id"].strip(),
        shipper=row["shipper"].strip(),
        typology=row["typology"].strip(),
        lang=row["lang"].strip(),
        reason=row["reason"].strip(),
    )

"""Manifests: files of goods lines, read one row at a time; every row in gives one goods line, whatever its bytes."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from elek.columns import FIELDS, OUTCOME, Columns, count_fields, find_columns, show_header
from elek.encodings import detect_encoding, detect_separator, read_sample
from elek.errors import ManifestError
from elek.goods import GoodsLine
from elek.json_lines import read_json_lines
from elek.tables import ENDINGS, open_table
from elek.text_rows import Unreadable, read_csv_rows, read_lines

HEADER_ROWS = 30
"""Rows at the top in which the header is sought; titles may stand above it."""

MAX_SHEETS = 10
"""Sheets in which a header is sought."""

_SHOWN = 12
_MAGIC = {
    b"PK\x03\x04": "a workbook or a zip; name it .xlsx or .ods, or unpack it",
    b"\xd0\xcf\x11\xe0": "an old workbook; name it .xls",
    b"PAR1": "Parquet; name it .parquet",
    b"%PDF": "a PDF; give the table it was made from",
    b"\x1f\x8b": "compressed; unpack it",
}


@dataclass(frozen=True, slots=True)
class ManifestLine(GoodsLine):
    """A goods line with what else its row says.

    Attributes
    ----------
    outcome : str or None
        What an inspection found, as written; no score reads it.
    error : str or None
        Why the row could not be read; its description is then empty.
    """

    outcome: str | None = None
    error: str | None = None


@dataclass(frozen=True)
class Manifest:
    """An open manifest.

    Attributes
    ----------
    lines : iterator of ManifestLine
        One for each row, in order; can be read once.
    report : str
        What was found: format, encoding, separator, columns; one line.
    extra : sequence of str
        Columns that are ignored; those of JSONL appear while it is read.
    notes : Counter of str
        What is odd about rows, counted while they are read.
    columns : frozenset of str
        Fields that were found; those of JSONL are not known beforehand and all count as found.
    """

    lines: Iterator[ManifestLine]
    report: str
    extra: Sequence[str]
    notes: Counter[str]
    columns: frozenset[str]


def read_manifest(path: Path, named: Mapping[str, str] | None = None, encoding: str | None = None) -> Manifest:
    """Open a manifest.

    Parameters
    ----------
    path : Path
        ``.jsonl``, ``.ndjson`` and ``.json`` are JSONL; ``.xlsx``, ``.xlsm``, ``.xls``, ``.ods`` and ``.parquet`` need the extra
        `tables`; everything else is read as CSV.
    named : mapping of str to str, optional
        Field to header.
    encoding : str, optional
        Goes before detection.

    Returns
    -------
    Manifest

    Raises
    ------
    ManifestError
        If the file cannot be read, needs an extra, or has no description column.
    """
    if not path.is_file():
        raise ManifestError(f"no manifest '{path}'; give the path of a CSV or JSONL file")
    if path.suffix.lower() in ENDINGS:
        return _read_table(path, named or {})
    sample = read_sample(path)
    for magic, remedy in _MAGIC.items():
        if sample.startswith(magic):
            raise ManifestError(f"'{path.name}' is {remedy}")
    try:
        found = encoding or detect_encoding(sample)
        text = sample.decode(found, "replace")
    except (LookupError, UnicodeError) as error:
        raise ManifestError(f"--encoding '{encoding}' is unknown; use utf-8, utf-16, cp1251 or gb18030") from error
    if path.suffix.lower() in (".jsonl", ".ndjson", ".json"):
        return _read_jsonl(path, found, named or {})
    separator = detect_separator(text.lstrip("\ufeff"))
    shown = {",": "comma", ";": "semicolon", "\t": "tab"}[separator]
    return _from_rows(_csv_rows(path, found, separator), f"{path.name}: CSV, {found}, {shown}", named or {})


def _csv_rows(path: Path, encoding: str, separator: str) -> Iterator[list[str] | Unreadable]:
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        yield from read_csv_rows(file, separator)


def _read_table(path: Path, named: Mapping[str, str]) -> Manifest:
    """Read the first sheet that has a header; the first sheet when none has."""
    kind = path.suffix.lower()[1:].upper()
    table = open_table(path)
    for number in range(min(table.sheets, MAX_SHEETS)):
        table = open_table(path, number) if number else table
        rows = iter(table.rows)
        head = list(itertools.islice(rows, HEADER_ROWS))
        if number + 1 == min(table.sheets, MAX_SHEETS) or _find_header(head, named) is not None:
            break
    what = f"{path.name}: {kind}" + (f", sheet '{table.sheet}'" if table.sheets > 1 else "")
    return _from_rows(itertools.chain(head, rows), what, named, named_columns=kind == "PARQUET")


def _find_header(head: Sequence[list[str] | Unreadable], named: Mapping[str, str]) -> int | None:
    """Find the row that holds all named columns, or that names most fields; None when no row does."""
    wanted = {name.strip().casefold() for name in named.values()}
    best, most = None, 0
    for number, row in enumerate(head):
        if isinstance(row, Unreadable):
            continue
        if wanted and wanted <= {cell.strip().casefold() for cell in row}:
            return number
        fields = count_fields(row)
        if fields > most:
            best, most = number, fields
    return best


def _from_rows(
    rows: Iterator[list[str] | Unreadable], what: str, named: Mapping[str, str], named_columns: bool = False
) -> Manifest:
    """Make goods lines of the rows below the header; a single column may do without one, where columns have no names."""
    head = list(itertools.islice(rows, HEADER_ROWS))
    notes: Counter[str] = Counter()
    if not head:
        return Manifest(iter(()), f"{what}: empty", (), notes, frozenset())
    at = 0 if named_columns else _find_header(head, named)
    if at is None and not named and all(isinstance(row, Unreadable) or len(row) == 1 for row in head):
        header, body = ["description"], head
    else:
        at = at or 0
        first = head[at]
        if isinstance(first, Unreadable):
            raise ManifestError(f"{what}: the first row cannot be read: {first.error}")
        header, body = first, head[at + 1 :]
        if at:
            what += f", header in row {at + 1}"
        if body and len(header) > 2 and body[0] == [str(n) for n in range(1, len(header) + 1)]:
            body = body[1:]  # forms number their columns below the header
            what += ", a row of column numbers left out"
    columns = find_columns(header, named)
    report = f"{what}; " + ", ".join(f"{f} = '{show_header(header[c])}'" for f, c in columns.at.items())
    if columns.extra:
        more = f" and {len(columns.extra) - _SHOWN} more" if len(columns.extra) > _SHOWN else ""
        report += "; ignored: " + ", ".join(map(show_header, columns.extra[:_SHOWN])) + more
    lines = _goods_lines(itertools.chain(body, rows), columns, len(header), notes)
    return Manifest(lines, report, columns.extra, notes, frozenset(columns.at))


def _goods_lines(
    rows: Iterable[list[str] | Unreadable], columns: Columns, width: int, notes: Counter[str]
) -> Iterator[ManifestLine]:
    """Make one goods line of each row; empty rows at the end of the file are left out, those before another row are not."""
    at = tuple(columns.at.items())
    empty = 0
    number = 0
    for row in rows:
        if not isinstance(row, Unreadable) and not any(row):
            empty += 1
            continue
        for _ in range(empty):
            number += 1
            yield ManifestLine("", line_id=str(number))
        empty = 0
        number += 1
        if isinstance(row, Unreadable):
            notes["rows cannot be read"] += 1
            yield ManifestLine("", line_id=str(number), error=row.error)
            continue
        if len(row) > width and any(row[width:]):
            notes["rows have more cells than the header: put descriptions that hold the separator in quotes"] += 1
        values = {f: row[c].replace("\ufeff", "").strip() for f, c in at if c < len(row)}
        if "\ufffd" in values.get("description", ""):
            notes["descriptions hold characters that do not fit the encoding: name it with --encoding"] += 1
        yield _goods(values, number)
    if empty:
        notes["empty rows at the end are left out"] += empty


def _goods(values: Mapping[str, str], number: int) -> ManifestLine:
    texts = {f: v for f, v in values.items() if v}
    return ManifestLine(**{"description": "", "line_id": str(number), **texts})


def _read_jsonl(path: Path, encoding: str, named: Mapping[str, str]) -> Manifest:
    extra: list[str] = []
    notes: Counter[str] = Counter()

    def lines() -> Iterator[ManifestLine]:
        with path.open(encoding=encoding, errors="replace", newline="\n") as file:
            for number, values in enumerate(read_json_lines(read_lines(file), named, extra), start=1):
                if isinstance(values, Unreadable):
                    notes["rows cannot be read"] += 1
                    yield ManifestLine("", line_id=str(number), error=values.error)
                else:
                    yield _goods(values, number)

    started = lines()
    head = list(itertools.islice(started, HEADER_ROWS))
    report = f"{path.name}: JSONL, {encoding}"
    if extra:
        report += "; ignored: " + ", ".join(map(show_header, extra[:_SHOWN]))
    return Manifest(itertools.chain(head, started), report, extra, notes, frozenset((*FIELDS, OUTCOME)))

"""Manifests: files of goods lines, read one row at a time; every row in gives one goods line, whatever its bytes."""

import csv
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elek.columns import FIELDS, Columns, find_columns, is_header
from elek.encodings import SAMPLE_BYTES, detect_encoding, detect_separator
from elek.errors import ManifestError
from elek.goods import GoodsLine
from elek.tables import ENDINGS, read_rows

MAX_CELL = 64 * 1024 * 1024
csv.field_size_limit(MAX_CELL)


@dataclass(frozen=True)
class Manifest:
    """An open manifest.

    Attributes
    ----------
    lines : iterator of GoodsLine
        One for each row, in order; can be read once.
    report : str
        What was found: format, encoding, separator, columns.
    extra : tuple of str
        Columns that are ignored.
    """

    lines: Iterator[GoodsLine]
    report: str
    extra: tuple[str, ...]


def read_manifest(path: Path, named: Mapping[str, str] | None = None, encoding: str | None = None) -> Manifest:
    """Open a manifest.

    Parameters
    ----------
    path : Path
        ``.jsonl`` and ``.ndjson`` are JSONL; ``.xlsx``, ``.xls``, ``.ods`` and ``.parquet`` need the extra `tables`; everything
        else is read as CSV.
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
        return _from_rows(read_rows(path), f"{path.name}: {path.suffix.lower()[1:].upper()}", named)
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    try:
        found = encoding or detect_encoding(sample)
        sample.decode(found, "replace")
    except LookupError as error:
        raise ManifestError(f"--encoding '{encoding}' is unknown; use utf-8, utf-16, cp1251 or gb18030") from error
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        return _read_jsonl(path, found, named or {})
    return _read_csv(path, found, sample.decode(found, "replace"), named)


def _read_csv(path: Path, encoding: str, sample: str, named: Mapping[str, str] | None) -> Manifest:
    separator = detect_separator(sample.lstrip("\ufeff"))
    shown = {",": "comma", ";": "semicolon", "\t": "tab"}[separator]
    return _from_rows(_rows(path, encoding, separator), f"{path.name}: CSV, {encoding}, {shown}", named)


def _from_rows(rows: Iterator[list[str]], what: str, named: Mapping[str, str] | None) -> Manifest:
    """Make goods lines of rows; the first is the header, unless it is the only column and no header."""
    header = next(rows, None)
    if header is None:
        return Manifest(iter(()), f"{what}: empty", ())
    if not named and not is_header(header) and len(header) == 1:
        rows = itertools.chain([header], rows)
        header = ["description"]
    columns = find_columns(header, named)
    report = f"{what}; " + ", ".join(f"{f} = '{header[c]}'" for f, c in columns.at.items())
    return Manifest((_from_row(row, columns, n) for n, row in enumerate(rows, 1)), report, columns.extra)


def _rows(path: Path, encoding: str, separator: str) -> Iterator[list[str]]:
    """Rows of a CSV; lines without any character are left out."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=separator)
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield [f"\0unreadable row: {error}"]
                continue
            if row:
                yield row


def _from_row(row: list[str], columns: Columns, number: int) -> GoodsLine:
    values: dict[str, str] = {f: row[c].replace("\ufeff", "").strip() for f, c in columns.at.items() if c < len(row)}
    return _goods(values, number)


def _goods(values: Mapping[str, Any], number: int) -> GoodsLine:
    texts = {f: str(values[f]) for f in FIELDS if values.get(f) not in (None, "")}
    texts["line_id"] = texts.get("line_id") or str(number)
    return GoodsLine(**{"description": "", **texts})


def _read_jsonl(path: Path, encoding: str, named: Mapping[str, str]) -> Manifest:
    extra: list[str] = []

    def lines() -> Iterator[GoodsLine]:
        with path.open(encoding=encoding, errors="replace", newline="\n") as file:
            filled = (text for text in file if text.strip("\ufeff \r\n\t"))
            for number, text in enumerate(filled, start=1):
                yield _from_json(text, number)

    def _from_json(text: str, number: int) -> GoodsLine:
        try:
            raw = json.loads(text.strip("\ufeff"))
        except (ValueError, RecursionError):
            raw = None
        if isinstance(raw, str):
            raw = {"description": raw}
        if not isinstance(raw, dict):
            return GoodsLine("", line_id=str(number))
        header = [str(k) for k in raw]
        try:
            columns = find_columns(header, {f: h for f, h in named.items() if h in raw})
        except ManifestError:
            return GoodsLine("", line_id=str(raw.get("line_id") or number))
        extra.extend(k for k in columns.extra if k not in extra)
        cells = list(raw.values())
        return _goods({f: _text(cells[c]) for f, c in columns.at.items()}, number)

    return Manifest(lines(), f"{path.name}: JSONL, {encoding}", ())


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

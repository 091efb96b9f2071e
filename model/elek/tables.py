"""Tables: rows of workbooks and Parquet files, read by a bounded program of its own; with the extra `tables`."""

import json
import os
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from elek.errors import ManifestError
from elek.text_rows import Unreadable

SHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
ENDINGS = SHEETS | {".parquet"}

MAX_MEMORY = 3 * 1024**3
"""Bytes of address space of the reading program."""

MAX_SECONDS = 300
"""Processor time of the reading program on a workbook."""

MAX_ENTRIES = 2_000
MAX_INFLATED = 1024**3
MAX_RATIO = 250
"""A zip of more files, or of more bytes, or (beyond 64 MiB) of a higher ratio than these is no manifest."""

_OLD = b"\xd0\xcf\x11\xe0"
_SLACK = 64 * 1024**2
_READER = Path(__file__).with_name("table_reader.py")


@dataclass(frozen=True)
class Table:
    """An open table.

    Attributes
    ----------
    sheet : str
        Name of the sheet; empty for Parquet.
    sheets : int
        Sheets in the workbook.
    rows : iterator of list of str or Unreadable
        Read once.
    """

    sheet: str
    sheets: int
    rows: Iterator[list[str] | Unreadable]


def open_table(path: Path, number: int = 0) -> Table:
    """Open a sheet of a workbook, or a Parquet file.

    Parameters
    ----------
    path : Path
    number : int
        Sheet, from 0.

    Returns
    -------
    Table
        Whole numbers come without a fraction, so that a code stored as a number keeps its digits.

    Raises
    ------
    ManifestError
        If the extra is missing, or the file is damaged, hostile or too large; from `rows` as well.
    """
    ending = path.suffix.lower()
    if ending == ".parquet":
        return _open(path, number, "Parquet")
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(_OLD) and ending != ".xls":
        raise ManifestError(
            f"'{path.name}' is an old workbook or has a password; save it without one, as {ending} or CSV"
        )
    if start.startswith(b"PK") or ending != ".xls":
        _check_zip(path)
    return _open(path, number, "a workbook")


def read_rows(path: Path) -> Iterator[list[str]]:
    """Read every row of the first sheet, or of a Parquet file, the header first.

    Raises
    ------
    ManifestError
        As `open_table`, and for a row that is too long.
    """
    for row in open_table(path).rows:
        if isinstance(row, Unreadable):
            raise ManifestError(f"'{path.name}': {row.error}")
        yield row


def _open(path: Path, number: int, what: str) -> Table:
    messages = _messages(path, number, what)
    first = next(messages, None)
    if not isinstance(first, dict):
        raise ManifestError(f"'{path.name}' cannot be read as {what} (it is empty); save it again or as CSV")
    return Table(str(first["sheet"]), int(first["sheets"]), _rows(messages))


def _rows(messages: Iterator[object]) -> Iterator[list[str] | Unreadable]:
    for message in messages:
        yield Unreadable(str(message["unreadable"])) if isinstance(message, dict) else message  # type: ignore[misc]  # lists of text by contract


def _messages(path: Path, number: int, what: str) -> Iterator[object]:
    """Run the reading program and give what it says; its last words become an error."""
    command = [sys.executable, "-P", str(_READER), str(path.absolute()), str(number), str(MAX_MEMORY), str(MAX_SECONDS)]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
        "PYTHONIOENCODING": "utf-8",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "OMP_NUM_THREADS": "1",
    }
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=environment
    ) as reader:
        try:
            assert reader.stdout is not None
            for line in reader.stdout:
                message = json.loads(line) if line.endswith(b"\n") else {"memory": True}
                if isinstance(message, dict):
                    _refuse(message, path, what)
                yield message
            code = reader.wait()
        finally:
            reader.kill()
    if code:
        _refuse({"memory": True}, path, what)


def _refuse(message: dict[str, object], path: Path, what: str) -> None:
    if "missing" in message:
        raise ManifestError(f"'{path.name}' needs the extra 'tables': pip install 'elek[tables]'")
    if "memory" in message:
        raise ManifestError(
            f"'{path.name}' cannot be read as {what} within {MAX_MEMORY >> 30} GB of memory and {MAX_SECONDS} s; "
            "split it, or save it as CSV"
        )
    if "error" in message:
        why = " ".join(str(message["error"]).split())
        raise ManifestError(f"'{path.name}' cannot be read as {what} ({why}); save it again or as CSV")


def _check_zip(path: Path) -> None:
    """Refuse a zip that would fill memory or disk, or that holds an XML document type, before anybody parses it."""

    def refuse(why: str) -> ManifestError:
        return ManifestError(f"'{path.name}' cannot be read as a workbook ({why}); save it again or as CSV")

    inflated = 0
    try:
        with zipfile.ZipFile(path) as book:
            entries = book.infolist()
            if len(entries) > MAX_ENTRIES:
                raise refuse(f"it holds {len(entries):,} files, at most {MAX_ENTRIES:,} are read")
            if len({entry.filename for entry in entries}) != len(entries):
                raise refuse("it holds two files of one name")
            allowed = min(MAX_INFLATED, max(_SLACK, path.stat().st_size * MAX_RATIO))
            if any(entry.flag_bits & 1 for entry in entries):
                raise refuse("it has a password")
            for entry in entries:
                tail = b""
                with book.open(entry) as part:
                    while piece := part.read(1 << 20):
                        inflated += len(piece)
                        if inflated > allowed:
                            raise refuse(f"its {path.stat().st_size:,} bytes unpack to more than {allowed:,}")
                        if b"<!DOCTYPE" in tail + piece or b"<!ENTITY" in tail + piece:
                            raise refuse(
                                f"its part '{entry.filename[:80]}' holds an XML document type, which no workbook needs"
                            )
                        tail = piece[-9:]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise refuse(str(error) or "it is damaged") from error

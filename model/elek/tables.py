"""Tables: rows of XLSX, XLS, ODS and Parquet files as text, with the extra `tables`."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from elek.errors import ManifestError

SHEETS = frozenset({".xlsx", ".xls", ".ods"})
ENDINGS = SHEETS | {".parquet"}


def read_rows(path: Path) -> Iterator[list[str]]:
    """Read the rows of a table, the header first.

    Parameters
    ----------
    path : Path
        The first sheet of a workbook, or a Parquet file.

    Yields
    ------
    list of str
        Whole numbers without a fraction, so that a code stored as a number keeps its digits.

    Raises
    ------
    ManifestError
        If the extra is missing or the file cannot be read.
    """
    try:
        yield from _sheet(path) if path.suffix.lower() in SHEETS else _parquet(path)
    except ModuleNotFoundError as error:
        raise ManifestError(f"'{path.name}' needs the extra 'tables': pip install 'elek[tables]'") from error


def _sheet(path: Path) -> Iterator[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            for row in book.get_sheet_by_index(0).iter_rows():
                yield [_text(cell) for cell in row]
    except (CalamineError, OSError, IndexError) as error:
        raise ManifestError(f"'{path.name}' cannot be read as a workbook ({error}); save it again or as CSV") from error


def _parquet(path: Path) -> Iterator[list[str]]:
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(path)
        yield list(file.schema_arrow.names)
        for batch in file.iter_batches(batch_size=1024):
            columns = [column.to_pylist() for column in batch.columns]
            for row in zip(*columns, strict=True):
                yield [_text(cell) for cell in row]
    except (pyarrow.ArrowException, OSError) as error:
        raise ManifestError(f"'{path.name}' cannot be read as Parquet ({error}); write it again or as CSV") from error


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime | date | time | timedelta):
        return str(cell)
    return cell if isinstance(cell, str) else str(cell)

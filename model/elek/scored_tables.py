"""Scored tables: scored lines as XLSX and Parquet, a few rows in memory at a time; with the extra `tables`."""

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

MAX_CELL = 32_767
"""Characters that a cell of XLSX holds."""

MAX_XLSX_LINES = 1_048_575
ROW_GROUP = 8_192
_NUMBERS = frozenset({"controlled_score", "misdeclaration_score", "vagueness_score", "chpl_p", "declared_p"})
_TRUTHS = frozenset({"declared_valid", "queued"})


def write_xlsx(path: Path, columns: tuple[str, ...], rows: Iterable[dict[str, Any]]) -> None:
    """Write one sheet; texts stay texts, whatever they begin with.

    Parameters
    ----------
    path : Path
    columns : tuple of str
    rows : iterable of dict
        Flat.
    """
    import xlsxwriter

    from elek.scored_file import neutral

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("scored")
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            for column, name in enumerate(columns):
                value = neutral(row.get(name))
                if isinstance(value, bool):
                    sheet.write_boolean(number, column, value)
                elif isinstance(value, int | float):
                    sheet.write_number(number, column, value)
                elif value:
                    sheet.write_string(number, column, value[:MAX_CELL])


def write_parquet(path: Path, columns: tuple[str, ...], rows: Iterable[dict[str, Any]]) -> None:
    """Write typed columns: scores as float64, truths as bool, `rank` as int64, the rest as text.

    Parameters
    ----------
    path : Path
    columns : tuple of str
    rows : iterable of dict
        Flat.
    """
    import pyarrow
    import pyarrow.parquet

    def kind(name: str) -> Any:
        if name in _NUMBERS:
            return pyarrow.float64()
        if name in _TRUTHS:
            return pyarrow.bool_()
        return pyarrow.int64() if name == "rank" else pyarrow.string()

    schema = pyarrow.schema([(name, kind(name)) for name in columns])
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as file:
        for group in _groups(iter(rows)):
            arrays = [pyarrow.array([row.get(f.name) for row in group], f.type) for f in schema]
            file.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))


def _groups(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while group := list(itertools.islice(rows, ROW_GROUP)):
        yield group

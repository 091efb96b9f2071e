"""Reads the rows of a workbook or a Parquet file; run as a program of its own, so that a hostile file can hurt nobody else.

It imports nothing of elek, limits its own memory and time, and writes one JSON list of texts for each row to standard output. The
first line says which sheet is read; a last line ``{"error": ...}`` says what was wrong.
"""

import json
import math
import os
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

MAX_ROW = 1024 * 1024
PARQUET_ROWS = 256
MANY_ROWS = 1_000_000
ROWS_A_BYTE = 50
MANY_BYTES = 64 * 1024**2
EXPANDED_A_BYTE = 1000
"""A Parquet file of more rows or unpacked bytes than these, for each of its own bytes, is no manifest."""


class Refused(Exception):
    """A file that is not read, and why."""


def limit(memory_bytes: int, seconds: int) -> None:
    """Limit this process's memory and time, where the system can."""
    try:
        import resource
    except ModuleNotFoundError:  # no such limits on Windows
        return
    wanted = {resource.RLIMIT_AS: memory_bytes, resource.RLIMIT_CPU: seconds or resource.RLIM_INFINITY}
    for kind, most in wanted.items():
        hard = resource.getrlimit(kind)[1]
        least = min((n for n in (most, hard) if n != resource.RLIM_INFINITY), default=resource.RLIM_INFINITY)
        resource.setrlimit(kind, (least, hard))


def text_of(cell: Any) -> str:
    """Give a cell as text: whole numbers without a fraction, so that a code stored as a number keeps its digits."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        if math.isnan(cell):
            return ""
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    if isinstance(cell, datetime | date | time | timedelta | bool | int):
        return str(cell)
    return json.dumps(cell, ensure_ascii=False, default=str) if isinstance(cell, list | dict) else str(cell)


def sheet_rows(path: str, number: int) -> Iterator[Any]:
    """Give the sheet's name and the number of sheets, then its rows."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(path) as book:
            names = book.sheet_names
            if not names:
                raise Refused("it holds no sheet")
            yield {"sheet": names[number], "sheets": len(names)}
            yield from book.get_sheet_by_index(number).iter_rows()
    except (CalamineError, OSError, IndexError, ValueError) as error:
        raise Refused(str(error)) from error


def parquet_rows(path: str) -> Iterator[Any]:
    """Give the header, then the rows; few at a time, because a dictionary may make long texts of few bytes."""
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(path)
        size = os.path.getsize(path)
        facts = file.metadata
        expanded = sum(facts.row_group(i).total_byte_size for i in range(facts.num_row_groups))
        if facts.num_rows > max(MANY_ROWS, ROWS_A_BYTE * size) or expanded > max(MANY_BYTES, EXPANDED_A_BYTE * size):
            raise Refused(f"it claims {facts.num_rows:,} rows and {expanded:,} bytes in a file of {size:,} bytes")
        yield {"sheet": "", "sheets": 1}
        yield list(file.schema_arrow.names)
        for batch in file.iter_batches(batch_size=PARQUET_ROWS, use_threads=False):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError, NotImplementedError) as error:
        raise Refused(str(error)) from error


def main(path: str, number: int, memory_bytes: int, seconds: int) -> None:
    """Write the rows of a file to standard output."""
    sheet = not path.lower().endswith(".parquet")
    limit(memory_bytes, seconds if sheet else 0)
    write = sys.stdout.write
    try:
        for row in sheet_rows(path, number) if sheet else parquet_rows(path):
            cells = row if isinstance(row, dict) else [text_of(cell) for cell in row]
            if sum(map(len, cells)) > MAX_ROW:
                cells = {"unreadable": f"the row is longer than {MAX_ROW:,} characters; cut it into goods lines"}
            write(json.dumps(cells) + "\n")
    except Refused as error:
        write(json.dumps({"error": str(error)[:300]}) + "\n")
    except MemoryError:
        write(json.dumps({"memory": True}) + "\n")
    except ModuleNotFoundError as error:
        write(json.dumps({"missing": error.name}) + "\n")
    except BrokenPipeError:  # the reader has seen enough
        os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))

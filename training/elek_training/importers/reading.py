"""What the importers share: CSV and JSON with the line number in every refusal."""

import csv
import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from elek.errors import ElekError


class ImportRefused(ElekError, ValueError):
    """A file that is not what its kind promises.

    Parameters
    ----------
    path : Path
    line : int
        Counted from 1.
    what : str
    """

    def __init__(self, path: Path, line: int, what: str) -> None:
        super().__init__(f"{path}, line {line}: {what}; download the official file again or choose another kind")


def csv_rows(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Read a CSV row by row with its line number; refuse it when a column or a cell is missing."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise ImportRefused(path, 1, f"there is no column '{missing[0]}'")
            for row in reader:
                if any(row[name] is None for name in needed):
                    raise ImportRefused(path, reader.line_num, f"the row has fewer cells than {len(needed)}")
                yield reader.line_num, {k: v or "" for k, v in row.items() if isinstance(k, str)}
    except UnicodeDecodeError as error:
        raise ImportRefused(path, 1, f"is not UTF-8 ({error.reason})") from error


def json_value(path: Path) -> Any:
    """Read a JSON file, gzipped or not."""
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        return json.loads(raw)
    except (OSError, EOFError, UnicodeDecodeError, RecursionError) as error:
        raise ImportRefused(path, 1, f"cannot be read ({error})") from error
    except json.JSONDecodeError as error:
        raise ImportRefused(path, error.lineno, f"is not JSON ({error.msg})") from error


def digits_of(text: str) -> str:
    """Keep the digits of a code.

    Examples
    --------
    >>> digits_of("8542.31.00 10")
    '8542310010'
    """
    return "".join(c for c in text if c.isdigit())

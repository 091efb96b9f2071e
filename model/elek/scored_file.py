"""Scored files: scored lines out, to JSONL or CSV, written beside the target and moved into place when whole."""

import csv
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from elek.errors import ManifestError
from elek.goods import ScoredLine

ENDINGS = (".jsonl", ".ndjson", ".csv")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def check_ending(path: Path) -> None:
    """Refuse an output whose ending names no format."""
    if path.suffix.lower() not in ENDINGS:
        raise ManifestError(f"output '{path.name}' must end in {', '.join(ENDINGS)}")


def flatten(record: dict[str, Any]) -> dict[str, Any]:
    """Give a record as one flat row: lists become ``code:p`` joined by blanks, nested values get a prefix.

    Examples
    --------
    >>> flatten({"control": [{"entry": "none", "p": 1.0}], "chpl": None})
    {'control': 'none:1.0', 'chpl': None}
    """
    row: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, list):
            row[name] = " ".join(
                f"{v.get('entry') or v.get('hs')}:{v['p']}" if isinstance(v, dict) else str(v) for v in value
            )
        elif isinstance(value, dict):
            row.update({f"{name}_{inner}": v for inner, v in value.items()})
        else:
            row[name] = value
    return row


CSV_COLUMNS = (
    "line_id", "status", "verdict", "controlled_score", "misdeclaration_score", "vagueness_score", "control", "chpl_tier",
    "chpl_p", "declared_hs", "declared_valid", "declared_p", "declared_chpl_tier", "headings", "subheadings", "flags", "ask",
    "bundle", "error",
)  # fmt: skip


def neutral(value: Any) -> Any:
    """Take the force from a cell that a spreadsheet would run as a formula.

    Examples
    --------
    >>> neutral("=cmd()"), neutral(-1.5)
    ("'=cmd()", -1.5)
    """
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


@contextmanager
def replacing(path: Path) -> Iterator[IO[str]]:
    """Open a temporary file beside `path`; move it into place on success, remove it on failure."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def write_scored(
    file: IO[str], batches: Iterable[list[ScoredLine]], as_csv: bool, seen: Callable[[list[ScoredLine]], None]
) -> None:
    """Write scored lines as they come.

    Parameters
    ----------
    file : text file
    batches : iterable of list of ScoredLine
    as_csv : bool
        CSV, else JSONL.
    seen : callable
        Called with every batch, for progress and the summary.
    """
    table = csv.DictWriter(file, CSV_COLUMNS, extrasaction="ignore") if as_csv else None
    if table:
        table.writeheader()
    for batch in batches:
        for line in batch:
            record = line.to_record()
            if table:
                table.writerow({k: neutral(v) for k, v in flatten(record).items()})
            else:
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
        seen(batch)

"""Scored files: the lines of a part file as JSONL, CSV, XLSX or Parquet, moved into place when whole."""

import csv
import json
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from elek.budget import Queue
from elek.errors import ManifestError
from elek.part_file import PartFile, replacing

TEXT_ENDINGS = (".jsonl", ".ndjson", ".csv")
TABLE_ENDINGS = {".xlsx": "xlsxwriter", ".parquet": "pyarrow"}
"""Ending to the library of the extra `tables` that writes it."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

COLUMNS = (
    "line_id", "status", "verdict", "controlled_score", "misdeclaration_score", "vagueness_score", "control", "chpl_tier",
    "chpl_p", "declared_hs", "declared_valid", "declared_p", "declared_chpl_tier", "headings", "subheadings", "flags", "ask",
    "bundle", "error",
)  # fmt: skip
QUEUE_COLUMNS = ("queued", "rank")
EVIDENCE_COLUMN = "evidence"


def check_output(out: Path, manifest: Path) -> None:
    """Refuse an output whose ending names no format, whose library is missing, or that is the manifest.

    Raises
    ------
    ManifestError
    """
    ending = out.suffix.lower()
    if ending not in (*TEXT_ENDINGS, *TABLE_ENDINGS):
        raise ManifestError(f"output '{out.name}' must end in {', '.join((*TEXT_ENDINGS, *TABLE_ENDINGS))}")
    if ending in TABLE_ENDINGS and find_spec(TABLE_ENDINGS[ending]) is None:
        raise ManifestError(f"writing '{out.name}' needs the extra 'tables': pip install 'elek[tables]'")
    if out.is_dir():
        raise ManifestError(f"output '{out}' is a folder; name a file")
    if out.exists() and manifest.exists() and out.samefile(manifest):
        raise ManifestError(f"output '{out}' is the manifest itself; name another file")


def flatten(record: dict[str, Any]) -> dict[str, Any]:
    """Give a record as one flat row: lists become ``code:p`` joined by blanks, nested values get a prefix.

    Examples
    --------
    >>> flatten({"control": [{"entry": "none", "p": 1.0}], "chpl": None})
    {'control': 'none:1.0', 'chpl': None}
    """
    row: dict[str, Any] = {}
    for name, value in record.items():
        if name == EVIDENCE_COLUMN:
            row[name] = json.dumps(value, ensure_ascii=False)
        elif isinstance(value, list):
            row[name] = " ".join(
                f"{v.get('entry') or v.get('hs')}:{v['p']}" if isinstance(v, dict) else str(v) for v in value
            )
        elif isinstance(value, dict):
            row.update({f"{name}_{inner}": v for inner, v in value.items()})
        else:
            row[name] = value
    return row


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


def publish(part: PartFile, queue: Queue | None, evidence: bool) -> None:
    """Make the output of a complete part file.

    Parameters
    ----------
    part : PartFile
    queue : Queue or None
        Adds `queued` and `rank` to every line.
    evidence : bool
        Whether the lines carry evidence.
    """
    ending = part.out.suffix.lower()
    if ending in (".jsonl", ".ndjson") and queue is None:
        part.move()
        return
    columns = (*COLUMNS, *(QUEUE_COLUMNS if queue else ()), *((EVIDENCE_COLUMN,) if evidence else ()))
    with replacing(part.out) as temporary:
        if ending == ".csv":
            _write_csv(temporary, columns, _rows(part, queue))
        elif ending in TABLE_ENDINGS:
            from elek.scored_tables import write_parquet, write_xlsx

            (write_xlsx if ending == ".xlsx" else write_parquet)(temporary, columns, _rows(part, queue))
        else:
            with temporary.open("wb") as file:
                file.writelines(queued_lines(part.lines(), queue))


def queued_lines(lines: Iterable[bytes], queue: Queue | None) -> Iterator[bytes]:
    """Add `queued` and `rank` to lines of JSONL; every other byte stays."""
    if queue is None:
        yield from lines
        return
    for line, (queued, rank) in zip(lines, queue.places(), strict=True):
        yield line.rstrip(b"\n")[:-1] + f',"queued":{str(queued).lower()},"rank":{rank}}}\n'.encode()


def _rows(part: PartFile, queue: Queue | None) -> Iterator[dict[str, Any]]:
    return (flatten(json.loads(line)) for line in queued_lines(part.lines(), queue))


def _write_csv(path: Path, columns: tuple[str, ...], rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        table = csv.DictWriter(file, columns, extrasaction="ignore")
        table.writeheader()
        table.writerows({k: neutral(v) for k, v in row.items()} for row in rows)

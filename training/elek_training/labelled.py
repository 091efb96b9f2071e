"""Labelled lines: what training reads, from CSV, with the rules for a missing or outdated label."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from elek.codes import parse_hs
from elek.errors import CodeError, ElekError
from elek.labels import NONE
from elek_training.nomenclature import read_nomenclature
from elek_training.taxonomy import read_taxonomy


class LabelError(ElekError, ValueError):
    """A file of labelled lines that cannot be trained on; the message names row, column and remedy."""


@dataclass(frozen=True, slots=True)
class LabelledLine:
    """A description with what is known of it; None means unknown, never a negative.

    Attributes
    ----------
    description : str
    hs : str or None
        The true code, 2, 4 or 6 digits; a heading trains the heading, it is never padded.
    control : tuple of str or None
        Entries that apply, ``("none",)`` when known not controlled.
    vague : bool or None
        Whether the text says too little.
    declared_hs, line_id, lang, source, case_id, group, typology, labelled_at : str
        Empty when unknown. Lines of one `group` stay on one side of a split.
    weight : float
    """

    description: str
    hs: str | None = None
    control: tuple[str, ...] | None = None
    vague: bool | None = None
    declared_hs: str = ""
    line_id: str = ""
    lang: str = ""
    source: str = ""
    case_id: str = ""
    group: str = ""
    typology: str = ""
    labelled_at: str = ""
    weight: float = 1.0


_TEXT = pa.Column(str, nullable=False, required=False)
SCHEMA = pa.DataFrameSchema(
    {
        "description": pa.Column(str, pa.Check(lambda s: s.str.strip() != "", error="is empty; remove the row")),
        "hs": pa.Column(str, required=False),
        "control": pa.Column(str, required=False),
        "vague": pa.Column(
            str, pa.Check(lambda s: s.isin(["", "0", "1"]), error="must be 0, 1 or empty"), required=False
        ),
        "weight": pa.Column(
            str,
            pa.Check(lambda s: s.str.fullmatch(r"\d*\.?\d*"), error="must be a number of 0 or more"),
            required=False,
        ),
        **{
            name: _TEXT
            for name in (
                "declared_hs", "line_id", "lang", "source", "case_id", "group", "typology", "labelled_at",
            )
        },
    },
    strict=True,
)  # fmt: skip
"""Schema of a labelled CSV, every cell as text."""


@dataclass(frozen=True)
class Reading:
    """Labelled lines of a file and what had to be changed.

    Attributes
    ----------
    lines : list of LabelledLine
    changed : Counter of str
        How many labels were moved to today's edition, shortened to a valid prefix, or dropped, by cause.
    """

    lines: list[LabelledLine]
    changed: Counter[str]


def read_labelled(path: Path) -> Reading:
    """Read a CSV of labelled lines.

    Parameters
    ----------
    path : Path
        UTF-8 CSV; columns as `LabelledLine`, all but `description` may be absent.

    Returns
    -------
    Reading

    Raises
    ------
    LabelError
        If a column is unknown, or a cell cannot be read. The message names the row and the column.
    """
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (ValueError, OSError) as error:
        raise LabelError(f"{path}: cannot be read as UTF-8 CSV ({error})") from error
    unknown = [str(c) for c in frame.columns if c not in SCHEMA.columns]
    if unknown:
        known = ", ".join(SCHEMA.columns)
        raise LabelError(f"{path}: unknown column '{unknown[0]}'; rename or remove it. Known columns: {known}")
    try:
        SCHEMA.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        first = error.failure_cases.iloc[0]
        if pd.isna(first["index"]):
            raise LabelError(f"{path}: column '{first['failure_case']}' is missing") from error
        where = f"row {int(first['index']) + 2}, column '{first['column']}'"
        raise LabelError(f"{path}: {where}: '{first['failure_case']}' {first['check']}") from error
    changed: Counter[str] = Counter()
    lines = [_line(row, number, path, changed) for number, row in enumerate(frame.to_dict("records"), start=2)]
    return Reading(lines, changed)


def _line(row: dict[str, str], number: int, path: Path, changed: Counter[str]) -> LabelledLine:
    entries = tuple(e.strip() for e in row.get("control", "").split(";") if e.strip())
    for entry in entries:
        if entry != NONE and entry not in read_taxonomy().entries:
            raise LabelError(
                f"{path}: row {number}, column 'control': '{entry}' is no entry of the taxonomy; "
                "correct it, or write none, or leave the cell empty for unknown"
            )
    vague = row.get("vague", "")
    texts = {
        k: v for k, v in row.items() if k in LabelledLine.__slots__ and k not in ("hs", "control", "vague", "weight")
    }
    return LabelledLine(
        **texts,
        hs=current_code(row.get("hs", ""), changed),
        control=entries or None,
        vague=None if vague == "" else vague == "1",
        weight=float(row.get("weight") or 1.0),
    )


def current_code(text: str, changed: Counter[str]) -> str | None:
    """Bring a label to today's edition: moved by correlation facts, else cut to its longest valid prefix.

    Parameters
    ----------
    text : str
        A code as labelled; empty for unknown.
    changed : Counter of str
        Counts what was moved, shortened, unreadable or unknown.

    Returns
    -------
    str or None
        2, 4 or 6 digits that the edition has.

    Examples
    --------
    >>> counts = Counter()
    >>> current_code("8525801900", counts), current_code("8542310000", counts), dict(counts)
    ('8525', '854231', {'moved to the current edition': 1})
    """
    if not text.strip():
        return None
    try:
        code = parse_hs(text).scored
    except CodeError:
        changed["unreadable code, label dropped"] += 1
        return None
    known = read_nomenclature().texts
    if code in known:
        return code
    moved = read_taxonomy().moved(code)
    if moved != code and moved in known:
        changed["moved to the current edition"] += 1
        return moved
    prefix = next((code[:n] for n in (4, 2) if code[:n] in known), None)
    changed["cut to a valid prefix" if prefix else "unknown code, label dropped"] += 1
    return prefix

"""Reading: what a caller gave as a goods line, its description normalised and its declared code looked up in the edition."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from elek.addressed import ends
from elek.codes import parse_hs
from elek.errors import CodeError
from elek.goods import DeclaredCode, GoodsLine
from elek.labels import Labels
from elek.text import MAX_CHARACTERS, normalise, pieces, windows

Line = GoodsLine | Mapping[str, Any] | str | None
"""What stands for a goods line: None, or a NaN of a table, is a line without a description."""

Columns = tuple[int, int, int]
"""Columns of a declared chapter, heading and subheading; -1 for none."""

NO_COLUMNS: Columns = (-1, -1, -1)
MAX_CUT = 8
"""Windows of a description that are cut into pieces too; a longer one has the flag `long` and its windows only."""

_FIELDS = frozenset(f.name for f in fields(GoodsLine))


@dataclass(frozen=True, slots=True)
class ReadCode:
    """A declared code as read: how it stands before scoring, its columns, and the flags of its defects."""

    declared: DeclaredCode | None = None
    columns: Columns = NO_COLUMNS
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A goods line as read.

    Attributes
    ----------
    line : GoodsLine
        With a line_id.
    texts : tuple of str
        Normalised windows of the description; empty when nothing readable was written.
    flags : tuple of str
        Of text and code, sorted.
    code : ReadCode
    pieces : tuple of str
        Pieces of a padded text, or ends of one that speaks to its reader: controlled goods are looked for in them as well.
    """

    line: GoodsLine
    texts: tuple[str, ...]
    flags: tuple[str, ...]
    code: ReadCode
    pieces: tuple[str, ...] = ()


def read_lines(lines: Iterable[Line], read_code: Callable[[str], ReadCode]) -> list[Reading]:
    """Read goods lines.

    Parameters
    ----------
    lines : iterable
        Of goods lines, mappings or texts; a column of a table is one too.
    read_code : callable
        Reads a declared code.

    Returns
    -------
    list of Reading

    Raises
    ------
    TypeError
        If `lines` is one line or a whole table, or holds something else than lines.
    """
    if isinstance(lines, str | bytes | Mapping | GoodsLine):
        raise TypeError("score() takes a list of lines; put the one line into a list: score([line])")
    if hasattr(lines, "columns") and hasattr(lines, "iloc"):
        raise TypeError("score() takes no table; give a column, table['description'], or table.to_dict('records')")
    return [_read(_as_line(line, row), read_code) for row, line in enumerate(lines, start=1)]


def read_code(text: str, labels: Labels) -> ReadCode:
    """Read a declared code against the edition of a bundle.

    Parameters
    ----------
    text : str
        Not empty.
    labels : Labels

    Returns
    -------
    ReadCode
    """
    try:
        code = parse_hs(text)
    except CodeError:
        return ReadCode(DeclaredCode(text.strip()[:24], False, None, None), NO_COLUMNS, ("hs_unreadable",))
    prefix = labels.longest_valid(code)
    valid = code.scored == prefix
    declared = DeclaredCode(code.scored, valid, 0.0, labels.chpl.get(prefix))
    return ReadCode(declared, labels.indices(prefix), () if valid else ("hs_not_in_edition",))


def _read(line: GoodsLine, read_code: Callable[[str], ReadCode]) -> Reading:
    description = line.description
    declared = line.declared_hs.strip() if line.declared_hs else ""
    code = read_code(declared) if declared else _NOTHING_DECLARED
    if len(description) <= MAX_CHARACTERS:
        normal = normalise(description)
        flags = tuple(sorted({*normal.flags, *code.flags})) if code.flags else normal.flags
        return Reading(
            line, (normal.text,) if normal.text else (), flags, code, pieces(normal.text) or ends(normal.text)
        )
    parts = [normalise(window) for window in windows(description)]
    seen = {flag for part in parts for flag in part.flags} | {"long", *code.flags}
    cut = () if len(parts) > MAX_CUT else tuple(piece for part in parts for piece in pieces(part.text))
    return Reading(line, tuple(p.text for p in parts if p.text), tuple(sorted(seen)), code, cut)


_NOTHING_DECLARED = ReadCode()


def _as_line(line: Line, row: int) -> GoodsLine:
    """Make a goods line of what a caller gave; the row number stands in for a missing line_id."""
    if isinstance(line, GoodsLine):
        if line.description is None:
            line = replace(line, description="")
        return line if line.line_id else replace(line, line_id=str(row))
    if isinstance(line, str):
        return GoodsLine(line, line_id=str(row))
    if _is_missing(line):
        return GoodsLine("", line_id=str(row))
    if not isinstance(line, Mapping):
        raise TypeError(f"line {row} is a {type(line).__name__}; give a str, a mapping or a GoodsLine")
    unknown = set(line) - _FIELDS
    if unknown or "description" not in line:
        what = f"unknown field {sorted(map(str, unknown))[0]!r}" if unknown else "no 'description'"
        raise TypeError(f"line {row}: {what}; the fields are {', '.join(sorted(_FIELDS))}")
    texts: dict[str, Any] = {k: None if _is_missing(v) else str(v) for k, v in line.items()}
    return GoodsLine(
        **{**texts, "description": texts["description"] or "", "line_id": texts.get("line_id") or str(row)}
    )


def _is_missing(value: object) -> bool:
    """Tell whether a cell of a table is empty: None, or a NaN, which is the only value that differs from itself."""
    return value is None or (isinstance(value, float) and value != value)

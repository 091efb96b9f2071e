"""JSON lines: one object or text a line, its keys matched to fields like the headers of a table."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from elek.columns import FIELDS, OUTCOME, Columns, find_columns
from elek.errors import ManifestError
from elek.text_rows import Unreadable

_FIELDS = frozenset((*FIELDS, OUTCOME))


class _Twice(ValueError):
    """A key that stands twice in one object: its readers would disagree on which value holds."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _Twice(f"key '{next(k for k in keys if keys.count(k) > 1)[:40]}' stands twice; keep one")
    return values


# numbers stay as they are written: 8542.30 keeps its zero, 1e999 is no infinity
_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_float=str, parse_int=str, parse_constant=str)


def read_json_lines(
    lines: Iterable[str | Unreadable], named: Mapping[str, str], extra: list[str]
) -> Iterator[dict[str, str] | Unreadable]:
    """Read lines of JSON.

    Parameters
    ----------
    lines : iterable of str or Unreadable
    named : mapping of str to str
        Field to key, as given by ``--map``; used where the key is there.
    extra : list of str
        Gets the keys that are ignored.

    Yields
    ------
    dict of str to str, or Unreadable
        Field to text. Lines without any character are left out.

    Raises
    ------
    ManifestError
        If the first line opens a list, as files of one JSON document do.
    """
    found: dict[tuple[str, ...], Columns] = {}
    first = True
    for line in lines:
        if isinstance(line, Unreadable):
            yield line
            continue
        text = line.strip("\ufeff \r\n\t")
        if not text:
            continue
        if first and text.startswith("["):
            raise ManifestError("the file is one JSON list; write one object a line (JSONL)")
        first = False
        yield _read(text, named, extra, found)


def _read(
    text: str, named: Mapping[str, str], extra: list[str], found: dict[tuple[str, ...], Columns]
) -> dict[str, str] | Unreadable:
    try:
        raw = _DECODER.decode(text)
    except _Twice as error:
        return Unreadable(f"the line is ambiguous JSON: {error}")
    except (ValueError, RecursionError):
        return Unreadable("the line is no JSON; write one object with a 'description' a line")
    if isinstance(raw, str):
        return {"description": raw}
    if not isinstance(raw, dict):
        return Unreadable(f"the line is a JSON {type(raw).__name__}; write one object with a 'description' a line")
    keys = tuple(raw)
    columns = found.get(keys)
    if columns is None:
        try:
            columns = find_columns(keys, {f: k for f, k in named.items() if k in raw})
        except ManifestError:
            fields = {k: _text(raw[k]) for k in keys if k in _FIELDS}
            fields.pop("description", None)
            return fields
        if len(found) < 1000:
            found[keys] = columns
        extra.extend(k for k in columns.extra[:100] if k not in extra and len(extra) < 1000)
    cells = list(raw.values())
    return {f: _text(cells[c]).strip() for f, c in columns.at.items()}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

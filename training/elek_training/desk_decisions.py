"""Desk decisions: what reviewers decided, as the desk exports it (JSONL, by address or file), as labels."""

import json
import os
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elek.errors import ElekError
from elek.labels import NONE
from elek_training.label import DESK, Label
from elek_training.labelled import current_code
from elek_training.taxonomy import read_taxonomy

DECISIONS = ("confirm", "clear", "refer")
_TIMEOUT_S = 60


class DecisionError(ElekError, ValueError):
    """An export that cannot be read; the message names line and field."""


@dataclass(frozen=True)
class DeskExport:
    """Decisions that are labels, and how many are not, by cause."""

    labels: list[Label]
    left_out: Counter[str]


def read_decisions(source: str) -> DeskExport:
    """Read an export of the desk.

    Parameters
    ----------
    source : str
        Address of the desk export (the key is read from ELEK_API_KEY), or the path of a JSONL file. Fields: `line_id`, `manifest`,
        `description`, `declared_hs`, `decision`, `reason`, `correct_hs`, `correct_entry`, `reviewer`, `decided_at`, `bundle`,
        `weight`.

    Returns
    -------
    DeskExport
        A decision to clear labels the line ``none``. Confirming it, or referring it to another, labels nothing by itself; the
        code and entry that the reviewer wrote do.

    Raises
    ------
    DecisionError
    """
    labels, left_out = [], Counter[str]()
    for number, text in enumerate(_text(source).splitlines(), start=1):
        if not text.strip():
            continue
        try:
            raw = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise DecisionError(f"line {number} of the export is no JSON ({error}); export it again") from error
        label = _label(raw, number)
        if label.hs or label.control:
            labels.append(label)
        else:
            left_out[f"{raw['decision']} without code or entry"] += 1
    return DeskExport(labels, left_out)


def _text(source: str) -> str:
    try:
        if source.startswith(("http://", "https://")):
            key = os.environ.get("ELEK_API_KEY")
            request = urllib.request.Request(source, headers={"Authorization": f"Bearer {key}"} if key else {})
            with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:
                return str(answer.read().decode("utf-8"))
        return Path(source).read_text(encoding="utf-8-sig")
    except urllib.error.HTTPError as error:
        error.close()
        remedy = "put an API key with the scope 'labels' into ELEK_API_KEY" if error.code in (401, 403) else "try again"
        raise DecisionError(f"'{source}' answers {error.code}; {remedy}") from error
    except (OSError, UnicodeDecodeError, urllib.error.URLError) as error:
        raise DecisionError(
            f"'{source}' cannot be read ({error}); give the desk's export address or its file"
        ) from error


def _label(raw: Mapping[str, Any], number: int) -> Label:
    def cell(name: str, needed: bool = False) -> str:
        value = raw.get(name)
        if value is not None and not isinstance(value, str | int | float):
            raise DecisionError(f"line {number}, field '{name}': {value!r} is no text; export it again")
        if needed and not str(value or "").strip():
            raise DecisionError(f"line {number}, field '{name}' is empty; a label needs it")
        return str(value or "").strip()

    if not isinstance(raw, dict):
        raise DecisionError(f"line {number} of the export is no object; export it again")
    decision = cell("decision", needed=True)
    if decision not in DECISIONS:
        raise DecisionError(f"line {number}, field 'decision': '{decision}' is none of {', '.join(DECISIONS)}")
    entry = cell("correct_entry")
    for one in entry.split(";"):
        if one and one != NONE and one not in read_taxonomy().entries:
            raise DecisionError(f"line {number}, field 'correct_entry': '{one}' is no entry of the taxonomy")
    return Label(
        description=cell("description", needed=True),
        declared_hs=cell("declared_hs"),
        hs=current_code(cell("correct_hs"), Counter()) or "",
        control=entry or (NONE if decision == "clear" else ""),
        source=DESK,
        who=cell("reviewer", needed=True),
        labelled_at=cell("decided_at", needed=True),
        case_id=cell("manifest"),
        reason=cell("reason"),
        bundle=cell("bundle"),
        weight=_weight(raw.get("weight"), number),
    )


def _weight(value: Any, number: int) -> str:
    try:
        weight = 1.0 if value is None or value == "" else float(value)
    except (TypeError, ValueError):
        weight = -1.0
    if not 0 <= weight <= 1:
        raise DecisionError(f"line {number}, field 'weight': {value!r} is no number from 0 to 1")
    return f"{weight:g}"

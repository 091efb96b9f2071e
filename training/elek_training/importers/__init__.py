"""Importers: official texts that a user downloads, read into labelled lines with source and edition."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from pathlib import Path

from elek.errors import ElekError
from elek_training.importers import control_lists, fpo, tariffs
from elek_training.importers.reading import ImportRefused
from elek_training.labelled import LabelledLine

Importer = Callable[[Path], Iterator[LabelledLine]]

KINDS: dict[str, Importer] = {
    "tnved": tariffs.read_tnved,
    "hts": tariffs.read_hts,
    "chpl": tariffs.read_chpl,
    "annex1": control_lists.read_annex1,
    "ccl": control_lists.read_ccl,
    "fpo": fpo.read_fpo,
}
"""Kind of file to its importer."""

COLUMNS = ("description", "hs", "control", "vague", "line_id", "lang", "source", "group", "weight")


def read_official(kind: str, path: Path) -> list[LabelledLine]:
    """Read an official file.

    Parameters
    ----------
    kind : str
        A key of `KINDS`.
    path : Path

    Returns
    -------
    list of LabelledLine

    Raises
    ------
    ImportRefused
        If the file is not of that kind; the message names the line.
    """
    if kind not in KINDS:
        raise ElekError(f"no importer '{kind}'; known are {', '.join(sorted(KINDS))}")
    if not path.is_file():
        raise ElekError(f"no file '{path}'")
    lines = list(KINDS[kind](path))
    if not lines:
        raise ImportRefused(path, 1, f"holds nothing that looks like {kind}")
    return lines


def write_labelled(lines: Iterable[LabelledLine], path: Path) -> int:
    """Write labelled lines as the CSV that `elek train fit --lines` reads; gives their number."""
    names = [f.name for f in fields(LabelledLine)]
    n = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for line in lines:
            row = {name: getattr(line, name) for name in names}
            row["control"] = ";".join(line.control or ())
            row["vague"] = "" if line.vague is None else str(int(line.vague))
            writer.writerow(["" if row[c] is None else row[c] for c in COLUMNS])
            n += 1
    return n

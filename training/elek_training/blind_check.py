"""Blind check of the catalogue: a reader who sees only the names writes heading and entry; the agreement is computed."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from elek.errors import ElekError
from elek_training.catalogue import LANGUAGES, Good, read_catalogue
from elek_training.metrics import Measured, share
from elek_training.sources import catalogue_digest

DRAWN = 400
COLUMNS = ("number", *LANGUAGES, "heading", "control")


@dataclass(frozen=True)
class Agreement:
    """How far the reader and the catalogue agree.

    Attributes
    ----------
    heading, controlled : Measured
        Share of goods on whose heading, and on whether an entry applies, both agree.
    disagreements : list of str
        One sentence each, to be settled.
    """

    heading: Measured
    controlled: Measured
    disagreements: list[str]


def draw(goods: Sequence[Good] | None = None) -> list[Good]:
    """Draw the goods to be read: the seed is the digest of the catalogue, so a changed catalogue is drawn anew."""
    goods = goods if goods is not None else read_catalogue()
    return Random(catalogue_digest()).sample(list(goods), min(DRAWN, len(goods)))


def write_sheet(path: Path) -> int:
    """Write the reader's sheet: names only, heading and control to be filled in.

    Returns
    -------
    int
        Number of goods.
    """
    goods = draw()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for number, good in enumerate(goods, start=1):
            writer.writerow([number, *("; ".join(good.names[lang]) for lang in LANGUAGES), "", ""])
    return len(goods)


def compare(path: Path) -> Agreement:
    """Compare a filled sheet with the catalogue.

    Parameters
    ----------
    path : Path
        The sheet, `heading` with 4 digits and `control` with entries joined by ``;`` or ``none``.

    Returns
    -------
    Agreement

    Raises
    ------
    ElekError
        If the sheet was not drawn from today's catalogue, or a cell is empty.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    goods = draw()
    if len(rows) != len(goods) or any(r["en"] != "; ".join(g.names["en"]) for r, g in zip(rows, goods, strict=True)):
        raise ElekError(
            f"{path}: the sheet was not drawn from this catalogue; draw it again with `elek train blind-check draw`"
        )
    same_heading, same_control, told = [], [], []
    for row, good in zip(rows, goods, strict=True):
        heading, control = row["heading"].strip(), row["control"].strip()
        if not heading or not control:
            raise ElekError(f"{path}: row {row['number']} is not filled in")
        same_heading.append(heading in {code[:4] for code in good.hs})
        same_control.append((control != "none") == good.is_controlled)
        if not (same_heading[-1] and same_control[-1]):
            mine = f"{good.hs[0][:4]}, {';'.join(good.control)}"
            told.append(f"{good.id}: catalogue says {mine}; reader says {heading}, {control} ({good.names['en'][0]})")
    return Agreement(share(same_heading), share(same_control), told)

"""Splits that keep relatives on one side: by group, or by every relation and then by time."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from elek_training.labelled import LabelledLine
from elek_training.model_text import model_text
from elek_training.nomenclature import EDITION
from elek_training.relations import relate


def group_of(line: LabelledLine) -> str:
    """Give what keeps a line together with its relatives: its group, else its case, else its own text."""
    return line.group or line.case_id or line.description.casefold()


def in_fold(group: str, share: float, seed: int) -> bool:
    """Tell whether a group falls into the held-out share; the same for every process and machine.

    Examples
    --------
    >>> in_fold("kintex-fpga", 0.0, 1), in_fold("kintex-fpga", 1.0, 1)
    (False, True)
    """
    digest = hashlib.sha256(f"{seed}:{group}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 < share


def hold_out(lines: Sequence[LabelledLine], share: float, seed: int) -> tuple[list[LabelledLine], list[LabelledLine]]:
    """Split lines by group.

    Parameters
    ----------
    lines : sequence of LabelledLine
    share : float
        Share of groups held out, in [0, 1]; texts of the nomenclature are all kept.
    seed : int

    Returns
    -------
    tuple of two lists
        Kept, held out. A text never stands on both sides as the model reads it: a trade name of the lexicon is also the name of a
        good, two goods share a name. The lines out of the held-out groups that such a text stands in are on neither side.
    """
    kept: list[LabelledLine] = []
    held: list[LabelledLine] = []
    for line in lines:
        is_kept = line.source == EDITION or not in_fold(group_of(line), share, seed)
        (kept if is_kept else held).append(line)
    known = {model_text(line.description) for line in kept}
    return kept, [line for line in held if model_text(line.description) not in known]


@dataclass(frozen=True)
class Split:
    """Two sides of lines that no near-duplicate, case, group or part family joins."""

    train: list[LabelledLine]
    test: list[LabelledLine]


def split_lines(lines: Sequence[LabelledLine], share: float, seed: int) -> Split:
    """Split lines by relatives, and where they have dates, by time: the sets of relatives seen last are tested on.

    Parameters
    ----------
    lines : sequence of LabelledLine
    share : float
        Share of lines to test on, about; a set of relatives is never cut.
    seed : int
        Orders sets of equal or unknown date.

    Returns
    -------
    Split
        A set of relatives is as new as its first line: what has relatives among older lines is not new.
    """
    related = relate(lines).tolist()
    members: dict[int, list[int]] = {}
    for row, number in enumerate(related):
        members.setdefault(number, []).append(row)

    def age(rows: list[int]) -> tuple[str, bytes]:
        text = min(lines[row].description for row in rows)
        lot = hashlib.sha256(f"{seed}:{text}".encode("utf-8", "replace")).digest()
        return min(lines[row].labelled_at for row in rows), lot

    wanted, test = share * len(lines), set[int]()
    for rows in sorted(members.values(), key=age, reverse=True):
        if len(test) + len(rows) / 2 <= wanted:
            test.update(rows)
    return Split(
        [line for row, line in enumerate(lines) if row not in test],
        [line for row, line in enumerate(lines) if row in test],
    )

"""Splits that keep a group on one side."""

import hashlib
from collections.abc import Sequence

from elek_training.labelled import LabelledLine


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
        Share of groups held out, in [0, 1].
    seed : int

    Returns
    -------
    tuple of two lists
        Kept, held out.
    """
    kept: list[LabelledLine] = []
    held: list[LabelledLine] = []
    for line in lines:
        (held if in_fold(group_of(line), share, seed) else kept).append(line)
    return kept, held

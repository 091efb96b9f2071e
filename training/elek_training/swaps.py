"""Swaps: declared codes, right and wrong at every distance, on which the misdeclaration head is learnt and measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from elek_training.labelled import LabelledLine
from elek_training.split import group_of
from elek_training.tree import HsTree

SECTIONS = (5, 14, 15, 24, 27, 38, 40, 43, 46, 49, 63, 67, 70, 71, 83, 85, 89, 92, 93, 96, 97, 99)
"""Last chapter of each HS section, I to XXI, and of the special chapters."""


def section(code: str) -> int:
    """Give the number of the section of a code, 0 for I.

    Examples
    --------
    >>> section("8542"), section("0101")
    (15, 0)
    """
    return next(i for i, last in enumerate(SECTIONS) if int(code[:2]) <= last)


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared code for a line.

    Attributes
    ----------
    row : int
        The line.
    code : str
        4 or 6 digits.
    wrong : bool
    distance : str
        ``right``, or how far the wrong code lies.
    """

    row: int
    code: str
    wrong: bool
    distance: str


class Swapper:
    """Draws declared codes.

    Parameters
    ----------
    lines : sequence of LabelledLine
        Wrong codes are drawn with the frequency of the headings in these lines, and never a heading that a line of the same group
        carries.
    tree : HsTree
    """

    def __init__(self, lines: Sequence[LabelledLine], tree: HsTree) -> None:
        self.lines = lines
        self.children: dict[str, list[str]] = {}
        for code in tree.subheadings:
            self.children.setdefault(code[:4], []).append(code)
        self.frequent = [line.hs[:4] for line in lines if line.hs and len(line.hs) >= 4]
        self.groups: dict[str, set[str]] = {}
        for line in lines:
            if line.hs and len(line.hs) >= 4:
                self.groups.setdefault(group_of(line), set()).add(line.hs[:4])
        self.near: dict[str, list[str]] = {}
        self.in_section: dict[int, list[str]] = {}
        for heading in sorted(self.children):
            self.near.setdefault(heading[:2], []).append(heading)
            self.in_section.setdefault(section(heading), []).append(heading)

    def wrong_heading(self, row: int, distance: str, random: Random) -> str | None:
        """Draw a wrong heading at a distance: ``frequency``, ``section``, ``chapter`` or ``sibling``; None when there is none."""
        own = self.lines[row].hs or ""
        banned = self.groups.get(group_of(self.lines[row]), set()) | {own[:4]}
        if distance == "frequency":
            pool = self.frequent
        elif distance == "section":
            pool = self.in_section[section(own)]
        else:
            pool = self.near[own[:2]]
            if distance == "sibling" and own[:4] in pool:
                at = pool.index(own[:4])
                pool = pool[max(0, at - 1) : at + 2]
        for _ in range(20):
            heading = random.choice(pool)
            if heading not in banned:
                return heading
        return None

    def evasions(self) -> list[Declared]:
        """Give the lines that were written and declared to deceive, where the text still names the goods."""
        return [
            Declared(row, line.declared_hs[:6], True, f"evasion {line.typology}")
            for row, line in enumerate(self.lines)
            if line.typology and not line.vague and line.hs and line.declared_hs[:4] not in ("", line.hs[:4])
        ]

    def draw(self, share_wrong: float, distances: Sequence[str], seed: int) -> list[Declared]:
        """Declare every line that has a true heading, a share of them wrongly.

        Parameters
        ----------
        share_wrong : float
            In [0, 1].
        distances : sequence of str
            Drawn from with equal chance.
        seed : int

        Returns
        -------
        list of Declared
        """
        random = Random(seed)
        drawn = []
        for row, line in enumerate(self.lines):
            if not line.hs or len(line.hs) < 4 or line.vague:
                continue
            distance = "right"
            code = line.hs
            if random.random() < share_wrong:
                distance = random.choice(distances)
                heading = self.wrong_heading(row, distance, random)
                if heading is None:
                    continue
                code = random.choice(self.children[heading]) if len(line.hs) == 6 else heading
            if len(code) == 6 and random.random() < 0.3:
                code = code[:4]
            drawn.append(Declared(row, code, distance != "right", distance))
        return drawn

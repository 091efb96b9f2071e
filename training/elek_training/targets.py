"""Targets: labelled lines as the tensors that the heads train on."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from elek.labels import ControlEntry
from elek_training.heads import Targets
from elek_training.labelled import LabelledLine
from elek_training.tree import HsTree


@dataclass(frozen=True)
class LabelSpace:
    """The columns of every head.

    Attributes
    ----------
    tree : HsTree
    entries : tuple of ControlEntry
        "none" first.
    """

    tree: HsTree
    entries: tuple[ControlEntry, ...]

    def targets(self, lines: Sequence[LabelledLine]) -> Targets:
        """Turn labels into tensors.

        Parameters
        ----------
        lines : sequence of LabelledLine, length n

        Returns
        -------
        Targets
            The code and entries of an evasion whose text hides the goods are unknown. Other vague lines train them: what lies
            behind such wording is as open as their labels are.
        """
        at = {
            c: i
            for codes in (self.tree.chapters, self.tree.headings, self.tree.subheadings)
            for i, c in enumerate(codes)
        }
        column = {e.entry: i for i, e in enumerate(self.entries)}
        codes = ["" if hides_goods(line) or not line.hs or line.hs not in at else line.hs for line in lines]
        control = torch.zeros(len(lines), len(self.entries))
        for row, line in enumerate(lines):
            if line.control and not hides_goods(line):
                for entry in line.control:
                    control[row, column[entry]] = 1.0
        vague = [float("nan") if line.vague is None else float(line.vague) for line in lines]
        return Targets(
            level=torch.tensor([len(code) for code in codes]),
            code=torch.tensor([at.get(code, 0) for code in codes]),
            control=control,
            vague=torch.tensor(vague),
            weight=torch.tensor([line.weight for line in lines]),
        )


def hides_goods(line: LabelledLine) -> bool:
    """Tell whether the text was written to hide the goods (typologies T1 and T2)."""
    return bool(line.vague and line.typology)


def take(targets: Targets, rows: torch.Tensor) -> Targets:
    """Select some rows of the targets."""
    return Targets(
        targets.level[rows], targets.code[rows], targets.control[rows], targets.vague[rows], targets.weight[rows]
    )

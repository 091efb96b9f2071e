"""What `controlled_score` is measured against."""

from collections.abc import Sequence

import torch
from torch import Tensor

from elek_training.labelled import LabelledLine
from elek_training.targets import hides_goods
from elek_training.taxonomy import read_taxonomy


def controlled_truth(lines: Sequence[LabelledLine]) -> Tensor:
    """Whether a control entry applies or the true subheading is on the CHPL; NaN when unknown. Shape (n,)."""
    chpl = read_taxonomy().chpl
    truth = []
    for line in lines:
        if line.control is None or hides_goods(line):
            truth.append(float("nan"))
        elif line.control != ("none",) or line.hs in chpl:
            truth.append(1.0)
        else:
            truth.append(0.0 if line.hs and len(line.hs) == 6 else float("nan"))
    return torch.tensor(truth)

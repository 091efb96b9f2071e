"""Vague wording: how much a line says of what is vague. The catalogue's own names are called clear only because we call them so."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from elek_training.labelled import LabelledLine
from elek_training.provenance import COMPOSED

COMPOSED_WEIGHT = 0.1


def wording_weights(lines: Sequence[LabelledLine]) -> npt.NDArray[np.float64]:
    """Weigh lines for what is learnt of vagueness after the fit.

    Parameters
    ----------
    lines : sequence of LabelledLine, length n

    Returns
    -------
    ndarray of float64, shape (n,)
        1 for wording that somebody called vague or not. Composed lines count little beside it, and not at all in a language in
        which there is such wording; where there is none in any language, they count 1.
    """
    told = {line.lang for line in lines if line.vague and line.source != COMPOSED}
    if not told:
        return np.ones(len(lines))
    composed = [0.0 if line.lang in told else COMPOSED_WEIGHT for line in lines]
    return np.where([line.source == COMPOSED for line in lines], composed, 1.0)

"""Texts as arrays of Unicode code points, the only text input of the graph."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

SPACE = 32
_STEP = 16


def padded_length(n_characters: int) -> int:
    """Columns needed for a text: one space before, one after, rounded up to a multiple of 16.

    Examples
    --------
    >>> padded_length(20)
    32
    """
    return -(-(n_characters + 2) // _STEP) * _STEP


def to_code_points(texts: Sequence[str], length: int | None = None) -> npt.NDArray[np.int32]:
    """Lay normalised texts out as rows of code points.

    Parameters
    ----------
    texts : sequence of str, length n
        Normalised; each gets a space before and after, so that the graph sees where words begin and end.
    length : int, optional
        Columns; default is what the longest text needs.

    Returns
    -------
    ndarray of int32, shape (n, length)
        Padded with zeros.

    Examples
    --------
    >>> to_code_points(["ab"])[0, :5].tolist()
    [32, 97, 98, 32, 0]
    """
    length = length or padded_length(max((len(t) for t in texts), default=0))
    joined = "".join(f" {t} ".ljust(length, "\0") for t in texts)
    flat = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.int32)
    return flat.reshape(len(texts), length)

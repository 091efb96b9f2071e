"""Hashed n-grams of a text, from its code points, in torch operations that ONNX has too.

Features of a text " w1 w2 … ": character n-grams of orders 2 to 5 that stay inside a word with its two borders, single
characters outside the alphabets (Han), whole words, and unordered pairs of neighbouring words. Each feature is a row of the
embedding table, found by hashing, in the manner of fastText (Bojanowski et al. 2017, arXiv:1607.04606). The same function
makes the training features and is exported into the graph, so the two cannot differ.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

ORDERS = (2, 3, 4, 5)
SPACE = 32
_FIRST_HAN = 0x2E80
_MASK = (1 << 30) - 1
_PRIME, _SPREAD, _WORD, _PAIR = 0x2545F491, 0x1B873593, 0x3C6EF372, 0x19D699A5
_LONGEST_WORD = 128


@dataclass(frozen=True, slots=True)
class Features:
    """Hashed features of n texts.

    Attributes
    ----------
    rows : Tensor of int64, shape (n, m)
        Row of the embedding table; 0 where `valid` is false.
    valid : Tensor of bool, shape (n, m)
    """

    rows: Tensor
    valid: Tensor


def _bucket(hashed: Tensor, n_rows: int) -> Tensor:
    """Spread a 30-bit hash over the rows 1 .. n_rows - 1; row 0 stays for padding."""
    high = torch.bitwise_right_shift((hashed * _SPREAD) & _MASK, 8)
    return high % (n_rows - 1) + 1


def _before(x: Tensor, columns: int) -> Tensor:
    """Shift to the right by some columns, zeros coming in."""
    return F.pad(x, (columns, 0))[:, : x.shape[1]]


def _after(x: Tensor, columns: int) -> Tensor:
    """Shift to the left by some columns, zeros coming in."""
    return F.pad(x, (0, columns))[:, columns:]


def _running_maximum(x: Tensor) -> Tensor:
    """Maximum of each column and the 127 before it, by doubling; ONNX has no cumulative maximum."""
    step = 1
    while step < _LONGEST_WORD:
        x = torch.maximum(x, _before(x, step))
        step *= 2
    return x


def hash_features(code_points: Tensor, n_rows: int) -> Features:
    """Hash every feature of each text.

    Parameters
    ----------
    code_points : Tensor of int, shape (n, length)
        A space before and after each text, zeros behind it.
    n_rows : int
        Rows of the embedding table, at most 2**22.

    Returns
    -------
    Features
        m = 7 * length.
    """
    cp = code_points.to(torch.int64)
    inside = (cp != SPACE) & (cp != 0)
    edge = cp == SPACE
    char = (cp * _PRIME + 12345) & _MASK
    rows, valid = [], []

    rows.append(_bucket(char, n_rows))
    valid.append(cp >= _FIRST_HAN)

    hashed, open_word = char, torch.ones_like(inside)
    for order in range(2, ORDERS[-1] + 1):
        hashed = (hashed * _PRIME + _after(char, order - 1) + order) & _MASK
        if order > 2:
            open_word = open_word & _after(inside, order - 2)
        last = _after(cp, order - 1)
        first_or_last_inside = inside | _after(inside, order - 1) if order == 2 else open_word
        rows.append(_bucket(hashed, n_rows))
        valid.append(open_word & first_or_last_inside & (cp != 0) & (last != 0))

    # words: sum of hashed character triples between two spaces, read off a running total at the space behind the word
    triple = ((_before(char, 1) * _PRIME + char) & _MASK) * 5 + _after(char, 1) * 3
    triple = (triple * _SPREAD) & _MASK
    total = torch.cumsum(triple * inside, dim=1)
    at_edge = total * edge
    one_back = _before(_running_maximum(at_edge), 1)
    two_back = _before(_running_maximum(one_back * edge), 1)
    n_edges = torch.cumsum(edge.to(torch.int64), dim=1)
    word_ends = edge & _before(inside, 1)
    rows.append(_bucket(((total - one_back) & _MASK) ^ _WORD, n_rows))
    valid.append(word_ends)
    rows.append(_bucket(((total - two_back) & _MASK) ^ _PAIR, n_rows))
    valid.append(word_ends & (n_edges > 2))

    mask = torch.cat(valid, dim=1)
    return Features(torch.cat(rows, dim=1) * mask, mask)

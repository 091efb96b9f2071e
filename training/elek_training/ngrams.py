"""Hashed n-grams of a text, from its code points, in torch operations that ONNX has too.

Features of a text " w1 w2 … ": character n-grams of orders 2 to 5 that stay inside a word with its two borders, single
characters outside the alphabets (Han), whole words, and unordered pairs of neighbouring words. Each feature is a row of the
embedding table, found by hashing, in the manner of fastText (Bojanowski et al. 2017, arXiv:1607.04606). The same function
makes the training features and is exported into the graph, so the two cannot differ.

Arithmetic is modulo 2**30. Every operation here is a node of the graph, so there are as few as can be.
"""

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor
from torch.nn import functional as F

ORDERS = (2, 3, 4, 5)
SPACE = 32
_FIRST_HAN = 0x2E80
_BITS = 30
_DROPPED_BITS = 8
_MASK = (1 << _BITS) - 1
_PRIME, _SPREAD, _WORD, _PAIR = 0x2545F491, 0x1B873593, 0x3C6EF372, 0x19D699A5
MAX_ROWS = 1 << 22
"""Largest table: up to here the remainder below is exact in single precision."""


@dataclass(frozen=True, slots=True)
class Features:
    """Hashed features of n texts.

    Attributes
    ----------
    rows : Tensor of int64, shape (n, m)
        Row of the embedding table; means nothing where `valid` is false.
    valid : Tensor of bool, shape (n, m)
    """

    rows: Tensor
    valid: Tensor


def hash_features(code_points: Tensor, n_rows: int) -> Features:
    """Hash every feature of each text.

    Parameters
    ----------
    code_points : Tensor of int, shape (n, length)
        Words with one space between them, a space before and after each text, zeros behind it.
    n_rows : int
        Rows of the embedding table, at most `MAX_ROWS`.

    Returns
    -------
    Features
        m = 5 * length + 2 * (spaces in the text that has most) - 2.
    """
    cp = code_points.to(torch.int64)
    char = (cp * _PRIME + 12345) & _MASK
    inside = cp > SPACE
    grams, is_gram = _ngrams(char, inside)
    words, is_word = _words(char, inside, cp == SPACE)
    hashed = torch.cat([char, *grams, *words], dim=1)
    return Features(_bucket(hashed, n_rows), torch.cat([cp >= _FIRST_HAN, *is_gram, *is_word], dim=1))


def _ngrams(char: Tensor, inside: Tensor) -> tuple[list[Tensor], list[Tensor]]:
    """Hash character n-grams; valid where all but the outer two characters lie inside one word."""
    hashed = char
    hashes: list[Tensor] = []
    valid: list[Tensor] = []
    for order in ORDERS:
        hashed = (hashed * _PRIME + _behind(char, order - 1) + order) & _MASK
        hashes.append(hashed)
        beside = _behind(inside, max(1, order - 2))
        valid.append(inside | beside if order == 2 else beside if order == 3 else valid[-1] & beside)
    return hashes, valid


def _behind(values: Tensor, places: int) -> Tensor:
    """Shift each text to its front, zeros after its end."""
    return F.pad(values, (-places, places))


def _words(char: Tensor, inside: Tensor, space: Tensor) -> tuple[list[Tensor], list[Tensor]]:
    """Hash words and pairs of words: sums of hashed character triples between two spaces, read off a running total."""
    before, after = _behind(char, -1), _behind(char, 1)
    triple = ((((before * _PRIME + char) * 5 + after * 3) & _MASK) * _SPREAD) & _MASK
    total = torch.cumsum(triple * inside, dim=1)
    # the totals at the spaces, side by side; what stands elsewhere goes to one more column at the end
    number = torch.cumsum(space.to(torch.int64), dim=1)
    n_spaces = cast(int, number[:, -1].max().item())
    torch._check(n_spaces >= 2)
    torch._check(n_spaces <= char.shape[1])
    at_space = torch.zeros_like(total[:, :1]).expand(-1, n_spaces + 1)
    at_space = at_space.scatter(1, torch.where(space, number - 1, n_spaces), total)[:, :n_spaces]
    ends, one_back = at_space[:, 1:], at_space[:, :-1]
    two_back = F.pad(at_space, (1, 0))[:, : n_spaces - 1]
    is_word = ends > one_back
    is_pair = F.pad(is_word[:, 1:], (1, 0))
    return [((ends - one_back) & _MASK) ^ _WORD, ((ends - two_back) & _MASK) ^ _PAIR], [is_word, is_pair]


def _bucket(hashed: Tensor, n_rows: int) -> Tensor:
    """Spread a 30-bit hash over the rows 1 .. n_rows - 1; row 0 stays for padding.

    The upper 22 bits modulo n_rows - 1, in single precision, which holds 22 bits exactly: a quotient below 2**22 that is no
    whole number lies further from the next one than rounding reaches.
    """
    high = ((hashed * _SPREAD) & (_MASK << _DROPPED_BITS & _MASK)).float() / (1 << _DROPPED_BITS)
    rest = high - torch.floor(high / (n_rows - 1)) * (n_rows - 1)
    return (rest + 1).to(torch.int64)

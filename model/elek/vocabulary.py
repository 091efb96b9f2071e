"""Vocabulary: the words that a bundle takes for correctly spelt, each with the number of training texts it stands in."""

import io
import math
import zipfile
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import accumulate, islice, pairwise

import numpy as np

from elek.errors import BundleError

STEM = 6
"""Letters from which on two words that begin alike are taken for forms of one."""


class Vocabulary:
    """Known words.

    Parameters
    ----------
    counts : mapping of str to float
        Word in its sound form (`elek.sound`), or pair of Chinese characters, to the number of training texts it stands in, at
        least 1.

    Attributes
    ----------
    counts : dict of str to float
        Rounded to powers of two once stored.
    """

    def __init__(self, counts: Mapping[str, float]) -> None:
        self.counts = dict(counts)
        self._sorted = sorted(counts)
        self._total = math.log(sum(counts.values())) if counts else 0.0

    @classmethod
    def from_bytes(cls, content: bytes) -> "Vocabulary":
        """Read `words.npz`.

        Raises
        ------
        BundleError
            If it is not what `pack` writes.
        """
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                shared = arrays["shared"].tolist()
                ends = arrays["ends"].tobytes().decode("utf-8").split("\n") if shared else []
                counts = np.exp2(arrays["doublings"].astype(np.float64)).tolist()
            words = accumulate(zip(shared, ends, strict=True), lambda word, new: word[: new[0]] + new[1], initial="")
            return cls(dict(zip(islice(words, 1, None), counts, strict=True)))
        except (ValueError, TypeError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise BundleError(f"words.npz cannot be read ({error}); export the bundle again") from error

    def pack(self) -> bytes:
        """Write `words.npz`: each word as what it adds to the word before it, in order, and how often its count doubles."""
        shared = [_shared(*pair) for pair in pairwise(["", *self._sorted])]
        ends = "\n".join(word[n:] for word, n in zip(self._sorted, shared, strict=True))
        file = io.BytesIO()
        np.savez_compressed(
            file,
            shared=np.array(shared, dtype=np.uint8),
            ends=np.frombuffer(ends.encode("utf-8"), dtype=np.uint8),
            doublings=np.array([round(math.log2(self.counts[word])) for word in self._sorted], dtype=np.uint8),
        )
        return file.getvalue()

    def surprise(self, word: str) -> float:
        """Give minus the log of a known word's share of all words, in nats."""
        return self._total - math.log(self.counts[word])

    def has_kin(self, word: str) -> bool:
        """Tell whether a known word begins like this one: it is then another form of it, or a word of its family.

        Examples
        --------
        >>> Vocabulary({"kentrifuga": 9.0}).has_kin("kentrifugi"), Vocabulary({"kentrifuga": 9.0}).has_kin("kentrala")
        (True, False)
        """
        if len(word) < STEM:
            return False
        stem = word[: max(STEM - 1, len(word) - 2)]
        at = bisect_left(self._sorted, stem)
        return at < len(self._sorted) and self._sorted[at].startswith(stem)

    def error_between(self, word: str) -> tuple[int, int]:
        """Give the first and last letter at which an error of at most two letters can begin, if mending it gives a known word.

        What stands before the error opens some known word, and what stands behind it ends one.

        Examples
        --------
        >>> Vocabulary({"kentrifuga": 9.0}).error_between("kentrafuga")
        (4, 5)
        """
        opens, ends = _most_shared(word, self._sorted), _most_shared(word[::-1], self._backwards)
        return len(word) - ends - 2, opens

    @cached_property
    def _backwards(self) -> list[str]:
        return sorted(word[::-1] for word in self._sorted)


def _shared(one: str, other: str) -> int:
    """Count the letters with which both begin."""
    n = 0
    for letter, its in zip(one, other, strict=False):
        if letter != its:
            break
        n += 1
    return n


def _most_shared(word: str, words: Sequence[str]) -> int:
    """Count the letters that a word begins with as some of sorted words does: one of those beside it."""
    at = bisect_left(words, word)
    return max((_shared(word, near) for near in words[max(0, at - 1) : at + 1]), default=0)

"""Joined words: a long word cut into the known words that it was written together of.

Unigram segmentation by dynamic programming (Norvig 2009, in "Beautiful Data"), with a price for unknown parts.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from elek.vocabulary import Vocabulary

COMMON = 150
"""Training texts with a word from which on it is so common that two or three letters of it inside a long word are it."""

PART = 4
"""Letters of the shortest other word."""

LONGEST_PART, LONGEST = 24, 64
_UNKNOWN_PART, _UNKNOWN_LETTER = 16.0, 2.0


class _Way(NamedTuple):
    """A way to cut the first letters of a word: the last part begins at `start`, the way before it ends at `before`."""

    price: float
    before: int
    start: int
    known: int = 0
    words: int = 0
    strange: bool = False


def cut_joined(word: str, vocabulary: Vocabulary) -> str:
    """Give the words of which a long one is joined, by the likeliest way to cut it.

    Parameters
    ----------
    word : str
        In sound form. Two words may share the letter where they meet: the sound form has no double letters.
    vocabulary : Vocabulary

    Returns
    -------
    str
        With spaces; empty when it is no such word: less than half of it is known, or only one word of it and more than a rest.

    Examples
    --------
    >>> cut_joined("nasosvakumni", Vocabulary({"nasos": 9.0, "vakumni": 5.0}))
    'nasos vakumni'
    """
    n = len(word)
    if not 2 * PART <= n <= LONGEST:
        return ""
    ways = [_Way(0.0, 0, 0)]
    for end in range(1, n + 1):
        ways.append(min(_longer(ways, word, end, vocabulary)))
    whole = ways[n]
    if whole.known < n / 2 or (whole.words < 2 and whole.known < n - 3):
        return ""
    parts, end = [], n
    while end:
        way = ways[end]
        parts.append(word[way.start : end])
        end = way.before
    return " ".join(reversed(parts)) if len(parts) > 1 else ""


def _longer(ways: Sequence[_Way], word: str, end: int, vocabulary: Vocabulary) -> Iterator[_Way]:
    """Give the ways to cut the letters up to `end`: one more letter of an unknown part, or one more known word."""
    last, counts = ways[end - 1], vocabulary.counts
    if last.strange:
        yield _Way(last.price + _UNKNOWN_LETTER, *last[1:])
    else:
        yield _Way(last.price + _UNKNOWN_PART, end - 1, end - 1, last.known, last.words, strange=True)
    for length in range(2, min(LONGEST_PART, end) + 1):
        part = word[end - length : end]
        times = counts.get(part, 0)
        if not times or (length < PART and times < COMMON):
            continue
        start = end - length
        before = start + 1 if length > PART and ways[start + 1].price < ways[start].price else start
        way = ways[before]
        long = length >= PART
        yield _Way(way.price + vocabulary.surprise(part), before, start, way.known + length * long, way.words + long)

"""Words of a normalised text, as evidence leaves them out: between spaces, and pairs of neighbouring characters in Chinese.

Chinese has no spaces. Overlapping pairs of characters need no dictionary, and most Chinese words have two characters; a longer word
shows as two pairs that overlap.
"""

import re
from dataclasses import dataclass

HAN = "\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PIECE = re.compile(f"[{HAN}]+|[^\\s{HAN}]+")
_IS_HAN = re.compile(f"[{HAN}]")


@dataclass(frozen=True, slots=True)
class Span:
    """A word and where it stands in its text."""

    start: int
    end: int
    text: str


def find_words(text: str) -> list[Span]:
    """Find the words of a normalised text, in its order.

    Examples
    --------
    >>> [word.text for word in find_words("тепловизор 热像仪640x512")]
    ['тепловизор', '热像', '像仪', '640x512']
    """
    words = []
    for match in _PIECE.finditer(text):
        start, end = match.span()
        if end - start > 2 and _IS_HAN.match(match.group()):
            words += [Span(at, at + 2, text[at : at + 2]) for at in range(start, end - 1)]
        else:
            words.append(Span(start, end, match.group()))
    return words


def without(text: str, word: Span) -> str:
    """Leave a word out; what stood beside it does not grow together.

    Examples
    --------
    >>> without("热像仪 640x512", Span(0, 2, "热像"))
    '仪 640x512'
    """
    return " ".join(f"{text[: word.start]} {text[word.end :]}".split())

"""Numbering: article, serial, engine and vehicle numbers, drawn at random in the shapes that papers show.

In a shape `A` stands for a capital letter, `9` for a digit and `X` for either; every other sign stands for itself.
"""

from random import Random

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_DIGITS = "0123456789"

_MAKERS = (
    "XTA", "X7L", "Z94", "LVV", "LSG", "JTM", "KMH", "WBA", "WDB", "VF6", "YS2", "XLR", "TSM", "SUD", "WK0", "LZZ", "LFW", "NM0", "JHM",
)  # fmt: skip
"""First three signs of a vehicle number: region and maker (ISO 3780)."""

_ENGINES = ("999999", "99999999", "AA9999999", "A99A999999", "9AA-9999999", "A9AA-AA999999", "999999-99999")

_SERIALS = ("9999", "999999", "9999999999", "A99999", "AA999999", "AAA9999", "9999-9999", "AA99/9999", "A9X99X999")

_ARTICLES = (
    "9999", "999999", "99999999", "9999999999", "A999", "AA9999", "AAA99999", "A-999", "AA-99", "AAA-9999A", "999-9999", "99999-9999999",
    "9999-999999-99", "99.9999.999", "AA99AA999", "AAA-999/99", "AAA 99/9", "A9 999 999 A", "X99X9999", "9A9999", "99A", "AAXX99-9",
)  # fmt: skip


def shaped(shape: str, random: Random) -> str:
    """Draw a number of a shape.

    Examples
    --------
    >>> shaped("AA-99", Random(1))
    'EW-12'
    """
    kinds = {"A": _LETTERS, "9": _DIGITS, "X": _LETTERS + _DIGITS}
    return "".join(random.choice(kinds[sign]) if sign in kinds else sign for sign in shape)


def vin(random: Random) -> str:
    """Draw a vehicle identification number of 17 signs (ISO 3779)."""
    return random.choice(_MAKERS) + shaped("XXXXXXX9999999", random)


def engine_number(random: Random) -> str:
    """Draw an engine's number."""
    return shaped(random.choice(_ENGINES), random)


def serial(random: Random) -> str:
    """Draw a serial number."""
    return shaped(random.choice(_SERIALS), random)


def article(random: Random) -> str:
    """Draw an article or model number."""
    return shaped(random.choice(_ARTICLES), random)

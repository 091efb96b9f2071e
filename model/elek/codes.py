"""HS codes: always text, with leading zeros; never repaired by guessing.

It does not know which codes exist; the bundle's edition does (`elek.labels`).
"""

import re
from dataclasses import dataclass

from elek.errors import CodeError

_SEPARATORS = re.compile(r"[\s.\-/_\u00a0]+")
_EXCEL = re.compile(r"\d+([.,]\d+)?e\+?\d+", re.IGNORECASE)
_FLOAT = re.compile(r"(\d{2,10})[.,]0")


@dataclass(frozen=True, slots=True)
class HSCode:
    """A declared or true code of 2, 4, 6, 8 or 10 digits.

    Attributes
    ----------
    digits : str
        As declared, separators removed. What is longer than 6 is a national tariff code.
    """

    digits: str

    @property
    def chapter(self) -> str:
        """First 2 digits."""
        return self.digits[:2]

    @property
    def heading(self) -> str | None:
        """First 4 digits, or None for a bare chapter."""
        return self.digits[:4] if len(self.digits) >= 4 else None

    @property
    def subheading(self) -> str | None:
        """First 6 digits, or None for a shorter code."""
        return self.digits[:6] if len(self.digits) >= 6 else None

    @property
    def scored(self) -> str:
        """The part that is judged: at most 6 digits."""
        return self.digits[:6]

    def __str__(self) -> str:
        return self.digits


def parse_hs(text: str) -> HSCode:
    """Read an HS code as people write it.

    Parameters
    ----------
    text : str
        2 to 10 digits; blanks, dots, hyphens and slashes between them are tolerated. ``8542310000.0``, as
        spreadsheets write a number, is read without the fraction.

    Returns
    -------
    HSCode

    Raises
    ------
    CodeError
        If the text is no code, was turned into ``8.54E+09`` by a spreadsheet, or has an odd number of digits because a
        leading zero was lost. The message says which.

    Examples
    --------
    >>> parse_hs("8542.31 000 0").subheading
    '854231'
    >>> parse_hs("8.54E+09")
    Traceback (most recent call last):
    elek.errors.CodeError: HS code '8.54E+09' was damaged by a spreadsheet (E+ notation); store it as text
    """
    raw = text.strip()
    shown = raw if len(raw) <= 24 else raw[:24] + "…"
    if _EXCEL.fullmatch(raw):
        raise CodeError(f"HS code '{shown}' was damaged by a spreadsheet (E+ notation); store it as text")
    number = _FLOAT.fullmatch(raw)
    digits = number.group(1) if number and len(number.group(1)) != 4 else _SEPARATORS.sub("", raw)
    if not digits.isascii() or not digits.isdigit():
        raise CodeError(f"HS code '{shown}' must be 2 to 10 digits, for example 8542.31")
    if len(digits) in (3, 5, 7, 9):
        raise CodeError(
            f"HS code '{shown}' has {len(digits)} digits: a leading zero was lost or a digit is missing; write it as text"
        )
    if not 2 <= len(digits) <= 10:
        raise CodeError(f"HS code '{shown}' has {len(digits)} digits; it must have 2 to 10")
    return HSCode(digits)


def format_hs(code: HSCode) -> str:
    """Write a code the way tariffs print it.

    Examples
    --------
    >>> format_hs(HSCode("8542310000"))
    '8542.31.0000'
    """
    parts = (code.digits[:4], code.digits[4:6], code.digits[6:])
    return ".".join(part for part in parts if part)

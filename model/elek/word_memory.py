"""Word memory: what was made of a word, remembered, since manifests repeat their words."""

from collections.abc import Callable
from typing import TypeVar

Made = TypeVar("Made")

KEPT = 1 << 16
"""Words learnt before what was not asked for meanwhile is forgotten: at most twice as many are remembered."""

LONGEST = 40
"""Characters of the longest word that is remembered, so that no manifest fills the memory of the machine."""


class WordMemory(dict[str, Made]):
    """Looks up what a function makes of a word; what is not known yet is made and kept.

    Parameters
    ----------
    make : callable
        From a word; depends on nothing else.

    Examples
    --------
    >>> shout = WordMemory(str.upper)
    >>> shout["pump"], shout["pump"], len(shout)
    ('PUMP', 'PUMP', 1)
    """

    def __init__(self, make: Callable[[str], Made]) -> None:
        super().__init__()
        self._make = make
        self._older: dict[str, Made] = {}

    def __missing__(self, word: str) -> Made:
        made = self._older[word] if word in self._older else self._make(word)
        if len(word) <= LONGEST:
            if len(self) >= KEPT:
                self._older = dict(self)
                self.clear()
            self[word] = made
        return made

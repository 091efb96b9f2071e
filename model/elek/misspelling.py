"""Misspelling: what a word that nobody knows may have been meant to be. Words are in their sound form (`elek.sound`)."""

import re
from collections.abc import Iterator

from elek.lookalikes import TO_CYRILLIC

LETTERS = "abcdefghiklmnoprstuvzĉŝ"
"""Letters of the sound form that Russian, Kazakh and English words are written in."""

_SCANNED = (("rn", "m"), ("kl", "d"), ("h", "li"), ("b", "h"))
"""What optical recognition reads for what was printed, beside single letters."""

_DIGITS = {"0": "oо", "1": "liлиі", "3": "eзе", "4": "aчa", "5": "s", "6": "bб", "7": "tт", "8": "bв", "9": "g"}
"""Letters that a digit is written for, Latin and Cyrillic."""

_MOST_DIGITS = 8
_MOST_READINGS = 2000
_SHORTEST = 4
_PART_NUMBER = re.compile(r"[^\W\d]+\d+|[^\W\d]+\d{2,}[^\W\d]|\d+[^\W\d]+\d*")
"""Shapes of short part numbers, such as bc547, lm358n and 2n2222; misspelt words mix their digits in."""

_SHORT = 7
"""Sound letters below which only an exchanged letter is thought of, and not the first one: short words lie too near each other."""

_RARE_FIRST = 0.2
"""Weight of a first letter that is wrong: people look at it most."""

_LOST = 0.5
"""Weight of a letter lost or gained, beside 1 for one exchanged."""

_LATIN_TWINS = re.compile("[abcehikmoptxyjs0-9]+")


def one_letter_off(word: str) -> Iterator[tuple[str, float]]:
    """Give every word one letter away from `word`, or one misreading of a scanner, with the weight of that error.

    Examples
    --------
    >>> ("pulemet", 1.0) in set(one_letter_off("pulenet")), ("nasos", 1.0) in set(one_letter_off("masos"))
    (True, False)
    """
    long = len(word) >= _SHORT
    for at in range(0 if long else 1, len(word)):
        weight = 1.0 if at else _RARE_FIRST
        before, after = word[:at], word[at + 1 :]
        for letter in LETTERS:
            yield before + letter + after, weight
        if after:
            yield before + after[0] + word[at] + after[1:], weight
        if long:
            yield before + after, weight * _LOST
            for letter in LETTERS:
                yield before + letter + word[at:], weight * _LOST
    for read, printed in _SCANNED:
        at = word.find(read)
        while at >= 0:
            yield word[:at] + printed + word[at + len(read) :], 1.0
            at = word.find(read, at + 1)


def letters_for_digits(token: str) -> list[str]:
    """Give what a token may say when its digits stand for letters; nothing for what looks like a part number.

    Parameters
    ----------
    token : str
        Letters and digits, as written.

    Returns
    -------
    list of str
        In letters, not yet in sound form.

    Examples
    --------
    >>> "motor" in letters_for_digits("m0t0r"), letters_for_digits("6205")
    (True, [])
    """
    n_digits = sum(c.isdigit() for c in token)
    n_letters = len(token) - n_digits
    more = 2 if len(token) > _SHORT else 1
    if len(token) < _SHORTEST or not 0 < n_digits <= min(n_letters + more, _MOST_DIGITS):
        return []
    if len(token) < _SHORT and n_letters <= n_digits and _PART_NUMBER.fullmatch(token):
        return []
    written = [token]
    if _LATIN_TWINS.fullmatch(token):  # the normaliser writes a Cyrillic token with a digit in Latin where it can
        written.append(token.translate(TO_CYRILLIC))
    found = []
    for form in written:
        readings = [""]
        for c in form:
            meant = _DIGITS.get(c, "") if c.isdigit() else c
            readings = [reading + letter for reading in readings for letter in meant][:_MOST_READINGS]
        found += readings
    return found

"""Misspelling: what a word that nobody knows may have been meant to be. Words are in their sound form (`elek.sound`)."""

import re
from collections.abc import Iterator

from elek.lookalikes import TO_CYRILLIC
from elek.sound import fold_letters

LETTERS = "abcdefghiklmnoprstuvzĉŝ"
"""Letters of the sound form that Russian, Kazakh and English words are written in."""

_SCANNED = (("rn", "m"), ("kl", "d"), ("h", "li"), ("b", "h"))
"""What optical recognition reads for what was printed, beside single letters."""

_DIGITS = {"0": "o", "1": "il", "3": "ez", "4": "aĉ", "5": "s", "6": "b", "7": "t", "8": "bv", "9": "g"}
"""Sounds that a digit is written for, in Latin and Cyrillic words."""

_MOST_DIGITS = 8
_MOST_READINGS, _MOST_FOLDED = 2000, 24
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


def one_letter_off(word: str, first: int, last: int) -> Iterator[tuple[float, list[str]]]:
    """Give every word one letter away from `word`, or one misreading of a scanner, with the weight of that error.

    Parameters
    ----------
    word : str
    first, last : int
        Letters among which the error begins.

    Yields
    ------
    (float, list of str)

    Examples
    --------
    >>> exchanged = [w for weight, words in one_letter_off("pulenet", 0, 6) if weight == 1.0 for w in words]
    >>> "pulemet" in exchanged, "nasos" in [w for _, words in one_letter_off("masos", 0, 4) for w in words]
    (True, False)
    """
    long = len(word) >= _SHORT
    cuts = [(word[:at], word[at:]) for at in range(max(first, 0 if long else 1), min(last + 1, len(word)))]
    if long:
        if first <= 0:
            yield _RARE_FIRST, [letter + word[1:] for letter in LETTERS]
        yield _LOST, [start + letter + rest for start, rest in cuts for letter in LETTERS]
        yield _LOST, [start + rest[1:] for start, rest in cuts]
    inner = cuts[1:] if long and first <= 0 else cuts
    yield 1.0, [start + letter + rest[1:] for start, rest in inner for letter in LETTERS]
    yield 1.0, [start + rest[1] + rest[0] + rest[2:] for start, rest in inner if len(rest) > 1]
    yield (
        1.0,
        [
            word[: found.start()] + printed + word[found.end() :]
            for read, printed in _SCANNED
            for found in re.finditer(read, word)
            if first <= found.start() <= last
        ],
    )


def letters_for_digits(token: str) -> list[str]:
    """Give what a token may say when its digits stand for letters; nothing for what looks like a part number.

    Parameters
    ----------
    token : str
        Letters and digits, as written.

    Returns
    -------
    list of str
        In sound form.

    Examples
    --------
    >>> "motor" in letters_for_digits("m0t0r"), letters_for_digits("6205")
    (True, [])
    """
    n_digits = sum(map(str.isdigit, token))
    n_letters = len(token) - n_digits
    more = 2 if len(token) > _SHORT else 1
    if len(token) < _SHORTEST or not 0 < n_digits <= min(n_letters + more, _MOST_DIGITS):
        return []
    if len(token) < _SHORT and n_letters <= n_digits and _PART_NUMBER.fullmatch(token):
        return []
    written = {fold_letters(token)}
    if _LATIN_TWINS.fullmatch(token):  # the normaliser writes a Cyrillic token with a digit in Latin where it can
        written.add(fold_letters(token.translate(TO_CYRILLIC)))
    found = []
    for form in sorted(written):
        readings = [""]
        for c in form:
            meant = _DIGITS.get(c, "") if c.isdigit() else c
            readings = [reading + sound for reading in readings for sound in meant][:_MOST_READINGS]
        found += readings
    # a digit may stand inside what is one sound ("5hip"), unless digits are the most of it
    return found + [fold_letters(reading) for reading in found[:_MOST_FOLDED]] if n_letters > n_digits else found

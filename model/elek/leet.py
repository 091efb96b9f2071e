"""Digits and signs written for letters ("dr0n3", "теп1овиз0р", "p@rt"), and the letters they stand for.

Only a token that can be nothing but a word is changed: single digits between letters, all of which stand for a letter, and what
comes out reads as a word. Part numbers have runs of digits and are left alone.
"""

import re

_TOKEN = re.compile(r"[^\W_]+")
_INSIDE = re.compile(r"\d(?<=[^\W\d]\d)(?=[^\W\d])")  # the digit comes first, so that the search skips everything else
_SIGN = re.compile(r"[@$](?<=[^\W\d_].)(?=[^\W_])")
_DIGITS = re.compile(r"\d+")
_LATIN = re.compile(r"[a-z\d]+")
_CYRILLIC = re.compile(r"[Ѐ-ԯ\d]+")
_UNLIKELY = re.compile(r"[^aeiouyаеиоуыэюяәіөұү\d]{5}|[aeiouyаеиоуыэюяәіөұү]{4}")
_VOWELS = frozenset("aeiouyаеиоуыэюяәіөұү")
_FOR_LATIN = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "6": "b", "7": "t", "8": "b", "9": "g"}
_FOR_CYRILLIC = {"0": "о", "1": "л", "3": "з", "4": "ч", "5": "с", "6": "б", "7": "т", "8": "в"}
_VOWEL_FOR = {"1": "и", "3": "е", "4": "а"}
"""What a digit stands for in Cyrillic between two consonants."""


def restore_letters(text: str) -> str:
    """Write letters for the digits and signs that stand for them.

    Parameters
    ----------
    text : str
        Case-folded.

    Returns
    -------
    str
        Of the same length; `text` itself when nothing changes.

    Examples
    --------
    >>> restore_letters("c3ntr1fug3 теп1овиз0р p@rt xc7k325t cat6 h2so4")
    'centrifuge тепловизор part xc7k325t cat6 h2so4'
    """
    if "@" in text or "$" in text:
        text = _SIGN.sub(_letter_for_sign, text)
    return _TOKEN.sub(_word, text) if _INSIDE.search(text) else text


def _letter_for_sign(match: re.Match[str]) -> str:
    cyrillic = "Ѐ" <= match.string[match.start() - 1] <= "ԯ"
    return ("а" if cyrillic else "a") if match.group() == "@" else ("с" if cyrillic else "s")


def _word(match: re.Match[str]) -> str:
    token = match.group()
    runs = _DIGITS.findall(token)
    n_letters = len(token) - len(runs)
    if not runs or any(len(run) > 1 for run in runs) or n_letters <= len(runs) or n_letters + len(runs) * 2 < 6:
        return token
    if _LATIN.fullmatch(token):
        if n_letters + 3 * (len(runs) - 1) < 5:
            return token
        table = _FOR_LATIN
    elif _CYRILLIC.fullmatch(token):
        table = _FOR_CYRILLIC
    else:
        return token
    if not _INSIDE.search(token) or any(run not in table for run in runs):
        return token
    word = "".join(_letter(token, i, table) for i in range(len(token)))
    return token if _UNLIKELY.search(word) or not _VOWELS & set(word) else word


def _letter(token: str, at: int, table: dict[str, str]) -> str:
    c = token[at]
    if table is _FOR_CYRILLIC and c in _VOWEL_FOR and not _VOWELS & set(token[max(0, at - 1) : at + 2]):
        return _VOWEL_FOR[c]
    return table.get(c, c)

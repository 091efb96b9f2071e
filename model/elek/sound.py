"""Sound form: the letters that the model reads, one alphabet for Latin and Cyrillic.

Declarants write Russian and Kazakh in Latin letters, English in Cyrillic ones, Kazakh with the letters of a Russian keyboard, and
each by a scheme of their own. Words are therefore folded to how they sound before they are hashed: "насос", "nasos", "шасси" and
"shassi" give the same features, and loan words of four languages meet ("процессор", "processor"). Tokens with a digit are part
numbers and stay whole; Han characters stay as they are.
"""

import re

from elek.word_memory import WordMemory

_LETTERS = str.maketrans(
    {
        "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "ґ": "g", "д": "d", "е": "e", "ё": "e", "є": "e", "э": "e", "ж": "i",
        "з": "z", "и": "i", "й": "i", "і": "i", "ї": "i", "ы": "i", "к": "k", "қ": "k", "ц": "k", "л": "l", "м": "m", "н": "n", "ң": "n",
        "о": "o", "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u", "ү": "u", "ф": "f", "х": "h", "һ": "h", "ч": "ĉ",
        "ш": "ŝ", "щ": "ŝ", "ъ": "", "ь": "", "ю": "iu", "я": "ia",
        "ä": "a", "ö": "o", "ü": "u", "ū": "u", "ñ": "n", "ğ": "g", "ş": "ŝ", "ç": "ĉ", "ı": "i", "'": "",
    }
)  # fmt: skip
"""Cyrillic, and Kazakh in its Latin alphabet of 2021. Schemes differ in ж, й and ы (zh, j, y), so these are one letter here."""

_LATIN = {
    "shch": "ŝ", "sch": "ŝ", "sh": "ŝ", "ch": "ĉ", "zh": "i", "kh": "h", "ts": "k", "yo": "e", "jo": "e", "ye": "e",
    "je": "e", "oo": "u", "ee": "i", "ae": "a", "oe": "o",
    "ue": "u", "gh": "g", "ph": "f", "th": "t", "qu": "kv", "ck": "k", "c": "k", "q": "k", "w": "v", "x": "ks", "y": "i", "j": "i",
}  # fmt: skip
_SPELT = re.compile("shch|sch|sh|ch|zh|kh|ts(?=[aeiouy])|[yj][oe]|oo|ee|[aou]e|gh|ph|th|qu|ck|[cqwxyj]")
_DOUBLED = re.compile(r"([^\W\d])\1+")
_TO_FOLD = re.compile(f"{_SPELT.pattern}|{_DOUBLED.pattern}")
_DIGIT = re.compile(r"\d")


def fold_word(word: str) -> str:
    """Fold one word; see `sound_form`. Nothing is remembered."""
    return word if _DIGIT.search(word) else fold_letters(word)


def fold_letters(word: str) -> str:
    """Fold the letters of a token, whatever else stands in it."""
    folded = word.translate(_LETTERS)
    while _TO_FOLD.search(folded):
        folded = _DOUBLED.sub(lambda found: found[1], _SPELT.sub(lambda found: _LATIN[found[0]], folded))
    return folded or word


_folded = WordMemory(fold_word)


def sound_form(text: str) -> str:
    """Fold every word of a normalised text to one alphabet.

    Parameters
    ----------
    text : str
        As `elek.text.normalise` gives it.

    Returns
    -------
    str
        As many words; no word is longer than two characters for each of its own.

    Examples
    --------
    >>> sound_form("процессор") == sound_form("processor") == sound_form("protsessor")
    True
    >>> sound_form("литий-ионный аккумулятор 18650")
    'liti-ioni akumuliator 18650'
    """
    return " ".join([_folded[word] for word in text.split(" ")])

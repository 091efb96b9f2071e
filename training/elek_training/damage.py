"""Damage that text takes on its way into a manifest: mixed scripts, transliteration, recognition errors, typing errors."""

import re
from collections.abc import Callable
from random import Random

_LATIN_TWINS = str.maketrans("асеорхукмтвнАСЕОРХУКМТВН", "aceopxykmtbhACEOPXYKMTBH")
_CYRILLIC_TWINS = str.maketrans("aceopxykmtAECOPXYKMTBH", "асеорхукмтАЕСОРХУКМТВН")
_TO_LATIN = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i",
    "й": "y", "к": "k", "қ": "q", "л": "l", "м": "m", "н": "n", "ң": "ng", "о": "o", "ө": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ұ": "u", "ү": "u", "ф": "f", "х": "kh", "һ": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch",
    "ъ": "", "ы": "y", "і": "i", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
_TO_CYRILLIC = {
    "a": "а", "b": "б", "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "дж", "k": "к", "l": "л",
    "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в", "w": "в", "x": "кс",
    "y": "й", "z": "з",
}  # fmt: skip
_KAZAKH_TYPED_RUSSIAN = str.maketrans("әғқңөұүһі", "агкноуухи")
_VOWELS = re.compile("[aeiouаеиоуыэюяәөұүі]", re.IGNORECASE)
_OCR = (
    ("о", "0"),
    ("O", "0"),
    ("l", "1"),
    ("I", "1"),
    ("З", "3"),
    ("rn", "m"),
    ("ш", "щ"),
    ("и", "н"),
    ("е", "с"),
    ("B", "8"),
    ("e", "c"),
    ("h", "b"),
    ("u", "v"),
    ("п", "н"),
    ("к", "х"),
    ("ы", "ьi"),
)
_LATIN_LETTERS, _CYRILLIC_LETTERS = "abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщыьэюя"


def mix_scripts(text: str, random: Random) -> str:
    """Swap some letters for their twins of the other script."""
    twins = _LATIN_TWINS if any("а" <= c <= "я" for c in text.lower()) else _CYRILLIC_TWINS
    return "".join(c.translate(twins) if random.random() < 0.4 else c for c in text)


def transliterate(text: str, random: Random) -> str:
    """Write Cyrillic in Latin letters, or Latin in Cyrillic."""
    lower = text.lower()
    if any(c in _TO_LATIN for c in lower):
        return "".join(_TO_LATIN.get(c, c) for c in lower)
    return "".join(_TO_CYRILLIC.get(c, c) for c in lower)


def type_without_kazakh_letters(text: str, random: Random) -> str:
    """Write Kazakh with the letters of a Russian keyboard."""
    return text.lower().translate(_KAZAKH_TYPED_RUSSIAN)


def misread(text: str, random: Random) -> str:
    """Change one to three letters as optical recognition does."""
    for _ in range(random.randint(1, 3)):
        wrong, read = random.choice(_OCR)
        places = [i for i in range(len(text)) if text.startswith(wrong, i)]
        if places:
            at = random.choice(places)
            text = text[:at] + read + text[at + len(wrong) :]
    return text


def mistype(text: str, random: Random) -> str:
    """Drop, double, swap or replace one letter."""
    if len(text) < 5:
        return text
    at = random.randrange(1, len(text) - 2)
    kind = random.randrange(4)
    if kind == 3 and text[at].isalpha():
        letters = _CYRILLIC_LETTERS if "а" <= text[at].lower() <= "я" else _LATIN_LETTERS
        return text[:at] + random.choice(letters) + text[at + 1 :]
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def abbreviate(text: str, random: Random) -> str:
    """Cut one long word short with a full stop, as declarants do."""
    words = text.split(" ")
    long = [i for i, w in enumerate(words) if len(w) > 7 and w.isalpha()]
    if not long:
        return text
    at = random.choice(long)
    words[at] = words[at][: random.randint(4, 6)] + "."
    return " ".join(words)


def glue(text: str, random: Random) -> str:
    """Lose spaces, or gain some inside words: one, or one in three."""
    share = random.choice((0.0, 0.35))
    if " " in text and random.random() < 0.5:
        first, *others = text.split(" ")
        lost = random.randrange(len(others))
        return first + "".join(w if i == lost or random.random() < share else f" {w}" for i, w in enumerate(others))
    words = text.split(" ")
    split = random.randrange(len(words))
    return " ".join(_in_two(w, random) if i == split or random.random() < share else w for i, w in enumerate(words))


def _in_two(word: str, random: Random) -> str:
    at = random.randrange(1, max(2, len(word)))
    return f"{word[:at]} {word[at:]}"


def squeeze(text: str, random: Random) -> str:
    """Leave vowels out of long words, as short fields of parcel data do."""
    return " ".join(
        w[0] + _VOWELS.sub("", w[1:]) if len(w) > 5 and w.isalpha() and random.random() < 0.6 else w
        for w in text.split(" ")
    )


def cut_off(text: str, random: Random) -> str:
    """Cut the text at the end of a short field, often inside a word."""
    width = random.choice((20, 25, 30, 30, 35))
    return text[:width].rstrip() if len(text) > width + 5 else text


DAMAGES: tuple[tuple[Callable[[str, Random], str], float], ...] = (
    (mistype, 0.10),
    (abbreviate, 0.06),
    (misread, 0.09),
    (glue, 0.10),
    (mix_scripts, 0.03),
    (transliterate, 0.03),
    (squeeze, 0.02),
    (cut_off, 0.02),
)
"""Each damage with the share of lines it strikes."""


SHORT_FIELDS = 0.12
"""Share of English lines that stand in a short field, as in lists of parcels."""


def damage(text: str, lang: str, random: Random) -> str:
    """Apply each damage with its own probability.

    Parameters
    ----------
    text : str
    lang : str
    random : Random

    Returns
    -------
    str
    """
    if lang == "kk" and random.random() < 0.12:
        text = type_without_kazakh_letters(text, random)
    if lang == "zh":
        return text
    if lang == "en" and random.random() < SHORT_FIELDS:
        text = cut_off(squeeze(text, random) if random.random() < 0.4 else text, random)
    for change, share in DAMAGES:
        if random.random() < share:
            text = change(text, random)
    return text

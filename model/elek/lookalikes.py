"""Look-alike letters of Latin, Cyrillic and Greek, and the repair of tokens that mix them.

Only lower-case pairs are kept: text is case-folded first. Pairs that look alike in upper case only (Cyrillic В, Н, М, Т,
К against Latin B, H, M, T, K) are included, because manifests are written in capitals. The table is our own reading of
the letter shapes; it does not follow a published confusables list.
"""

import re
import unicodedata
from functools import lru_cache

TO_LATIN = str.maketrans(
    "авсԁеһнікӏмоорԛѕтуүѵԝхјғιοσκνραεητυχβμɡ",
    "abcdehhiklmoopqstyyvwxjfiookvpaentyxbug",
)
TO_CYRILLIC = str.maketrans("abcehikmoptxyjsοσαερκτυχν", "авсенікмортхујѕооаерктухн")

_CAPITALS = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϲ", "ABEZHIKMNOPTYXCc")
"""Greek capitals and lunate sigma: folded to small letters they would look like others (Ν as v, Η as n)."""

_TOKEN = re.compile(r"[^\W_]+")
_GREEK_CAPITAL = re.compile("[Α-ΩϹϲ]")
_CHANGE = re.compile(  # two neighbours of different scripts, or a digit beside a letter that is not Latin
    "[a-zà-ɏ][Ͱ-ԯ]|[Ͱ-ԯ][a-zà-ɏ0-9]|[0-9][Ͱ-ԯ]|[Ͱ-Ͽ][Ѐ-ԯ]|[Ѐ-ԯ][Ͱ-Ͽ]"
)


@lru_cache(maxsize=8192)
def _script(letter: str) -> str:
    """Script of one letter: L, C, G, or '' for digits and every other script."""
    code = ord(letter)
    if code < 0x0250:
        return "L" if letter.isalpha() else ""
    if 0x0400 <= code <= 0x052F:
        return "C"
    if 0x0370 <= code <= 0x03FF or code == 0x0251:
        return "G"
    return "L" if "LATIN" in unicodedata.name(letter, "") else ""


def _convertible(token: str, table: dict[int, int], source: str) -> bool:
    """Whether every letter of the scripts in `source` has a look-alike in `table`."""
    return all(ord(c) in table for c in token if _script(c) and _script(c) in source)


def repair_capitals(text: str) -> tuple[str, bool]:
    """Write Greek capitals that look like Latin ones in Latin; tells whether one was there.

    Parameters
    ----------
    text : str
        As written: this must come before case folding.

    Examples
    --------
    >>> repair_capitals("\N{GREEK CAPITAL LETTER ETA}VAC 5 Ω") == ("HVAC 5 Ω", True)
    True
    """
    if text.isascii() or not _GREEK_CAPITAL.search(text):
        return text, False
    fixed = text.translate(_CAPITALS)
    return fixed, fixed != text


def repair_token(token: str) -> str:
    """Write a token that mixes look-alike letters in one script.

    A token stays as it is when it is of one script, when some letter has no twin on either side ("usbкабель"), or when it
    is a plain word. A token of digits and Cyrillic letters that all have Latin twins is written in Latin, so that one part
    number has one spelling ("КР142" and "KP142").

    Parameters
    ----------
    token : str
        Letters and digits only, case-folded.

    Returns
    -------
    str
        Of the same length as `token`.

    Examples
    --------
    >>> repair_token("сentrifuge") == "centrifuge"
    True
    >>> repair_token("usbкабель")
    'usbкабель'
    """
    scripts = {_script(c) for c in token} - {""}
    if scripts <= {"L"} or not scripts:
        return token
    has_digit = any(c.isdigit() for c in token)
    if len(scripts) == 1:
        return token.translate(TO_LATIN) if has_digit and _convertible(token, TO_LATIN, "CG") else token
    latin_ok = _convertible(token, TO_LATIN, "CG")
    cyrillic_ok = _convertible(token, TO_CYRILLIC, "LG")
    if latin_ok and cyrillic_ok and not has_digit:
        latin_ok = sum(_script(c) == "L" for c in token) * 2 >= len(token)
    if latin_ok:
        return token.translate(TO_LATIN)
    return token.translate(TO_CYRILLIC) if cyrillic_ok else token


def repair(text: str) -> tuple[str, bool]:
    """Repair every token of a case-folded text.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        The text with each mixed token in one script.
    bool
        Whether a token that mixed scripts was changed (rewriting a pure Cyrillic part number does not count).
    """
    if text.isascii() or not _CHANGE.search(text):
        return text, False
    mixed = False

    def one(match: re.Match[str]) -> str:
        nonlocal mixed
        token = match.group()
        fixed = token if token.isascii() else repair_token(token)
        if fixed != token and len({_script(c) for c in token} - {""}) > 1 and "μ" not in token:
            mixed = True
        return fixed

    return _TOKEN.sub(one, text), mixed

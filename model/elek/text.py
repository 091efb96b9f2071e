"""Normalising: the one text form that training and scoring share.

It does not translate, transliterate or stem; the model learns those. Words that a bundle does not know are read by `elek.spelling`,
which needs the bundle. It is total on any `str`.
"""

import re
import unicodedata
from dataclasses import dataclass

from elek.filler import strip_companies, strip_filler
from elek.leet import restore_letters
from elek.lookalikes import repair, repair_capitals
from elek.word_memory import WordMemory

MAX_CHARACTERS = 4096
"""Longest text scored in one piece; the rest of a longer description is scored in further windows."""

LONG_WORDS = 80
"""Words of a text from which on its pieces are scored too."""

PIECE_WORDS, PIECE_STEP = 6, 2
PIECE_CHARACTERS = 12

# Unicode default-ignorable code points (DerivedCoreProperties), surrogates and private use left out
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# and combining marks that no letter takes up, which only stroke text through or stress it
_IGNORED = re.compile(INVISIBLE.pattern[:-1] + "\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]")
UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+")
# marks that part words: everything but letters, digits, and . , / + - % inside a token
_PARTING = re.compile(
    r"[^\w.,/+%-]+|_+|(?<!\w)[.,/+%-]+|[.,/+-]+(?!\w)|(?<=[^\W\d]),|,(?=[^\W\d])|(?<=[^\W\d]{3})\.(?=[^\W\d]{3})"
)
_END = frozenset(",.;:)")
_SMALL = str.maketrans({"ё": "е", "’": "'", **dict.fromkeys("“”„«»", '"'), **dict.fromkeys("‐‑‒–—―−⁃", "-")})
_HAS_SMALL = re.compile("[ё’“”„«»‐‑‒–—―−⁃]")
# characters that NFKC keeps, or that stand in `_PLAIN` with what it makes of them: nearly every line holds nothing else
_SIMPLE = re.compile("[\\t\\n\\r -~°±×Ѐ-ҁҊ-ԯ一-鿿–—−’“”„«»№]*")
_PLAIN = (*((chr(old), new) for old, new in _SMALL.items()), ("№", "no"))
_HAS_PLAIN = re.compile(_HAS_SMALL.pattern[:-1] + "№]")
# words of one script and nothing else: they are as they should be
_PLAIN_WORD = re.compile("[a-z]+|[а-яәғіқңөұүһ]+|[一-鿿]+")
# letters with a space after each, which are one word
_SPACED = re.compile(
    r"(?<!\S)(?:(?:[a-z] ){3,}[a-z]|(?:[Ѐ-ԯ] ){3,}[Ѐ-ԯ]|(?:[\u4e00-\u9fff] ){3,}[\u4e00-\u9fff])(?!\S)"
)


@dataclass(frozen=True, slots=True)
class Normalised:
    """A description as the model reads it.

    Attributes
    ----------
    text : str
        Words with one space between them, at most `MAX_CHARACTERS` characters; empty when nothing readable was written.
    flags : tuple of str
        What was repaired: `invisible`, `mixed_script`, `filler`, `long`; sorted.
    """

    text: str
    flags: tuple[str, ...] = ()


def fold(text: str) -> str:
    """Apply NFKC, drop invisible characters and fold case until nothing changes.

    Two rounds are enough for every text but rare combining sequences; eight bound the loop, and the last round's
    value is returned.

    Examples
    --------
    >>> fold("Ｍｉｃｒｏ\u200bCHIP")
    'microchip'
    """
    if _SIMPLE.fullmatch(text):
        text = text.lower()
        if _HAS_PLAIN.search(text):
            for old, new in _PLAIN:
                text = text.replace(old, new)
        return " ".join(text.split())
    for _ in range(8):
        before = text
        text = UNREADABLE.sub(" ", text)
        text = _IGNORED.sub("", unicodedata.normalize("NFKC", text)).casefold()
        if _HAS_SMALL.search(text):
            text = text.translate(_SMALL)
        text = " ".join(text.split())
        if text == before:
            break
    return text


def normalise(description: str) -> Normalised:
    """Normalise a description.

    Cap, NFKC, strip invisible characters, fold case, repair look-alikes and digits written for letters, cut filler and punctuation.

    Parameters
    ----------
    description : str
        Any text, lone surrogates included. What stands after the first `MAX_CHARACTERS` characters is left out here;
        `windows` gives the rest.

    Returns
    -------
    Normalised
        Normalising its text again changes nothing.

    Examples
    --------
    >>> normalise("  МИКРОСХЕМА  STM32F407, не военного назначения").text
    'микросхема stm32f407'
    >>> normalise("Сentrifuge").flags
    ('mixed_script',)
    """
    text = description[:MAX_CHARACTERS]
    invisible = greek = company = filler = False
    if not _SIMPLE.fullmatch(text):
        invisible = INVISIBLE.search(text) is not None
        text, greek = repair_capitals(text)
    text = fold(text)[:MAX_CHARACTERS]
    words = [_read_words[word] for word in text.split(" ")]
    mixed = any([mixes for _, _, mixes in words])
    if '"' in text:  # companies are known by their quotation marks, which part words
        text, company = strip_companies(" ".join([mended for mended, _, _ in words]))
        text = part_words(text)
    else:
        text = _join_letters(" ".join([parted for _, parted, _ in words]))
    while True:
        text, cut = strip_filler(text)
        if not cut:
            break
        text, filler = part_words(text), True
    flags = (
        ("filler", company or filler),
        ("invisible", invisible),
        ("long", len(description) > MAX_CHARACTERS),
        ("mixed_script", mixed or greek),
    )
    return Normalised(text if any(c.isalnum() for c in text) else "", tuple([name for name, seen in flags if seen]))


def _read_word(word: str) -> tuple[str, str, bool]:
    """Give one word in its own letters, the same without what parts words, and whether it mixed scripts."""
    if _PLAIN_WORD.fullmatch(word):
        return word, word, False
    mended, mixes = restore_letters(word), False
    if not mended.isascii():
        repaired, mixes = repair(mended)
        mended = restore_letters(repaired)
    return mended, _part(mended), mixes


def _part(word: str) -> str:
    if word.isalnum():
        return word
    if word[-1:] in _END and word[:-1].isalnum():
        return word[:-1]
    return _PARTING.sub(" ", word)


_read_words, _parted = WordMemory(_read_word), WordMemory(_part)


def part_words(text: str) -> str:
    """Drop what parts words: punctuation outside numbers and part numbers; one space stays between words.

    Single letters with a space after each are joined.

    Examples
    --------
    >>> part_words("насос, водяной (новый); 5,5 квт; rv-12.")
    'насос водяной новый 5,5 квт rv-12'
    >>> part_words("д р о н")
    'дрон'
    """
    return _join_letters(" ".join([_parted[word] for word in text.split()]))


def _join_letters(text: str) -> str:
    """Join single letters with a space after each; one space stays between words."""
    words = " ".join(text.split())
    if " " in words and [len(word) for word in words.split(" ")].count(1) > 3:
        words = _SPACED.sub(lambda match: match.group().replace(" ", ""), words)
    return words[:MAX_CHARACTERS].strip()


def windows(description: str, size: int = MAX_CHARACTERS, overlap: int = 256) -> list[str]:
    """Cut a description into windows that are scored one by one.

    Parameters
    ----------
    description : str
    size : int
        Characters in a window.
    overlap : int
        Characters that two neighbours share, so that a name on the border is whole in one of them.

    Returns
    -------
    list of str
        One window when the description is short. At most 64, evenly spread: a longer text has gaps between them.

    Examples
    --------
    >>> windows("abcdef", size=4, overlap=1)
    ['abcd', 'def']
    """
    if len(description) <= size:
        return [description]
    starts = list(range(0, len(description) - overlap, size - overlap))
    if len(starts) > 64:
        step = (len(description) - size) / 63
        starts = [round(i * step) for i in range(64)]
    return [description[s : s + size] for s in starts]


def pieces(text: str) -> tuple[str, ...]:
    """Cut a long normalised text into overlapping pieces of a few words, so that no amount of padding hides a name.

    Parameters
    ----------
    text : str
        As `normalise` gives it.

    Returns
    -------
    tuple of str
        Pieces of `PIECE_WORDS` words, one every `PIECE_STEP` words; none for a text of at most `LONG_WORDS` words, as nearly every
        line is. A run of more than `PIECE_CHARACTERS` characters without a space, as Chinese writes, counts as several words.

    Examples
    --------
    >>> pieces("насос водяной")
    ()
    >>> len(pieces("болт " * 99 + "гироскоп"))
    48
    """
    if text.count(" ") + len(text) // PIECE_CHARACTERS < LONG_WORDS:
        return ()  # there cannot be more words than that
    words = [part for word in text.split(" ") for part in _parts(word)]
    if len(words) <= LONG_WORDS:
        return ()
    starts = range(0, len(words) - PIECE_WORDS + PIECE_STEP, PIECE_STEP)
    return tuple(" ".join(words[at : at + PIECE_WORDS]) for at in starts)


def _parts(word: str) -> list[str]:
    if len(word) <= PIECE_CHARACTERS:
        return [word]
    return [word[at : at + PIECE_CHARACTERS] for at in range(0, len(word), PIECE_CHARACTERS)]

"""Spelling: the words that a bundle knows, and how a word that it does not know is read.

The model finds a word by its letters, so one wrong letter costs little and a misspelt name is still near its own. But shippers who
want not to be found write "m0t0r", join words, split them, or hit wrong keys on purpose, and scanners do so without purpose. A word
that was not in the training texts is therefore read as the known word it is one error away from: of several, the one seen most.
What is near no known word, as brands and part numbers are, stays as it is.
"""

import io
import math
import re
import zipfile
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, islice, pairwise, takewhile
from typing import NamedTuple

import numpy as np

from elek.errors import BundleError
from elek.han import FIRST, PURE, mend_characters
from elek.misspelling import letters_for_digits, one_letter_off
from elek.sound import fold_word
from elek.word_memory import WordMemory

COMMON = 150
"""Training texts with a word from which on it is so common that two or three letters of it inside a long word are it."""

RARE = 5
"""Training texts with a short word below which nothing is taken for it."""

MOST_DOUBTFUL = 16
"""Unknown words of a text that are looked into: bounds the time that one text takes."""

_LEAST, _STEM, _PART = 5, 6, 4
_LONGEST_PART, _LONGEST = 24, 64
_UNKNOWN_PART, _UNKNOWN_LETTER = 16.0, 2.0

_RUN = re.compile("[^\\W_\u2e80-\U0003ffff]+")
_LETTER = re.compile("[^\\W\\d_\u2e80-\U0003ffff]")
_HAN = re.compile(f"[{FIRST}-\U0003ffff]")
_BOTH_SCRIPTS = re.compile("[a-zà-ɏ][Ѐ-ԯ]|[Ѐ-ԯ][a-zà-ɏ]")
_SCRIPTS = re.compile("[a-zà-ɏ]+|[Ѐ-ԯ]+|.")
_HEAD = re.compile(r"([a-zà-ɏ]{4,}|[Ѐ-ԯ]{4,})(.*\d.*)")
_TAIL = re.compile(r"(.*?\d.*?)([a-zà-ɏ]{5,}|[Ѐ-ԯ]{5,})")


_ODD, _DONE, _CHINESE = -1, -2, -3
"""In place of a number of texts: of a word with digits or signs, of one that nothing is asked about, of Chinese characters."""

_ALONE = ("", _DONE)


class Spelling:
    """Reads texts with the words of a bundle.

    Parameters
    ----------
    counts : mapping of str to float
        Word in its sound form, or pair of Chinese characters, to the number of training texts it stands in. Empty: every word is
        read as it is written.

    Examples
    --------
    >>> spelling = Spelling({"kentrifuga": 20.0, "dlia": 900.0, "obogaŝenia": 9.0, "urana": 30.0})
    >>> spelling.read("цент рифуга дляобогащения ур4на")
    'kentrifuga dlia obogaŝenia urana'
    """

    def __init__(self, counts: Mapping[str, float]) -> None:
        self._counts = dict(counts)
        self._sorted = sorted(counts)
        total = math.log(sum(counts.values())) if counts else 0.0
        self._cost = {word: total - math.log(n) for word, n in counts.items()}
        self._looked_up = WordMemory(self._look_up)
        self._meant = WordMemory(self._read_word)

    @classmethod
    def from_bytes(cls, content: bytes) -> "Spelling":
        """Read `words.npz`.

        Raises
        ------
        BundleError
            If it is not what `pack` writes.
        """
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                shared = arrays["shared"].tolist()
                ends = arrays["ends"].tobytes().decode("utf-8").split("\n") if shared else []
                counts = np.exp2(arrays["doublings"].astype(np.float64)).tolist()
            words = accumulate(zip(shared, ends, strict=True), lambda word, new: word[: new[0]] + new[1], initial="")
            return cls(dict(zip(islice(words, 1, None), counts, strict=True)))
        except (ValueError, TypeError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise BundleError(f"words.npz cannot be read ({error}); export the bundle again") from error

    @property
    def counts(self) -> Mapping[str, float]:
        """Known words with the number of training texts they stand in, rounded to a power of two once stored."""
        return self._counts

    def pack(self) -> bytes:
        """Write `words.npz`: each word as what it adds to the word before it, in order, and how often its count doubles."""
        pairs = pairwise(["", *self._sorted])
        shared = [sum(1 for _ in takewhile(lambda at: at[0] == at[1], zip(*pair, strict=False))) for pair in pairs]
        ends = "\n".join(word[n:] for word, n in zip(self._sorted, shared, strict=True))
        file = io.BytesIO()
        np.savez_compressed(
            file,
            shared=np.array(shared, dtype=np.uint8),
            ends=np.frombuffer(ends.encode("utf-8"), dtype=np.uint8),
            doublings=np.array([round(math.log2(self._counts[word])) for word in self._sorted], dtype=np.uint8),
        )
        return file.getvalue()

    def read(self, text: str) -> str:
        """Give a text in its sound form, unknown words as the known ones they were meant to be.

        Parameters
        ----------
        text : str
            As `elek.text.normalise` gives it.

        Returns
        -------
        str
        """
        return " ".join([meant for _, meant in self._read(text.split(" "))])

    def respelt(self, text: str) -> list[tuple[str, str]]:
        """Give the words of a text that are read as others: as written, and in the sound form of what was meant.

        Examples
        --------
        >>> Spelling({"kentrifuga": 20.0, "rotor": 5.0}).respelt("ротор цент рифуги rot0r")
        [('цент рифуги', 'kentrifugi'), ('rot0r', 'rotor')]
        """
        found = self._read(text.split(" "))
        return [(written, meant) for written, meant in found if meant != " ".join(map(fold_word, written.split(" ")))]

    def _read(self, words: list[str]) -> list[tuple[str, str]]:
        """Pair what is written, a word or two, with what it is read as."""
        found: list[tuple[str, str]] = []
        before: tuple[str, float] = _ALONE
        doubtful = 0
        for word in words:
            looked_up = self._looked_up[word]
            meant, seen = looked_up
            # most neighbours are two known words that make no third one
            may_join = seen >= 0 <= before[1] and (not seen or not before[1] or before[0] + meant in self._counts)
            if may_join and (joined := self._joined(before, looked_up)):
                found[-1], before = (f"{found[-1][0]} {word}", joined), _ALONE
                continue
            if seen == before[1] == _CHINESE and before[0][-1] + meant[0] in self._counts:
                before = (before[0] + meant, _CHINESE)
                found[-1] = (f"{found[-1][0]} {word}", before[0])
                continue
            before = looked_up
            if seen in (0, _ODD) and doubtful < MOST_DOUBTFUL:
                doubtful += 1
                meant = self._meant[meant]
            found.append((word, meant))
        return found

    def _look_up(self, word: str) -> tuple[str, float]:
        """Give the sound form of a word, mixed scripts parted, and the number of texts it was seen in, or what else it is."""
        sound = fold_word(word)
        seen = self._counts.get(sound, 0)
        if not self._counts:
            return sound, _DONE
        if _HAN.search(word):
            sound = mend_characters(sound, self._counts)
            return sound, _CHINESE if PURE.fullmatch(word) else _ODD
        if seen:
            return sound, seen
        if len(word) < 2 or not _LETTER.search(word):
            return sound, _DONE
        if len(word) <= _LONGEST and _BOTH_SCRIPTS.search(word):
            scripts = _SCRIPTS.findall(word)
            if min(map(len, scripts)) > 1 and any(fold_word(s) in self._counts for s in scripts if len(s) >= _PART):
                return " ".join([self._letters(fold_word(s)) for s in scripts]), _DONE
        return sound, 0 if sound.isalpha() else _ODD

    def _joined(self, first: tuple[str, float], second: tuple[str, float]) -> str:
        """Give the word of which two neighbours are the halves; empty when they are two words."""
        (one, one_seen), (two, two_seen) = first, second
        joined = one + two[1:] if one[-1] == two[0] else one + two
        n = self._counts.get(joined, 0)
        if len(joined) < _STEM or (not n and (one_seen or two_seen)):
            return ""
        if not one_seen or not two_seen:
            return joined if n or (len(joined) > _STEM + 1 and self._has_kin(joined)) else ""
        for half, seen in (first, second):
            if len(half) < _PART and seen >= COMMON:
                return ""
        return (
            joined if len(joined) > _STEM and n > min(one_seen, two_seen) and max(len(one), len(two)) >= _PART else ""
        )

    def _has_kin(self, sound: str) -> bool:
        """Tell whether a known word begins like this one: it is then another form of it, or a word of its family."""
        if len(sound) < _STEM:
            return False
        stem = sound[: max(_STEM - 1, len(sound) - 2)]
        at = bisect_left(self._sorted, stem)
        return at < len(self._sorted) and self._sorted[at].startswith(stem)

    def _read_word(self, sound: str) -> str:
        return self._letters(sound) if sound.isalpha() else _RUN.sub(lambda found: self._read_run(found[0]), sound)

    def _read_run(self, run: str) -> str:
        """Read a run of letters and digits."""
        if run.isdigit() or not _PART <= len(run) <= _LONGEST:
            return run
        if run.isalpha():
            sound = fold_word(run)
            meant = self._letters(sound)
            return run if meant == sound else meant
        readings = filter(self._counts.__contains__, letters_for_digits(run))
        if meant := max((r for r in readings if len(r) >= _PART), key=self._counts.__getitem__, default=""):
            return meant
        return self._letters_beside_digits(run)

    def _letters_beside_digits(self, run: str) -> str:
        """Part a word from the number that it is written together with: a known one, or a long one."""
        if head := _HEAD.fullmatch(run):
            meant = self._letters(fold_word(head[1]))
            if len(head[1]) >= _STEM or meant in self._counts:
                return f"{meant} {self._read_run(head[2])}"
        if tail := _TAIL.fullmatch(run):
            meant = self._letters(fold_word(tail[2]))
            if len(tail[2]) >= _STEM or meant in self._counts:
                return f"{self._read_run(tail[1])} {meant}"
        return run

    def _letters(self, sound: str) -> str:
        if sound in self._counts or len(sound) > _LONGEST or self._has_kin(sound):
            return sound
        return (self._nearest(sound) if _LEAST <= len(sound) <= _LONGEST_PART else "") or self._parted(sound) or sound

    def _nearest(self, sound: str) -> str:
        """Give the known word one error away that is likeliest; empty when there is none."""
        best, most, least = "", 0.0, 0 if len(sound) > _STEM else RARE
        for weight, candidates in one_letter_off(sound):
            for word in filter(self._counts.__contains__, candidates):
                n = self._counts[word]
                if n >= least and n * weight > most:
                    best, most = word, n * weight
        return best

    def _parted(self, sound: str) -> str:
        """Give the words of which a long one is joined, by the likeliest way to cut it; empty when it is no such word.

        Unigram segmentation by dynamic programming (Norvig 2009, in "Beautiful Data"), with a price for unknown parts. Two words
        may share the letter where they meet: the sound form has no double letters.
        """
        n = len(sound)
        if not 2 * _PART <= n <= _LONGEST:
            return ""
        ways = [_Way(0.0, 0, 0)]
        for end in range(1, n + 1):
            ways.append(min(self._ways(ways, sound, end)))
        whole = ways[n]
        if whole.known < n / 2 or (whole.words < 2 and whole.known < n - 3):
            return ""
        parts, end = [], n
        while end:
            way = ways[end]
            parts.append(sound[way.start : end])
            end = way.before
        return " ".join(reversed(parts)) if len(parts) > 1 else ""

    def _ways(self, ways: Sequence["_Way"], sound: str, end: int) -> Iterator["_Way"]:
        """Give the ways to cut the letters up to `end`: one more letter of an unknown part, or one more known word."""
        last = ways[end - 1]
        if last.strange:
            yield last._replace(price=last.price + _UNKNOWN_LETTER)
        else:
            yield _Way(last.price + _UNKNOWN_PART, end - 1, end - 1, last.known, last.words, strange=True)
        for length in range(2, min(_LONGEST_PART, end) + 1):
            part = sound[end - length : end]
            times = self._counts.get(part, 0)
            if not times or (length < _PART and times < COMMON):
                continue
            start = end - length
            before = start + 1 if length > _PART and ways[start + 1].price < ways[start].price else start
            way = ways[before]
            long = length >= _PART
            yield _Way(way.price + self._cost[part], before, start, way.known + length * long, way.words + long)


class _Way(NamedTuple):
    """A way to cut the first letters of a word: the last part begins at `start`, the way before it ends at `before`."""

    price: float
    before: int
    start: int
    known: int = 0
    words: int = 0
    strange: bool = False

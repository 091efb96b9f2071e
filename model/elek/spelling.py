"""Spelling: the words that a bundle knows, and how a word that it does not know is read.

The model finds a word by its letters, so one wrong letter costs little and a misspelt name is still near its own. But shippers who
want not to be found write "m0t0r", join words, split them, or hit wrong keys on purpose, and scanners do so without purpose. A word
that was not in the training texts is therefore read as the known word it is one error away from: of several, the one seen most.
What is near no known word, as brands and part numbers are, stays as it is.
"""

import re

from elek.han import PURE, UNSPACED, mend_characters
from elek.joined_words import COMMON, LONGEST, LONGEST_PART, PART, cut_joined
from elek.misspelling import letters_for_digits, one_letter_off
from elek.sound import fold_word
from elek.vocabulary import STEM, Vocabulary
from elek.word_memory import WordMemory

RARE = 5
"""Training texts with a short word below which nothing is taken for it."""

MOST_DOUBTFUL = 16
"""Unknown words of a text that are looked into: bounds the time that one text takes."""

_LEAST = 5

_RUN = re.compile(rf"[^\W_{UNSPACED}]+")
_LETTER = re.compile(rf"[^\W\d_{UNSPACED}]")
_HAN = re.compile(f"[{UNSPACED}]")
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
    vocabulary : Vocabulary
        Without words every word is read as it is written.

    Examples
    --------
    >>> spelling = Spelling(Vocabulary({"kentrifuga": 20.0, "dlia": 900.0, "obogaŝenia": 9.0, "urana": 30.0}))
    >>> spelling.read("цент рифуга дляобогащения ур4на")
    'kentrifuga dlia obogaŝenia urana'
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary, self._counts = vocabulary, vocabulary.counts
        self._looked_up = WordMemory(self._look_up)
        self._meant = WordMemory(self._read_word)

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
        >>> Spelling(Vocabulary({"kentrifuga": 20.0, "rotor": 5.0})).respelt("ротор цент рифуги rot0r")
        [('цент рифуги', 'kentrifugi'), ('rot0r', 'rotor')]
        """
        found = self._read(text.split(" "))
        return [(written, meant) for written, meant in found if meant != " ".join(map(fold_word, written.split(" ")))]

    def _read(self, words: list[str]) -> list[tuple[str, str]]:
        """Pair what is written, a word or two, with what it is read as."""
        found: list[tuple[str, str]] = []
        before: tuple[str, float] = _ALONE
        doubtful = 0
        for word, looked_up in zip(words, [self._looked_up[word] for word in words], strict=True):
            meant, seen = looked_up
            if seen > 0 < before[1] and before[0] + meant not in self._counts:
                before = looked_up  # most neighbours are two known words that make no third one
                found.append((word, meant))
                continue
            if seen >= 0 <= before[1] and (joined := self._joined(before, looked_up)):
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
        if len(word) <= LONGEST and _BOTH_SCRIPTS.search(word):
            scripts = _SCRIPTS.findall(word)
            if min(map(len, scripts)) > 1 and any(fold_word(s) in self._counts for s in scripts if len(s) >= PART):
                return " ".join([self._letters(fold_word(s)) for s in scripts]), _DONE
        return sound, 0 if sound.isalpha() else _ODD

    def _joined(self, first: tuple[str, float], second: tuple[str, float]) -> str:
        """Give the word of which two neighbours are the halves; empty when they are two words."""
        (one, one_seen), (two, two_seen) = first, second
        joined = one + two[1:] if one[-1] == two[0] else one + two
        n = self._counts.get(joined, 0)
        if len(joined) < STEM or (not n and (one_seen or two_seen)):
            return ""
        if not one_seen or not two_seen:
            return joined if n or (len(joined) > STEM + 1 and self._vocabulary.has_kin(joined)) else ""
        for half, seen in (first, second):
            if len(half) < PART and seen >= COMMON:
                return ""
        long = len(joined) > STEM and max(len(one), len(two)) >= PART
        return joined if long and n > min(one_seen, two_seen) else ""

    def _read_word(self, sound: str) -> str:
        return self._letters(sound) if sound.isalpha() else _RUN.sub(lambda found: self._read_run(found[0]), sound)

    def _read_run(self, run: str) -> str:
        """Read a run of letters and digits."""
        if run.isdigit() or not PART <= len(run) <= LONGEST:
            return run
        if run.isalpha():
            sound = fold_word(run)
            meant = self._letters(sound)
            return run if meant == sound else meant
        readings = filter(self._counts.__contains__, letters_for_digits(run))
        if meant := max((r for r in readings if len(r) >= PART), key=self._counts.__getitem__, default=""):
            return meant
        return self._letters_beside_digits(run)

    def _letters_beside_digits(self, run: str) -> str:
        """Part a word from the number that it is written together with: a known one, or a long one."""
        if head := _HEAD.fullmatch(run):
            meant = self._letters(fold_word(head[1]))
            if len(head[1]) >= STEM or meant in self._counts:
                return f"{meant} {self._read_run(head[2])}"
        if tail := _TAIL.fullmatch(run):
            meant = self._letters(fold_word(tail[2]))
            if len(tail[2]) >= STEM or meant in self._counts:
                return f"{self._read_run(tail[1])} {meant}"
        return run

    def _letters(self, sound: str) -> str:
        if sound in self._counts or len(sound) > LONGEST or self._vocabulary.has_kin(sound):
            return sound
        return (
            (self._nearest(sound) if _LEAST <= len(sound) <= LONGEST_PART else "")
            or cut_joined(sound, self._vocabulary)
            or sound
        )

    def _nearest(self, sound: str) -> str:
        """Give the known word one error away that is likeliest; empty when there is none."""
        best, most, least = "", 0.0, 0 if len(sound) > STEM else RARE
        for weight, candidates in one_letter_off(sound, *self._vocabulary.error_between(sound)):
            for word in filter(self._counts.__contains__, candidates):
                n = self._counts[word]
                if n >= least and n * weight > most:
                    best, most = word, n * weight
        return best

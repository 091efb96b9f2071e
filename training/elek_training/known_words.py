"""Known words: what a bundle takes for correctly spelt (`elek.spelling`)."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from elek.han import PURE, UNSPACED
from elek.sound import fold_word
from elek.text import normalise
from elek.vocabulary import Vocabulary
from elek_training.labelled import LabelledLine
from elek_training.provenance import COMPOSED, is_own

LEAST_OWN = 3
"""Lines of the user's own that a word must stand in: declarants misspell, and an error that is learnt as a word is not mended."""

LEAST_PAIRS = 3
"""Texts that a pair of Chinese characters must stand in."""

_WORD = re.compile(rf"[^\W\d_{UNSPACED}]{{2,}}")


def known_words(names: Sequence[str], lines: Sequence[LabelledLine], before: Vocabulary | None = None) -> Vocabulary:
    """Count the words of clean texts.

    Parameters
    ----------
    names : sequence of str
        Names of goods as the catalogue has them.
    lines : sequence of LabelledLine
        Training lines. Composed ones do not count, they are damaged on purpose; of the user's own, only words of `LEAST_OWN` lines.
    before : Vocabulary, optional
        Words known already.

    Returns
    -------
    Vocabulary

    Examples
    --------
    >>> known_words(["шаровой кран"], [LabelledLine("кран", source="lexicon"), LabelledLine("кармн", source="july")]).counts
    {'ŝarovoi': 1, 'kran': 2}
    """
    clean = [line.description for line in lines if line.source != COMPOSED and not is_own(line)]
    counts = Counter({word: round(n) for word, n in before.counts.items()} if before else {})
    counts.update(_words([*names, *clean]))
    pairs = Counter(_pairs([*names, *clean]))
    counts.update({pair: n for pair, n in pairs.items() if n >= LEAST_PAIRS})
    own = Counter(_words([line.description for line in lines if line.source != COMPOSED and is_own(line)]))
    counts.update({word: n for word, n in own.items() if n >= LEAST_OWN})
    return Vocabulary(counts)


def _words(texts: Sequence[str]) -> Iterable[str]:
    for text in texts:
        found = {
            fold_word(word): None for word in _WORD.findall(normalise(text).text)
        }  # a dict: the same order in every run
        yield from (word for word in found if len(word) > 1)


def _pairs(texts: Sequence[str]) -> Iterable[str]:
    for text in texts:
        runs = PURE.findall(normalise(text).text)
        yield from dict.fromkeys(run[at : at + 2] for run in runs for at in range(len(run) - 1))

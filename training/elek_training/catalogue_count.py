"""How names of the catalogue are counted: what is written once counts once, and a template multiplied counts five times at most."""

import re
from collections import Counter
from collections.abc import Iterable

SKELETON_CAP = 5

_DIGITS = re.compile(r"\d+(?:[.,]\d+)?")
_HAN = re.compile(r"[\u3400-\u9fff]")


def fold_name(name: str) -> str:
    """Fold a name for comparison: case, blanks.

    Examples
    --------
    >>> fold_name("  Шаровой  КРАН ")
    'шаровой кран'
    """
    return " ".join(name.casefold().split())


def is_latin(name: str) -> bool:
    """Tell whether a name has Latin letters and no other; such a name belongs to no language.

    Examples
    --------
    >>> is_latin("STM32F407"), is_latin("микросхема STM32")
    (True, False)
    """
    letters = [c for c in name if c.isalpha()]
    return bool(letters) and all(c < "\u0250" for c in letters)


def skeletons(name: str) -> list[str]:
    """Give the skeletons of a name: it with numbers blanked, and with each one word blanked.

    A word is blanked only when two or more stay, so that two short names of different goods ("ball bearing", "roller bearing") do
    not share one. Han text is one word.

    Parameters
    ----------
    name : str
        Folded.

    Returns
    -------
    list of str

    Examples
    --------
    >>> skeletons("steel ball 5 mm")
    ['steel ball # mm', '* ball # mm', 'steel * # mm', 'steel ball * mm', 'steel ball # *']
    """
    blanked = _DIGITS.sub("#", name)
    words = blanked.split(" ")
    found = [blanked] if "#" in blanked else []
    if len(words) >= 3 and not _HAN.search(name):
        found += [" ".join([*words[:i], "*", *words[i + 1 :]]) for i in range(len(words))]
    return found


def count_distinct(names: Iterable[str]) -> int:
    """Count distinct names, a skeleton five times at most.

    Parameters
    ----------
    names : iterable of str
        Folded; repeats count once.

    Returns
    -------
    int

    Examples
    --------
    >>> count_distinct([f"bolt M{n} steel" for n in range(9)] + ["nut"])
    6
    """
    used: Counter[str] = Counter()
    counted = 0
    for name in dict.fromkeys(names):
        shapes = skeletons(name)
        if all(used[shape] < SKELETON_CAP for shape in shapes):
            counted += 1
            used.update(shapes)
    return counted

"""Surroundings: what stands around a name in papers. They are drawn independently of the good, so that they never decide."""

from dataclasses import dataclass
from random import Random

from elek_training.disclaimers import disclaimer
from elek_training.numbering import article
from elek_training.openings import opening
from elek_training.purposes import purpose
from elek_training.specification import specification
from elek_training.wording import WORDING, Wording

PHRASES = ("condition", "article", "maker", "purpose", "filler", "packing", "quantity", "weight", "origin")
"""Fields of `Wording`."""


@dataclass(frozen=True, slots=True)
class Genre:
    """A way of writing a line: the share of lines that carry each kind of surrounding.

    Attributes
    ----------
    phrases : tuple of float
        In the order of `PHRASES`.
    opening, machine, specification, disclaimer : float
        An opening before the name; after it for which machine, numbers, and what it is not.
    """

    phrases: tuple[float, ...]
    opening: float
    machine: float
    specification: float
    disclaimer: float


SHORT = Genre((0.15, 0.20, 0.12, 0.08, 0.15, 0.08, 0.20, 0.06, 0.08), 0.03, 0.15, 0.15, 0.03)
"""Invoices and waybills: a name and little else."""

LONG = Genre((0.25, 0.30, 0.25, 0.20, 0.45, 0.15, 0.35, 0.12, 0.08), 0.25, 0.45, 0.55, 0.40)
"""Customs declarations."""

LONG_SHARE = {"ru": 0.55, "kk": 0.3, "en": 0.25, "zh": 0.2}
"""Share of long lines; our estimate from reading declarations and waybills."""


def surround(name: str, lang: str, random: Random) -> str:
    """Put a name among the wording that stands around names.

    Parameters
    ----------
    name : str
    lang : str
    random : Random

    Returns
    -------
    str
    """
    wording = WORDING[lang]
    genre = LONG if random.random() < LONG_SHARE[lang] else SHORT
    before, after = _phrases(wording, genre, random)
    for share in (genre.machine, genre.machine * 0.2):
        if random.random() < share:
            after.insert(0, _fill(purpose(lang, random), random))
    for share in (genre.specification, genre.specification * 0.4):
        if random.random() < share:
            after.insert(random.randint(0, len(after)), specification(lang, random))
    for share in (genre.disclaimer, genre.disclaimer * 0.6, genre.disclaimer * 0.4):
        if random.random() < share:
            after.insert(random.randint(0, len(after)), disclaimer(lang, random))
    if len(after) > 1 and random.random() < 0.3:
        random.shuffle(after)
    text = wording.joiner.join((*before, name, *after))
    return _fill(opening(lang, random), random) + text if random.random() < genre.opening else text


def _phrases(wording: Wording, genre: Genre, random: Random) -> tuple[list[str], list[str]]:
    """Draw the phrases before and after a name."""
    before: list[str] = []
    after: list[str] = []
    for kind, share in zip(PHRASES, genre.phrases, strict=True):
        if random.random() < share:
            phrase = _fill(random.choice(getattr(wording, kind)), random)
            (before if kind in ("condition", "quantity") and random.random() < 0.3 else after).append(phrase)
    return before, after


def _fill(phrase: str, random: Random) -> str:
    """Fill the placeholders of a phrase."""
    return phrase.format(
        n=random.choice((1, 2, 3, 4, 5, 10, 12, 20, 50, 100, 250, random.randint(1, 9999))),
        w=f"{random.uniform(0.1, 2000):.{random.randint(0, 2)}f}",
        code=article(random),
    )

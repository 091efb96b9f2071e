"""The held-out bundle: trained like the starter, but without the lines that several rows then judge.

Left out are some goods of the catalogue in every language, some paragraphs of the control lists, some vague terms and search
references, and all parcel descriptions. Nothing that reads the same as a left-out line is trained on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from benchmarks.elek_bundle import Recipe, Trained, bundle
from benchmarks.lines import DataAbsent, nomenclature, official, parts, without
from benchmarks.settings import Settings
from elek.text import normalise
from elek_training.catalogue import LANGUAGES, Good, read_catalogue
from elek_training.labelled import LabelledLine
from elek_training.sources import lexicon_lines
from elek_training.split import in_fold
from elek_training.taxonomy import read_taxonomy

GOODS_SHARE, LINES_SHARE = 0.15, 0.2
ALL_TERMS = 1_000_000
"""More terms than a heading has: no name that the lexicon knows is judged."""

_SEED = 11


@dataclass(frozen=True)
class HeldOut:
    """What is trained on and what is kept for judging.

    Attributes
    ----------
    given : list of LabelledLine
        Lines that elek and the peers train on, beside what is composed of `kept`.
    kept, left_out : list of Good
    paragraphs, vague, references, parcels : list of LabelledLine
        Left out; empty when the development data is absent.
    """

    given: list[LabelledLine]
    kept: list[Good]
    left_out: list[Good]
    paragraphs: list[LabelledLine]
    vague: list[LabelledLine]
    references: list[LabelledLine]
    parcels: list[LabelledLine]

    @property
    def recipe(self) -> Recipe:
        """What the bundle is trained on."""
        return Recipe(self.given, self.kept, [*self.paragraphs, *self.vague, *self.references, *self.parcels])

    def names(self, goods: Sequence[Good], lang: str) -> list[tuple[Good, str]]:
        """Give the names of left-out goods in a language that no kept good bears and no given line reads as."""
        known = {normalise(name).text for good in self.kept for name in good.names[lang]}
        known |= {normalise(line.description).text for line in [*self.given, *lexicon_lines(ALL_TERMS)]}
        return [(good, name) for good in goods for name in good.names[lang] if normalise(name).text not in known]


@lru_cache(maxsize=1)
def split(settings: Settings) -> HeldOut:
    """Split goods and lines."""
    goods = [replace(good) for good in read_catalogue()]
    chosen = [
        _drawn(good.id, GOODS_SHARE) and not good.ambiguous and all(good.names[x] for x in LANGUAGES) for good in goods
    ]
    paragraphs = _read(lambda: official(settings, "annex1", "eu-annex1", "annex1_paragraphs.csv"))
    paragraphs += _read(lambda: official(settings, "ccl", "ccl", "ccl_index.json"))
    vague = _read(lambda: official(settings, "fpo", "uk-fpo", "vague_terms.csv"))
    references = _read(lambda: official(settings, "fpo", "uk-fpo", "search_references.json"))
    parcels = _read(lambda: official(settings, "fpo", "uk-fpo", "extra_references.csv"))
    brands = _read(lambda: official(settings, "fpo", "uk-fpo", "brands.csv"))
    tariffs = _read(lambda: nomenclature(settings, russian=True)) or nomenclature(settings, russian=False)
    tariffs += settings.thin(_read(lambda: official(settings, "hts", "hs-nomenclature", "us_hts2026_db.json.gz")))
    held = [[line for line in lines if _held(line)] for lines in (paragraphs, vague, references)]
    rest = [line for lines in (paragraphs, vague, references) for line in lines if not _held(line)]
    given = without(
        [*rest, *brands, *_read(lambda: parts(settings)), *tariffs], [*parcels, *(x for h in held for x in h)]
    )
    return HeldOut(
        settings.thin(given),
        [good for good, out in zip(goods, chosen, strict=True) if not out],
        [good for good, out in zip(goods, chosen, strict=True) if out],
        *(settings.thin(lines) for lines in (*held, parcels)),
    )


def trained(settings: Settings) -> Trained:
    """Train the held-out bundle, or load it."""
    return bundle(split(settings).recipe, settings)


def controlled_goods(goods: Sequence[Good]) -> list[Good]:
    """Keep the goods that a control entry names or that stand on the CHPL."""
    chpl = read_taxonomy().chpl
    return [good for good in goods if good.is_controlled or good.hs[0] in chpl]


def benign_goods(goods: Sequence[Good]) -> list[Good]:
    """Keep the goods that are on no list, under none of their codes."""
    chpl = read_taxonomy().chpl
    return [good for good in goods if not good.is_controlled and not set(good.hs) & set(chpl)]


def needed(lines: list[LabelledLine], what: str) -> list[LabelledLine]:
    """Give the lines, or say that they are absent."""
    if not lines:
        raise DataAbsent(f"{what} are not in the folder of the development data; give it with --data")
    return lines


def _drawn(key: str, share: float) -> bool:
    return in_fold(key, share, _SEED)


def _held(line: LabelledLine) -> bool:
    """By text, so that a sentence that stands in two lists is on one side."""
    return _drawn(normalise(line.description).text, LINES_SHARE)


def _read(read: Callable[[], list[LabelledLine]]) -> list[LabelledLine]:
    try:
        return read()
    except DataAbsent:
        return []

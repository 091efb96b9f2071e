"""Composer: turns goods into lines as they stand in real papers, from a seed, at training time.

Nothing composed is stored. The same seed gives the same lines; a line never carries what the model must learn to ignore as
evidence: quantity, packing, legal filler, origin and maker are drawn independently of the good.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import sqrt
from random import Random

from elek_training.catalogue import LANGUAGES, Good, VaguePhrase
from elek_training.common_headings import COMMON_HEADINGS, VERY_COMMON
from elek_training.damage import damage
from elek_training.evasion import EVASIONS, Cover, Written
from elek_training.labelled import LabelledLine
from elek_training.naming import pick_name
from elek_training.nomenclature import read_nomenclature
from elek_training.surroundings import surround
from elek_training.talk import talk
from elek_training.taxonomy import read_taxonomy
from elek_training.vague_parcels import vague_parcel
from elek_training.vehicle_papers import has_papers, vehicle_papers

PAPERS_SHARE = 0.6
"""Share of lines over vehicles and self-propelled machines that give their numbers, engine and year."""

PARCEL_SHARE = 0.25
"""Share of vague lines that are labels of parcels."""

MOST_SUBHEADINGS = 3
"""A good with more subheadings under one heading stands for a group: its names tell the heading, not the subheading."""

MOST_TRIES = 20
"""Tries to write a line that was not written yet; a catalogue of a few goods runs out of them."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of composed lines by kind; the rest are plain lines with the right code.

    Attributes
    ----------
    vague : float
        Vague phrases.
    evasion : float
        Lines of one of the evasion typologies.
    bare : float
        Plain lines that are nothing but the name.
    talk : float
        Of all lines, goods named or not, those that speak to whoever reads them.
    """

    vague: float = 0.08
    evasion: float = 0.12
    bare: float = 0.25
    talk: float = 0.07


def _case(text: str, lang: str, random: Random) -> str:
    if lang == "zh":
        return text
    kind = random.random()
    if kind < 0.45:
        return text.upper()
    return text.capitalize() if kind < 0.6 else text


class Pool:
    """Goods to draw from; a good of many names is drawn more often, by the root of their number.

    Parameters
    ----------
    goods : sequence of Good
    """

    def __init__(self, goods: Sequence[Good]) -> None:
        self.goods = list(goods)
        self._up_to = list(accumulate(sqrt(sum(map(len, good.names.values()))) for good in self.goods))

    def draw(self, random: Random) -> Good:
        """Draw one good."""
        return random.choices(self.goods, cum_weights=self._up_to)[0]


class Composer:
    """Writes lines from goods.

    Parameters
    ----------
    goods : sequence of Good
    vague : sequence of VaguePhrase
    shares : Shares
    """

    def __init__(self, goods: Sequence[Good], vague: Sequence[VaguePhrase], shares: Shares | None = None) -> None:
        self.goods = list(goods)
        self.shares = shares or Shares()
        by_heading: dict[str, list[str]] = {}
        for code in read_nomenclature().codes(6):
            by_heading.setdefault(code[:4], []).append(code)
        phrases: dict[str, list[VaguePhrase]] = {lang: [] for lang in LANGUAGES}
        for phrase in vague:
            phrases[phrase.lang].append(phrase)
        chpl = frozenset(read_taxonomy().chpl)
        benign = [g for g in self.goods if not g.is_controlled and g.hs[0] not in chpl]
        self.cover = Cover(benign or self.goods, phrases, by_heading, chpl)
        under: dict[str, list[Good]] = {}
        for good in self.goods:
            under.setdefault(good.hs[0][:4], []).append(good)
        self.by_heading = {heading: Pool(found) for heading, found in under.items()}
        self.everything = Pool(self.goods)
        self.headings = sorted(self.by_heading)
        common = [h for h in COMMON_HEADINGS for _ in range(VERY_COMMON.get(h, 1))]
        self.common = [h for h in common if h in self.by_heading] or self.headings
        self.hidden = [g for g in self.goods if g.is_controlled or g.hs[0] in chpl] or self.goods

    def lines(self, n: int, seed: int) -> Iterator[LabelledLine]:
        """Compose n lines.

        Parameters
        ----------
        n : int
        seed : int
            The same seed gives the same lines.

        Yields
        ------
        LabelledLine
            Distinct descriptions, as long as the catalogue has them. `group` is the good's id, so that a grouped split keeps a
            good on one side.
        """
        random = Random(seed)
        seen: set[str] = set()
        repeats = 0
        while len(seen) + repeats < n:
            line = self._one(random, len(seen) + repeats)
            for _ in range(MOST_TRIES):
                if line.description not in seen:
                    break
                line = self._one(random, len(seen) + repeats)
            if line.description in seen:
                repeats += 1
            seen.add(line.description)
            yield line

    def _one(self, random: Random, number: int) -> LabelledLine:
        """Compose one line of a kind drawn by the shares."""
        kind = random.random()
        lang = random.choice(LANGUAGES)
        if kind < self.shares.vague and self.cover.vague[lang]:
            return self._vague(lang, random, number)
        if kind < self.shares.vague + self.shares.evasion:
            return self._evasion(lang, random, number)
        return self._plain(lang, random, number)

    def _with_talk(self, text: str, lang: str, random: Random) -> str:
        """Speak to the reader before or after some texts; in English at times, whatever the language of the goods."""
        if random.random() >= self.shares.talk:
            return text
        said = talk(lang if random.random() < 0.75 else "en", random)
        if random.random() < 0.5:
            return f"{said} {text}"
        return f"{text}{random.choice(('. ', ' ', ', ', ' - '))}{said}"

    def _draw(self, lang: str, random: Random) -> Good:
        """Draw a good with a name in the language: any good, or by heading first, or by common heading first.

        Headings of which the catalogue knows much would else crowd out the others.
        """
        while True:
            kind = random.random()
            by_heading = self.headings if kind < 0.7 else self.common
            pool = self.everything if kind < 0.4 else self.by_heading[random.choice(by_heading)]
            good = pool.draw(random)
            if good.names[lang]:
                return good

    def _plain(self, lang: str, random: Random, number: int) -> LabelledLine:
        good = self._draw(lang, random)
        name = pick_name(good, lang, random)
        if has_papers(good.hs[0]) and random.random() < PAPERS_SHARE:
            text = vehicle_papers(name, good.hs[0], lang, random)
        else:
            text = name if random.random() < self.shares.bare else surround(name, lang, random)
        text = _case(damage(self._with_talk(text, lang, random), lang, random), lang, random)
        return _label(good, Written(text, good.hs[0]), Origin(lang, number), random)

    def _vague(self, lang: str, random: Random, number: int) -> LabelledLine:
        """Write a vague phrase over any good: so the model learns that such text leaves the goods open."""
        if random.random() < PARCEL_SHARE:
            text = group = vague_parcel(lang, random)
        else:
            group = random.choice(self.cover.vague[lang]).text
            text = group if random.random() < 0.4 else surround(group, lang, random)
        text = _case(damage(self._with_talk(text, lang, random), lang, random), lang, random)
        good = self.by_heading[random.choice(self.headings)].goods[0]
        line = _label(good, Written(text, good.hs[0], shows_goods=False), Origin(lang, number), random)
        return replace(line, group=f"vague:{group}")

    def _evasion(self, lang: str, random: Random, number: int) -> LabelledLine:
        typology = random.choice(tuple(EVASIONS))
        if typology in ("T1", "T2") and not self.cover.vague[lang]:
            typology = "T7"
        good = random.choice(self.hidden)
        while not good.names[lang]:
            good = random.choice(self.hidden)
        written = EVASIONS[typology](good, pick_name(good, lang, random), lang, self.cover, random)
        text = surround(written.text, lang, random) if random.random() < 0.4 else written.text
        text = _case(damage(self._with_talk(text, lang, random), lang, random), lang, random)
        return _label(good, replace(written, text=text), Origin(lang, number, typology), random)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a composed line comes from: language, running number, typology or nothing."""

    lang: str
    number: int
    typology: str = ""


def _true_code(good: Good, random: Random) -> str:
    """Give a good's subheading, mostly the main one; a group of goods under one heading has its heading alone."""
    if len(good.hs) > MOST_SUBHEADINGS and len({code[:4] for code in good.hs}) == 1:
        return good.hs[0][:4]
    return good.hs[0] if random.random() < 0.7 else random.choice(good.hs)


def _label(good: Good, written: Written, origin: Origin, random: Random) -> LabelledLine:
    """Label what was written with what is true of the good."""
    return LabelledLine(
        written.text,
        hs=_true_code(good, random),
        control=None if good.ambiguous else good.control,
        vague=not written.shows_goods,
        declared_hs=written.declared_hs,
        line_id=f"c{origin.number}",
        lang=origin.lang,
        source="composed",
        group=good.id,
        typology=origin.typology,
    )

"""Composer: turns goods into lines as they stand in real papers, from a seed, at training time.

Nothing composed is stored. The same seed gives the same lines; a line never carries what the model must learn to ignore as
evidence: quantity, packing, legal filler, origin and maker are drawn independently of the good.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from elek_training.catalogue import LANGUAGES, Good, VaguePhrase
from elek_training.damage import damage
from elek_training.evasion import EVASIONS, Cover, Written
from elek_training.labelled import LabelledLine
from elek_training.nomenclature import read_nomenclature
from elek_training.taxonomy import read_taxonomy
from elek_training.wording import FOR_MACHINE, MACHINES, WORDING, Wording

SURROUNDINGS = (
    ("condition", 0.15),
    ("article", 0.22),
    ("maker", 0.15),
    ("purpose", 0.10),
    ("filler", 0.22),
    ("packing", 0.10),
    ("quantity", 0.22),
    ("weight", 0.08),
    ("origin", 0.10),
)
"""What may stand around a name, with the share of lines that carry it; our estimate from reading declarations."""


MACHINE_SHARE = 0.2
"""Share of lines that say for which machine the good is."""

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
    """

    vague: float = 0.08
    evasion: float = 0.12
    bare: float = 0.25


def _code(random: Random) -> str:
    letters = "".join(random.choice("ABCDEFGHKLMNPRSTUVXYZ") for _ in range(random.randint(1, 3)))
    return f"{letters}{random.choice(('', '-', ' '))}{random.randint(10, 99999)}"


def _fill(phrase: str, random: Random) -> str:
    """Fill the placeholders of a phrase."""
    return phrase.format(
        n=random.choice((1, 2, 3, 4, 5, 10, 12, 20, 50, 100, 250, random.randint(1, 9999))),
        w=f"{random.uniform(0.1, 2000):.{random.randint(0, 2)}f}",
        code=_code(random),
    )


def _surround(name: str, wording: Wording, random: Random) -> str:
    """Put a name among the wording that stands around names."""
    before: list[str] = []
    after: list[str] = []
    for kind, share in SURROUNDINGS:
        if random.random() < share:
            phrase = _fill(random.choice(getattr(wording, kind)), random)
            (before if kind in ("condition", "quantity") and random.random() < 0.3 else after).append(phrase)
    if random.random() < MACHINE_SHARE:
        machine = random.choice(MACHINES[wording.lang])
        after.insert(0, random.choice(FOR_MACHINE[wording.lang]).format(m=machine))
    if len(after) > 1 and random.random() < 0.3:
        random.shuffle(after)
    return wording.joiner.join((*before, name, *after))


def _case(text: str, lang: str, random: Random) -> str:
    if lang == "zh":
        return text
    kind = random.random()
    if kind < 0.45:
        return text.upper()
    return text.capitalize() if kind < 0.6 else text


def pick_name(good: Good, lang: str, random: Random) -> str:
    """Choose how a good is called: one name, at times two, at times with a model.

    Parameters
    ----------
    good : Good
        With at least one name in `lang`.
    lang : str
    random : Random

    Returns
    -------
    str
    """
    names = good.names[lang]
    name = random.choice(names)
    if len(names) > 1 and random.random() < 0.2:
        name = f"{name} {random.choice([n for n in names if n != name])}"
    if good.models and random.random() < 0.25:
        model = random.choice(good.models)
        name = f"{name} {model}" if random.random() < 0.7 else f"{model} {name}"
    return name


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
        self.by_heading: dict[str, list[Good]] = {}
        for good in self.goods:
            self.by_heading.setdefault(good.hs[0][:4], []).append(good)
        self.headings = sorted(self.by_heading)
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

    def _draw(self, lang: str, random: Random) -> Good:
        """Draw a good with a name in the language: half the time any good, half the time by heading first.

        Headings of which the catalogue knows much would else crowd out the others.
        """
        while True:
            pool = self.goods if random.random() < 0.5 else self.by_heading[random.choice(self.headings)]
            good = random.choice(pool)
            if good.names[lang]:
                return good

    def _plain(self, lang: str, random: Random, number: int) -> LabelledLine:
        good = self._draw(lang, random)
        name = pick_name(good, lang, random)
        text = name if random.random() < self.shares.bare else _surround(name, WORDING[lang], random)
        text = _case(damage(text, lang, random), lang, random)
        return _label(good, Written(text, good.hs[0]), Origin(lang, number), random)

    def _vague(self, lang: str, random: Random, number: int) -> LabelledLine:
        """Write a vague phrase over any good: so the model learns that such text leaves the goods open."""
        phrase = random.choice(self.cover.vague[lang])
        text = phrase.text if random.random() < 0.4 else _surround(phrase.text, WORDING[lang], random)
        text = _case(damage(text, lang, random), lang, random)
        good = self.by_heading[random.choice(self.headings)][0]
        line = _label(good, Written(text, good.hs[0], shows_goods=False), Origin(lang, number), random)
        return replace(line, group=f"vague:{phrase.text}")

    def _evasion(self, lang: str, random: Random, number: int) -> LabelledLine:
        typology = random.choice(tuple(EVASIONS))
        if typology in ("T1", "T2") and not self.cover.vague[lang]:
            typology = "T7"
        good = random.choice(self.hidden)
        while not good.names[lang]:
            good = random.choice(self.hidden)
        written = EVASIONS[typology](good, pick_name(good, lang, random), lang, self.cover, random)
        text = _surround(written.text, WORDING[lang], random) if random.random() < 0.4 else written.text
        text = _case(damage(text, lang, random), lang, random)
        return _label(good, replace(written, text=text), Origin(lang, number, typology), random)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a composed line comes from: language, running number, typology or nothing."""

    lang: str
    number: int
    typology: str = ""


def _label(good: Good, written: Written, origin: Origin, random: Random) -> LabelledLine:
    """Label what was written with what is true of the good."""
    return LabelledLine(
        written.text,
        hs=good.hs[0] if random.random() < 0.7 else random.choice(good.hs),
        control=None if good.ambiguous else good.control,
        vague=not written.shows_goods,
        declared_hs=written.declared_hs,
        line_id=f"c{origin.number}",
        lang=origin.lang,
        source="composed",
        group=good.id,
        typology=origin.typology,
    )

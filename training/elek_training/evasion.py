"""Evasion typologies T1-T17: how a good is written and declared so that it passes.

Each typology is documented in public reports (customs seizures, prosecutions, red-flag lists; see data/README.md) or marked
there as an assumption. T8, T9 and T17 cannot be shown by text (barcodes, values, trade flows) and have no function here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from elek_training.catalogue import Good, VaguePhrase
from elek_training.evasion_wording import (
    APPLIANCE_WORDS,
    CIVIL_USES,
    FARM_WORDS,
    PART_WORDS,
    TOY_WORDS,
    TRANSIT_WORDS,
)
from elek_training.wording import WORDING


@dataclass(frozen=True)
class Cover:
    """What a shipper can hide a good behind.

    Attributes
    ----------
    benign : list of Good
        Goods that no control entry names.
    vague : dict of str to list of VaguePhrase
        By language.
    by_heading : dict of str to list of str
        Heading to the subheadings of the edition under it.
    chpl : frozenset of str
        Listed subheadings.
    """

    benign: list[Good]
    vague: dict[str, list[VaguePhrase]]
    by_heading: dict[str, list[str]]
    chpl: frozenset[str]


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the papers: text, declared code, and whether the text still names the goods."""

    text: str
    declared_hs: str
    shows_goods: bool = True


def _join(lang: str, *parts: str) -> str:
    return WORDING[lang].joiner.join(parts)


def _benign_code(cover: Cover, random: Random) -> str:
    return random.choice(cover.benign).hs[0]


def vague_text(good: Good, name: str, lang: str, cover: Cover, random: Random) -> Written:
    """T1: a phrase that says too little, under a harmless code."""
    return Written(random.choice(cover.vague[lang]).text, _benign_code(cover, random), shows_goods=False)


def umbrella(good: Good, name: str, lang: str, cover: Cover, random: Random) -> Written:
    """T2: an umbrella noun and one code over goods of many kinds."""
    first, second = random.choice(cover.vague[lang]).text, random.choice(cover.vague[lang]).text
    return Written(_join(lang, first, second), _benign_code(cover, random), shows_goods=False)


def as_toys(good: Good, name: str, lang: str, cover: Cover, random: Random) -> Written:
    """T3: declared as toys or consumer goods."""
    return Written(_join(lang, random.choice(TOY_WORDS[lang]), name), "950300")


def as_farm_machinery(good: Good, name: str, lang: str, cover: Cover, random: Random) -> Written:
    """T4: a civil or agricultural product name."""
    return Written(_join(lang, random.choice(FARM_WORDS[lang]), name), "842482")


def civil_end_use(good: Good, name: str, lang: str, cover: Cover, random: Random) -> Written:
    """T5: a false civil end use, under the code of that use."""
    return Written(
        _join(lang, name, random.choice(CIVIL_USES[lang])), random.choice(("901890", "850980", "950300", "843290"))
    )


def in_parts(good: Good, name: str, lang: str, cover: Cover, random: Random) -> Written:
    """T6: taken apart and declared as parts."""
    return Written(
        _join(lang, name, random.choice(PART_WORDS[lang])), random.choice(("847330", "854370", "732690", "392690"))
    )


def other_code(good: Good, name: str, lang: str, cover: Cover, random: Random) -> Written:
    """T7: a true description under the code of other goods."""
    return Written(name, _benign_code(cover, random))


def stripped(good: Good, name: str, lang: str, cover: Cover, random: Random) -> Written:
    """T10: repacked, maker and marking removed."""
    return Written(_join(lang, name, PART_WORDS[lang][-1]), _benign_code(cover, random))


def transit(good: Good, name: str, lang: str, cover: Cover, random: Random) -> Written:
    """T11: declared as transit to a third country, with the right code."""
    return Written(_join(lang, name, random.choice(TRANSIT_WORDS[lang])), good.hs[0])


def mixed_load(good: Good, name: str, lang: str, cover: Cover, random: Random) -> Written:
    """T12: named among harmless goods, under the code of one of them."""
    others = random.sample(cover.benign, 2)
    names = [random.choice(o.names[lang]) for o in others if o.names[lang]]
    at = random.randint(0, len(names))
    return Written(_join(lang, *names[:at], name, *names[at:]), others[0].hs[0])


def as_appliance_parts(good: Good, name: str, lang: str, cover: Cover, random: Random) -> Written:
    """T13: household-appliance wording (assumption: the trade flow is documented, the wording is not)."""
    return Written(
        _join(lang, random.choice(APPLIANCE_WORDS[lang]), name), random.choice(("845090", "851690", "841899"))
    )


def neighbouring_code(good: Good, name: str, lang: str, cover: Cover, random: Random) -> Written:
    """T14: an unlisted code of the same chapter, chosen to dodge a restriction."""
    chapter, heading = good.hs[0][:2], good.hs[0][:4]
    others = [h for h in cover.by_heading if h[:2] == chapter and h != heading]
    codes = [c for h in random.sample(others, min(4, len(others))) for c in cover.by_heading[h] if c not in cover.chpl]
    return Written(name, random.choice(codes) if codes else _benign_code(cover, random))


def right_code(good: Good, name: str, lang: str, cover: Cover, random: Random) -> Written:
    """T15: the right HS code, which does not show that an entry applies."""
    return Written(name, good.hs[0])


def odd_specification(good: Good, name: str, lang: str, cover: Cover, random: Random) -> Written:
    """T16: a specification that does not fit the claimed household use."""
    return Written(_join(lang, name, random.choice(CIVIL_USES[lang]), "120 V"), good.hs[0])


Evasion = Callable[[Good, str, str, Cover, Random], Written]

EVASIONS: dict[str, Evasion] = {
    "T1": vague_text,
    "T2": umbrella,
    "T3": as_toys,
    "T4": as_farm_machinery,
    "T5": civil_end_use,
    "T6": in_parts,
    "T7": other_code,
    "T10": stripped,
    "T11": transit,
    "T12": mixed_load,
    "T13": as_appliance_parts,
    "T14": neighbouring_code,
    "T15": right_code,
    "T16": odd_specification,
}
"""Typology to the function that writes it."""

ASSUMED = frozenset({"T13"})
"""Typologies whose wording is an assumption."""

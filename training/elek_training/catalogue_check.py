"""Check of the catalogue: counts by language, category and chapter, and everything that is wrong with it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from elek_training.catalogue import LANGUAGES, Good, VaguePhrase, read_catalogue, read_vague
from elek_training.catalogue_count import count_distinct, fold_name, is_latin
from elek_training.nomenclature import read_nomenclature
from elek_training.taxonomy import read_taxonomy

FAMILIES = frozenset(
    {
        "electronics", "drones", "navigation", "power", "bearings", "machine_tools", "optics", "radio", "instruments",
        "semiconductor",
    }
)  # fmt: skip
"""The border's own goods."""

MAIN_CHAPTERS = frozenset(
    ["28", "29", "38", "68", "69", "70", "71", "72", "73", "74", "75", "76", "81", "84", "85", "87", "88", "90", "93"]
)
"""Chapters under which controlled goods and their look-alikes are declared."""

_KAZAKH = re.compile("[әғқңөұүһі]")
_CYRILLIC = re.compile("[а-яё]")
_HAN = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True)
class Report:
    """What the check found.

    Attributes
    ----------
    counts : dict
        Goods, distinct names, names by language, vague phrases, goods by category, chapter and family.
    uncovered : dict of str to list of str
        Headings and control entries without a good, goods entries without two goods or a look-alike.
    problems : list of str
        Each names the good and what is wrong.
    """

    counts: dict[str, Any]
    uncovered: dict[str, list[str]]
    problems: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Give the report as JSON types."""
        return {"counts": self.counts, "uncovered": self.uncovered, "problems": self.problems}


def check() -> Report:
    """Check `data/catalogue` against the nomenclature and the taxonomy.

    Returns
    -------
    Report
    """
    goods, vague = read_catalogue(), read_vague()
    problems = [*_unknown_codes(goods), *_wrong_scripts(goods), *_copies(goods), *_disagreements(goods), *_vague(vague)]
    return Report(_counts(goods, vague), _uncovered(goods), problems)


def _unknown_codes(goods: list[Good]) -> Iterator[str]:
    known, entries = read_nomenclature().texts, read_taxonomy().entries
    for name, n in Counter(g.id for g in goods).items():
        if n > 1:
            yield f"{name}: {n} goods have this id"
    for good in goods:
        for code in good.hs:
            if len(code) != 6 or code not in known:
                yield f"{good.id}: HS code {code} does not exist in the edition"
        for entry in (*good.control, good.look_alike):
            if entry not in ("none", "") and entry not in entries:
                yield f"{good.id}: control entry {entry} is not in the taxonomy"
        if len(good.control) > 1 and "none" in good.control:
            yield f"{good.id}: 'none' stands beside a control entry"
        if good.look_alike and (good.look_alike in good.control or not good.fact):
            yield f"{good.id}: a look-alike must not fall under {good.look_alike} itself, and must carry the deciding fact"
        if good.family and good.family not in FAMILIES:
            yield f"{good.id}: unknown family {good.family}"
        for lang in LANGUAGES:
            if len(good.names[lang]) < 2:
                yield f"{good.id}: fewer than 2 names in {lang}"


def _wrong_scripts(goods: list[Good]) -> Iterator[str]:
    wanted = {"ru": _CYRILLIC, "zh": _HAN}
    for good in goods:
        for lang, script in wanted.items():
            for name in good.names[lang]:
                if not script.search(name.casefold()):
                    yield f"{good.id}: {lang} name '{name}' is in another script"
        kazakh = [bool(_KAZAKH.search(name.casefold())) for name in good.names["kk"]]
        if sum(kazakh) * 2 < len(kazakh):
            yield f"{good.id}: most kk names have none of ә ғ қ ң ө ұ ү һ і"
        for name in good.names["en"]:
            if _CYRILLIC.search(name.casefold()) or _HAN.search(name):
                yield f"{good.id}: en name '{name}' is in another script"


def _copies(goods: list[Good]) -> Iterator[str]:
    legal = {_letters(text) for text in read_nomenclature().texts.values()}
    for good in goods:
        for lang in LANGUAGES:
            seen: set[tuple[str, ...]] = set()
            for name in good.names[lang]:
                bag = tuple(sorted(_letters(name).split())) or (name,)
                if lang != "zh" and bag in seen:
                    yield f"{good.id}: {lang} name '{name}' is a near-copy of another"
                seen.add(bag)
                if _letters(name) in legal:
                    yield f"{good.id}: {lang} name '{name}' is the nomenclature's own text"


def _letters(text: str) -> str:
    return " ".join(re.sub(r"[\d\W_]+", " ", text.casefold()).split())


def _disagreements(goods: list[Good]) -> Iterator[str]:
    bearers: dict[str, list[Good]] = defaultdict(list)
    for good in goods:
        for name in {fold_name(n) for lang in LANGUAGES for n in good.names[lang]}:
            bearers[name].append(good)
    for name, bearing in bearers.items():
        answers = {(g.hs[0][:4], g.control) for g in bearing}
        if len(answers) > 1 and not all(g.ambiguous for g in bearing):
            yield f"name '{name}' stands under goods that disagree: {', '.join(g.id for g in bearing)}"


def _vague(vague: tuple[VaguePhrase, ...]) -> Iterator[str]:
    for (text, lang), n in Counter((fold_name(p.text), p.lang) for p in vague).items():
        if n > 1:
            yield f"vague phrase '{text}' stands {n} times in {lang}"
    for phrase in vague:
        if not phrase.ask:
            yield f"vague phrase '{phrase.text}' has no question"


def _counts(goods: list[Good], vague: tuple[VaguePhrase, ...]) -> dict[str, Any]:
    by_lang = {lang: [fold_name(n) for g in goods for n in g.names[lang]] for lang in LANGUAGES}
    models = [fold_name(m) for g in goods for m in g.models]
    everything = [name for names in by_lang.values() for name in names] + models
    own = {lang: [n for n in names if lang == "en" or not is_latin(n)] for lang, names in by_lang.items()}
    return {
        "goods": len(goods),
        "controlled goods": sum(g.is_controlled for g in goods),
        "look-alikes": sum(bool(g.look_alike) for g in goods),
        "distinct names": count_distinct(everything),
        "names by language": {lang: count_distinct(names) for lang, names in own.items()},
        "models": count_distinct(models),
        "vague phrases": {lang: len({fold_name(p.text) for p in vague if p.lang == lang}) for lang in LANGUAGES},
        "goods by category": dict(sorted(Counter(g.control[0][0] for g in goods if g.is_controlled).items())),
        "goods by chapter": dict(sorted(Counter(g.hs[0][:2] for g in goods).items())),
        "goods by family": dict(sorted(Counter(g.family for g in goods if g.family).items())),
    }


def _uncovered(goods: list[Good]) -> dict[str, list[str]]:
    headings = Counter(heading for g in goods for heading in {code[:4] for code in g.hs})
    known = read_nomenclature().codes(4)
    of_entry = Counter(entry for g in goods for entry in g.control)
    look_alikes = {g.look_alike for g in goods}
    annex = [e for e, facts in read_taxonomy().entries.items() if facts.regime != "US"]
    return {
        "headings without a good": [h for h in known if not headings[h]],
        "headings of the chapters that matter most with fewer than four goods": [
            h for h in known if h[:2] in MAIN_CHAPTERS and headings[h] < 4
        ],
        "families with fewer than 60 goods of six names a language": [
            f for f in sorted(FAMILIES) if sum(g.family == f and _rich(g) for g in goods) < 60
        ],
        "goods entries with fewer than two goods": [e for e in sorted(annex) if of_entry[e] < 2],
        "goods entries without a look-alike": [e for e in sorted(annex) if e not in look_alikes],
    }


def _rich(good: Good) -> bool:
    return all(len(names) >= 6 for names in good.names.values())

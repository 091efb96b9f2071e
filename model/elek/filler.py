"""Wording that names no goods: legal filler, quantities, countries of origin, company names.

A shipper writes such words for free, so they must not move a score. They are cut out of the normalised text, before the
model sees it. Only wording with an unmistakable frame is cut ("всего - 57 шт", "made in …", 'ооо "…"'), and names of countries that
name no goods: "china" and "turkey" stay, and so do brands. Every pattern is linear: no nested repetition, bounded gaps.
"""

import re

_LEGAL = r"""
 (?:товар\s)?не\s(?:для\s)?военного\s(?:назначения|применения) | не\sявля[ею]тся\s(?:товар[а-я]{0,3}|продукци[а-я]{1,3})\s(?:военного|двойного)\sназначения
 | (?:товар\s)?не\s(?:относится\sк\sтоварам\s)?двойного\s(?:назначения|применения) | (?:для\s)?гражданского\s(?:назначения|применения)
 | не\sсодержит\sдрагоценных\sметаллов | не\sсодержит\s(?:источников\s)?радиоактивн[а-я]{2,3}(?:\sвеществ[а-я]{0,2})?
 | не\sлом\s(?:электрооборудования|черных\sметаллов)? | не\sявляется\sломом(?:\sэлектрооборудования)?
 | не\sдля\s(?:розничной\s)?(?:продажи|перепродажи) | для\sсобственных\sнужд
 | (?:новы[йе]|новая|новое),?\sне\sбыл[аои]?\sв\sупотреблении | не\sбывш[а-я]{2,3}\sв\sупотреблении | без\sсодержания\sозоноразрушающих\sвеществ
 | әскери\sмақсатта\sемес | әскери\sмақсатқа\sарналмаған | қосарлы\sмақсаттағы\sтауар\sемес | азаматтық\sмақсаттағы
 | not\sfor\s(?:military|re-?sale|resale)(?:\s(?:use|purposes?))? | non-?military(?:\suse)? | for\s(?:civil|civilian)\suse(?:\sonly)?
 | new,?\snot\sfor\sresale | no\scommercial\svalue | value\sfor\scustoms\s(?:purposes?\s)?only | not\sdual-?use(?:\sgoods)?
"""

_UNIT = (
    r"(?:штук[аи]?|шт|упаковок|упак|уп|коробок|кор|комплект(?:ов|а)?|компл|пар[аы]?|рулон(?:ов|а)?|мешк(?:ов|а)|тонн|кг|дана|жинақ|қорап"
    r"|pcs|pieces?|sets?|pairs?|ctns?|cartons?|boxes|pkgs?|packages|kgs?)"
)
_QUANTITY = rf"""
 (?:всего|итого|кол(?:ичест)?во|количество|общ[а-я]{{2,3}}\sкол-во|саны|барлығы|total|qty|quantity)\s?[-:.=]{{0,3}}\s?\d[\d\s.,]{{0,12}}\s?{_UNIT}?(?![^\W\d_])\.?
 | (?:вес\s)?(?:нетто|брутто)\s?[-:.=]{{0,3}}\s?\d[\d.,]{{0,12}}\s?(?:кг|тонн|т|г)?(?![^\W\d_])\.? | (?:net|gross)\s(?:weight|wt)\.?\s?[-:.=]{{0,3}}\s?\d[\d.,]{{0,12}}\s?(?:kgs?|t|g)?(?![^\W\d_])
 | \d[\d\s]{{0,8}}\s?(?:шт|pcs|дана)(?![^\W_])\.?
"""

_COUNTRY = (
    r"(?:китай|кнр|китайская\sнародная\sреспублика|россия|рф|казахстан|рк|турция|германия|сша|япония|тайвань(?:\s\(китай\))?|гонконг|индия|италия|корея|оаэ"
    r"|china|prc|p\.r\.c\.?|russia|kazakhstan|turkey|germany|usa|u\.s\.a\.?|japan|taiwan|hong\skong|india|italy|korea|uae|қытай|ресей)"
)
_ORIGIN = rf"""
 (?:страна\s(?:происхождения|изготовления|изготовитель)|происхождение|производство|пр-во|шығарылған\sелі|country\sof\sorigin|origin|made\sin)\s?[-:.]{{0,2}}\s?{_COUNTRY}(?![^\W\d_])
"""

_BARE_COUNTRY = r"""
 (?:китай|кнр|россия|казахстан|турция|германия|сша|япония|тайвань|гонконг|индия|италия|корея|оаэ|польша|франция|беларусь|узбекистан|кыргызстан
 |p\.?r\.?c|russia|kazakhstan|germany|usa|japan|taiwan|hong\skong|italy|korea|uae|poland|france|belarus|қытай|ресей|қазақстан|жапония|түркия)(?![^\W_]|-)
"""

_COMPANY = r"""
 (?:(?:изготовитель|производитель|отправитель|получатель|грузополучатель|поставщик|өндіруші|manufacturer|shipper|consignee|supplier)\s?[:-]\s?)?
 (?:(?:ооо|тоо|оао|зао|пао|ао|ип|жшс)\s?["«“][^"»”]{1,60}["»”]
 | ["«“][^"»”]{1,60}?\b(?:co\.?,?\s?ltd|ltd|llc|inc|gmbh|limited)\.?["»”] )
"""

_CHINESE = r"""
 非军(?:事用途|用|品) | 仅?供?民用(?:用途|产品)? | 用途[:：]?\s?民用 | 不用于军事(?:用途|目的)? | 非两用物项 | 全新
 | (?:数量|共计|共)\s?[:：]?\s?\d[\d.,]{0,12}\s?(?:件|个|只|箱|套|包|台|千克|公斤)? | (?<![^\W_])\d[\d\s]{0,8}\s?(?:件|个)(?![^\W_])
 | (?:净重|毛重)\s?[:：]?\s?\d[\d.,]{0,12}\s?(?:千克|公斤|kg|克)?
 | (?:原产国|原产地|产地)\s?[:：]?\s?(?:中国|德国|美国|日本|台湾|韩国|俄罗斯|哈萨克斯坦) | (?:中国|德国|美国|日本|韩国)制造
 | (?:制造商|生产商|供应商)\s?[:：]\s?[^\s,，;；]{1,40}?公司
"""

_BRACKETS = re.compile(r"\\.|\[[^]]*\]|[()|]|.")


def _alternatives(pattern: str) -> list[str]:
    """Part a pattern at its outermost bars, and at those of a bracket that it begins with: each then begins with one character."""
    parts, depth, first_bracket = [""], 0, 0
    for piece in _BRACKETS.findall(pattern):
        if piece == "|" and not depth:
            parts.append("")
            continue
        depth += (piece == "(") - (piece == ")")
        parts[-1] += piece
        if piece == ")" and not depth and not first_bracket:
            first_bracket = len(parts[-1])
    if len(parts) > 1:
        return [alternative for part in parts for alternative in _alternatives(part)]
    if not pattern.startswith("(?:"):
        return parts
    inside, rest = pattern[3 : first_bracket - 1], pattern[first_bracket:]
    without = _alternatives(rest[1:]) if rest.startswith("?") else []
    return [
        alternative for part in _alternatives(inside) for alternative in _alternatives(part + rest.removeprefix("?"))
    ] + without


def _by_first_character(pattern: str) -> str:
    """Write a pattern with the alternatives that begin alike together, so that few are tried at each word."""
    groups: dict[str, list[str]] = {}
    for alternative in _alternatives("".join(pattern.split())):
        begins = 2 if alternative.startswith("\\") else 1
        groups.setdefault(alternative[:begins], []).append(alternative[begins:])
    return "|".join(f"{first}(?:{'|'.join(rests)})" for first, rests in groups.items())


# in alphabets a pattern can begin only where a word does
_FILLER = re.compile(rf"(?<![^\W_])(?:{_by_first_character('|'.join((_LEGAL, _QUANTITY, _ORIGIN, _BARE_COUNTRY)))})")
_QUOTED_COMPANY = re.compile(_COMPANY, re.VERBOSE)
_FILLER_HAN = re.compile(_CHINESE, re.VERBOSE)
_HAN = re.compile("[\u4e00-\u9fff]")


def strip_companies(text: str) -> tuple[str, bool]:
    """Cut company names in quotation marks out of a case-folded text; tells whether something was cut.

    Examples
    --------
    >>> strip_companies('насос, ооо "вектор"')
    ('насос,  ', True)
    """
    if '"' not in text:
        return text, False
    cut = _QUOTED_COMPANY.sub(" ", text)
    return (cut, True) if cut != text and any(c.isalnum() for c in cut) else (text, False)


def strip_filler(text: str) -> tuple[str, bool]:
    """Cut filler out of words.

    Parameters
    ----------
    text : str
        Case-folded words with one space between them.

    Returns
    -------
    str
        The text without filler; when nothing but filler was written, the text unchanged.
    bool
        Whether something was cut.

    Examples
    --------
    >>> strip_filler("насос водяной не военного назначения всего- 57 шт")
    ('насос водяной', True)
    """
    cut = _FILLER.sub(" ", text)
    if _HAN.search(cut):
        cut = _FILLER_HAN.sub(" ", cut)
    if cut == text:
        return text, False
    cut = " ".join(cut.split())
    return (cut, True) if any(c.isalnum() for c in cut) else (text, False)

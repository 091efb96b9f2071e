"""Specifications: dimensions, numbers, compositions and lists of articles that stand behind any name and decide nothing.

Letters and digits mixed are what part numbers of electronics look like; here they stand behind apples as well as behind chips.
"""

from collections.abc import Callable
from random import Random

from elek_training.numbering import article, serial, shaped, vin

_ELEMENTS = (
    "C",
    "Si",
    "Mn",
    "P",
    "S",
    "Cr",
    "Ni",
    "Cu",
    "Al",
    "Mo",
    "Ti",
    "V",
    "Nb",
    "N",
    "B",
    "As",
    "Fe",
    "Zn",
    "Mg",
    "Sn",
    "Pb",
)
_CLOTHES = (
    "XS",
    "S",
    "M",
    "L",
    "XL",
    "2XL",
    "XXL",
    "42",
    "44",
    "46",
    "48",
    "50",
    "52",
    "54",
    "104",
    "116",
    "128",
    "140",
    "152",
)
_STANDARDS = (
    ("DIN", "999"), ("DIN", "9999"), ("EN", "99999"), ("ISO", "9999"), ("ASTM A", "999"), ("GB/T", "9999"), ("ГОСТ",
    "9999-99"),
    ("ГОСТ", "99999-99"),
    ("ТУ", "9999-999"), ("СТБ", "999"),
)  # fmt: skip

_RATINGS = {
    "en": (("voltage", "V"), ("power", "W"), ("power", "kW"), ("current", "A"), ("pressure", "bar"), ("speed",
        "rpm"), ("capacity", "l"), ("volume", "ml"),
           ("flow", "m3/h"), ("weight", "kg")),
    "ru": (("напряжение", "В"), ("мощность", "Вт"), ("мощность", "кВт"), ("ток", "А"), ("давление",
        "бар"), ("давление", "МПа"), ("обороты", "об/мин"),
           ("объем", "л"), ("объем", "мл"), ("расход", "м3/ч"), ("мощность", "л.с."), ("плотность", "г/м2"), ("вес",
           "кг")),
    "kk": (("кернеуі", "В"), ("қуаты", "Вт"), ("қуаты", "кВт"), ("қысымы", "бар"), ("көлемі", "л"), ("көлемі",
        "мл"), ("салмағы", "кг")),
    "zh": (("电压", "V"), ("功率", "W"), ("功率", "kW"), ("压力", "MPa"), ("容量", "升"), ("容量", "毫升"), ("重量", "公斤"), ("转速",
        "转/分")),
}  # fmt: skip
_MEASURED = {
    "en": ("size", "dimensions", "dia."), "ru": ("размер", "размеры", "габариты", "диаметр", "длина", "толщина"),
    "kk": ("өлшемі", "диаметрі", "ұзындығы"), "zh": ("尺寸", "规格", "直径"),
}  # fmt: skip
_LENGTHS = {
    "en": ("mm", "cm", "m"),
    "ru": ("мм", "мм", "см", "м", "mm"),
    "kk": ("мм", "см", "м"),
    "zh": ("毫米", "mm", "厘米"),
}
_COMPOSED = {"en": "composition", "ru": "хим. состав", "kk": "химиялық құрамы", "zh": "化学成分"}
_PIECES = {"en": "pcs", "ru": "шт", "kk": "дана", "zh": "件"}
_ARTICLE = {
    "en": ("art.", "P/N", ""), "ru": ("арт.", "артикул", "арт", "кат. номер", "чертеж", ""), "kk": ("арт.",
        ""), "zh": ("货号", ""),
}  # fmt: skip
_SERIAL = {
    "en": ("S/N", "serial no", "lot", "batch"), "ru": ("зав.№", "заводской номер", "серийный номер", "s/n", "партия",
        "лот", "плавка"),
    "kk": ("зауыт нөмірі", "сериялық нөмірі", "партия"), "zh": ("序列号", "批号", "编号"),
}  # fmt: skip
_SIZED = {"en": "size", "ru": "размеры", "kk": "өлшемдері", "zh": "尺码"}


def dimensions(lang: str, random: Random) -> str:
    """Give one to three lengths with a unit, at times with a word before them."""
    lengths = [
        f"{random.uniform(0.3, 3000):.{random.choice((0, 0, 0, 1, 2))}f}" for _ in range(random.choice((1, 2, 2, 3, 3)))
    ]
    text = (
        random.choice(("x", "х", "*", " x ", "×")).join(lengths)
        + random.choice(("", " "))
        + random.choice(_LENGTHS[lang])
    )
    return (
        f"{random.choice(_MEASURED[lang])}{random.choice((': ', ' ', ' - '))}{text}" if random.random() < 0.6 else text
    )


def composition(lang: str, random: Random) -> str:
    """Give percentages of chemical elements, as mill certificates do."""
    chosen = random.sample(_ELEMENTS, random.randint(2, 10))
    parts = [f"{e}{random.choice('- :=')}{random.uniform(0.001, 2):.{random.choice((2, 3))}f}%" for e in chosen]
    return f"{_COMPOSED[lang]}: {', '.join(parts)}" if random.random() < 0.7 else ", ".join(parts)


def ratings(lang: str, random: Random) -> str:
    """Give a voltage, a power, a pressure or the like."""
    value = random.choice((random.randint(1, 1000), round(random.uniform(0.1, 60), 1)))
    word, unit = random.choice(_RATINGS[lang])
    text = f"{value}{random.choice(('', ' '))}{unit}"
    return f"{word} {text}" if random.random() < 0.5 else text


def standard(lang: str, random: Random) -> str:
    """Name a standard."""
    body, shape = random.choice(_STANDARDS)
    return f"{body} {shaped(shape, random)}"


def articles(lang: str, random: Random) -> str:
    """List article numbers with how many there are of each."""
    label, items = random.choice(_ARTICLE[lang]), []
    for _ in range(random.choice((1, 2, 2, 3, 4, 6))):
        quantity = f"{random.choice((' - ', '-', ' ', ' x '))}{random.randint(1, 900)} {_PIECES[lang]}"
        items.append(f"{label} {article(random)}{quantity if random.random() < 0.6 else ''}".strip())
    return ", ".join(items)


def numbers(lang: str, random: Random) -> str:
    """Give serial numbers, lot numbers or, at times, a vehicle number."""
    if random.random() < 0.15:
        return f"VIN {vin(random)}"
    found = ", ".join(serial(random) for _ in range(random.choice((1, 1, 2, 3))))
    return f"{random.choice(_SERIAL[lang])} {found}"


def sizes(lang: str, random: Random) -> str:
    """List sizes, as with clothes."""
    return f"{_SIZED[lang]} {', '.join(random.sample(_CLOTHES, random.randint(1, 4)))}"


SPECIFICATIONS: tuple[tuple[Callable[[str, Random], str], float], ...] = (
    (dimensions, 0.28),
    (articles, 0.25),
    (ratings, 0.15),
    (numbers, 0.12),
    (standard, 0.08),
    (composition, 0.07),
    (sizes, 0.05),
)
"""Each specification with its share; our estimate."""


def specification(lang: str, random: Random) -> str:
    """Write one specification of a kind drawn by the shares.

    Parameters
    ----------
    lang : str
    random : Random

    Returns
    -------
    str
    """
    [write] = random.choices([w for w, _ in SPECIFICATIONS], [share for _, share in SPECIFICATIONS])
    return write(lang, random)

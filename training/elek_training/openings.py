"""Openings: the umbrella words with which declarations begin, before they name the good. They decide nothing."""

from random import Random

from elek_training.purposes import purpose

_WHAT = {
    "en": ("spare parts", "parts", "components", "accessories", "goods", "new goods", "set",
        "spare parts and components", "article"),
    "ru": (
        "запасные части", "запчасти", "новые запасные части", "части", "комплектующие", "комплектующие изделия",
        "части и принадлежности",
        "изделия", "товары", "товары народного потребления", "детали", "оборудование", "принадлежности",
        "зап. части и комплектующие", "набор",
        "комплект", "материалы", "узлы и детали", "продукция", "товар для личного пользования", "прочие части",
        "части оборудования",
        "запасные части бывшие в употреблении", "технологическое оборудование", "расходные материалы", "образцы",
    ),
    "kk": ("қосалқы бөлшектер", "бөлшектер", "жинақтаушы бұйымдар", "бұйымдар", "тауарлар", "керек-жарақтар", "жабдық",
        "жаңа қосалқы бөлшектер"),
    "zh": ("配件", "零配件", "备件", "零部件", "产品", "货物", "附件", "设备", "套件"),
}  # fmt: skip


def opening(lang: str, random: Random) -> str:
    """Write the words before a name: an umbrella noun, at times for which machine.

    Parameters
    ----------
    lang : str
    random : Random

    Returns
    -------
    str
        Ends with what parts it from the name; may hold the placeholder ``{code}``.
    """
    text = random.choice(_WHAT[lang])
    if random.random() < 0.6:
        text = purpose(lang, random) + text if lang == "zh" else f"{text} {purpose(lang, random)}"
    if lang == "zh":
        return text + random.choice(("：", "，", "-"))
    return text + random.choice((": ", " - ", ", ", "; "))

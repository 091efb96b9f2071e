"""Naming: how a good is called in one line: by one name, several, a short form, with a model, or in two languages."""

from random import Random

from elek_training.catalogue import Good

_SECOND = {"ru": ("en",), "kk": ("ru", "ru", "en"), "zh": ("en", "en", "ru"), "en": ("zh", "ru")}
"""The language that stands in brackets beside another."""

_PIECES = {"en": "pcs", "ru": "шт", "kk": "дана", "zh": "件"}


def pick_name(good: Good, lang: str, random: Random) -> str:
    """Choose how a good is called.

    Parameters
    ----------
    good : Good
        With at least one name in `lang`.
    lang : str
    random : Random

    Returns
    -------
    str
        Always holds one of the good's names, or the first part of one.
    """
    names = good.names[lang]
    name = random.choice(names)
    if len(names) > 1 and random.random() < 0.2:
        name = _together(name, random.choice([n for n in names if n != name]), lang, random)
    elif random.random() < 0.15 and may_be_shortened(good):
        name = short_form(name, lang)
    if good.models and random.random() < 0.25:
        model = random.choice(good.models)
        name = f"{name} {model}" if random.random() < 0.7 else f"{model} {name}"
    if random.random() < 0.06:
        name = _in_two_languages(name, good, lang, random)
    return name


def may_be_shortened(good: Good) -> bool:
    """Tell whether a name stays true without its second half: not where a specification decides on control."""
    return not (good.is_controlled or good.look_alike or good.ambiguous)


def short_form(name: str, lang: str) -> str:
    """Keep what stands before the first comma, when that is still a name.

    Examples
    --------
    >>> short_form("насос водяной центробежный, 5 кВт, новый", "ru")
    'насос водяной центробежный'
    >>> short_form("вал, стальной", "ru")
    'вал, стальной'
    """
    head = name.replace("，", ",").split(",")[0].strip()
    long_enough = len(head) >= 3 if lang == "zh" else len(head.split()) >= 2
    return head if long_enough else name


def _together(first: str, second: str, lang: str, random: Random) -> str:
    """Write two names of one good: side by side, or as items with how many there are of each."""
    if random.random() < 0.6:
        return f"{first} {second}"
    one, two = random.randint(1, 500), random.randint(1, 500)
    return f"{first} - {one} {_PIECES[lang]}, {second} - {two} {_PIECES[lang]}"


def _in_two_languages(name: str, good: Good, lang: str, random: Random) -> str:
    other = good.names[random.choice(_SECOND[lang])]
    if not other:
        return name
    second = random.choice(other)
    first, last = (name, second) if random.random() < 0.6 else (second, name)
    return random.choice((f"{first} ({last})", f"{first} / {last}", f"{first} {last}"))

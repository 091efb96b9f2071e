"""Translations: every word the desk says, in the languages a reviewer can choose. The words lie in `words/*.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from elek_serving.store.users import LANGUAGES

NAMES = {"en": "English", "ru": "Русский", "kk": "Қазақша", "zh": "中文"}
"""Each language as its readers call it."""


class Translator:
    """Gives the desk's words in one language.

    Parameters
    ----------
    language : str
        One of `LANGUAGES`; any other reads English.

    Examples
    --------
    >>> Translator("ru")("verdict.clear")
    'замечаний нет'
    """

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self._words = read_words(self.language)

    def __call__(self, key: str, **values: object) -> str:
        """Give the words of a key, with values in their `{places}`; a missing key is a defect and raises KeyError."""
        words = self._words[key]
        return words.format(**values) if values else words

    def has(self, key: str) -> bool:
        """Say whether there are words for a key."""
        return key in self._words


@cache
def read_words(language: str) -> Mapping[str, str]:
    """Read the words of a language: ``section.name`` to words."""
    text = files(__package__).joinpath("words", f"{language}.toml").read_text("utf-8")
    return {
        f"{section}.{name}": words for section, table in tomllib.loads(text).items() for name, words in table.items()
    }


def best_language(accepted: str) -> str:
    """Choose a language from an Accept-Language header.

    Examples
    --------
    >>> best_language("kk-KZ,kk;q=0.9,ru;q=0.8"), best_language("de")
    ('kk', 'en')
    """
    for part in accepted.split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return "en"

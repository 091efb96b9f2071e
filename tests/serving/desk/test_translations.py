"""The desk says everything in every language."""

import string

import pytest

from elek_serving.desk.queue_filter import SCRIPTS, STATES, VERDICTS
from elek_serving.desk.translations import Translator, best_language, read_words
from elek_serving.store.reasons import KINDS, REASONS
from elek_serving.store.users import LANGUAGES, ROLES


def places(words):
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_all_words_with_the_same_places(language):
    english, words = read_words("en"), read_words(language)
    assert words.keys() == english.keys()
    assert {key: places(words[key]) for key in words} == {key: places(english[key]) for key in english}
    assert all(text.strip() for text in words.values())


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_a_language_is_not_english_copied(language):
    english, words = read_words("en"), read_words(language)
    same = {key for key in words if words[key] == english[key]}
    assert not same, same


def test_every_value_of_the_store_has_words():
    t = Translator("en")
    names = [f"verdict.{v}" for v in VERDICTS] + [f"state.{s}" for s in STATES] + [f"script.{s}" for s in SCRIPTS]
    names += [f"role.{r}" for r in ROLES] + [f"kind.{k}" for k in KINDS] + [f"did.{k}" for k in (*KINDS, "undo")]
    names += [f"reason.{r}" for reasons in REASONS.values() for r in reasons]
    assert [name for name in names if not t.has(name)] == []


def test_a_browser_gets_the_first_language_it_accepts_that_there_is():
    assert best_language("de-DE,zh-CN;q=0.8,ru;q=0.5") == "zh"
    assert best_language("") == "en"

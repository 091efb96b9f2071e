import pytest
from hypothesis import given
from hypothesis import strategies as st

from elek.sound import sound_form
from elek.text import normalise

SPELT_ALIKE = [
    ("подшипник шариковый", "podshipnik sharikovyj"),
    ("микросхема", "mikroskhema"),
    ("микросхема", "mikroshema"),
    ("щит управления", "shchit upravleniya"),
    ("жидкость", "zhidkost'"),
    ("ячейка", "jachejka"),
    ("қозғалтқыш", "qozgaltqysh"),
    ("қозғалтқыш", "козгалткыш"),
    ("аккумулятор", "akkumulyator"),
    ("гироскоп", "gyroscop"),
    ("processor", "процессор"),
]


@pytest.mark.parametrize(("one", "other"), SPELT_ALIKE)
def test_spellings_of_one_sound_are_one_word(one, other):
    assert sound_form(one) == sound_form(other)


@pytest.mark.parametrize("part", ["stm32f407vgt6", "6205-2rs", "xc7k325t", "18650", "у-2м1"])
def test_part_numbers_stay_whole(part):
    assert sound_form(part) == part


@given(st.text(max_size=80))
def test_words_stay_words_and_stay_short(text):
    normal = normalise(text).text
    folded = sound_form(normal)
    assert len(folded.split(" ")) == len(normal.split(" "))
    assert len(folded) <= 2 * len(normal)
    assert sound_form(folded) == folded

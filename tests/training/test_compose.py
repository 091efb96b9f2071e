import time

import pytest

pytest.importorskip("torch")

from random import Random

from elek_training.catalogue import LANGUAGES, Good, VaguePhrase
from elek_training.compose import Composer
from elek_training.damage import DAMAGES, damage
from elek_training.evasion import ASSUMED, EVASIONS

CHIP = Good(
    "chip", ("854231",), ("3A001",),
    {"en": ("FPGA",), "ru": ("микросхема",), "kk": ("микросұлба",), "zh": ("芯片",)}, models=("XC7K325T",),
)  # fmt: skip
APPLE = Good(
    "apple", ("080810",), ("none",),
    {"en": ("apples", "fresh apples"), "ru": ("яблоки", "яблоки свежие"), "kk": ("алма", "жас алма"), "zh": ("苹果", "鲜苹果")},
)  # fmt: skip
PEAR = Good("pear", ("080830",), ("none",), {"en": ("pears",), "ru": ("груши",), "kk": ("алмұрт",), "zh": ("梨",)})
VAGUE = [
    VaguePhrase(t, lang, "?") for t, lang in (("parts", "en"), ("запчасти", "ru"), ("бөлшектер", "kk"), ("配件", "zh"))
]
COMPOSER = Composer([CHIP, APPLE, PEAR], VAGUE)


def test_the_same_seed_gives_the_same_lines_and_another_seed_others():
    assert list(COMPOSER.lines(300, 1)) == list(COMPOSER.lines(300, 1))
    assert list(COMPOSER.lines(300, 1)) != list(COMPOSER.lines(300, 2))


def test_every_line_carries_its_truth():
    for line in COMPOSER.lines(2000, 3):
        assert line.lang in LANGUAGES
        assert line.description.strip()
        if line.group == "chip":
            assert (line.hs, line.control) == ("854231", ("3A001",))
        if not line.typology and not line.vague:
            assert line.declared_hs in {"854231", "080810", "080830"}


@pytest.mark.parametrize("typology", sorted(EVASIONS))
def test_each_typology_shows_one_line_before_and_after(typology):
    written = EVASIONS[typology](CHIP, "микросхема XC7K325T", "ru", COMPOSER.cover, Random(5))
    before = "микросхема XC7K325T"
    if typology in ("T1", "T2"):
        assert before not in written.text
        assert not written.shows_goods
    else:
        assert before in written.text
        assert written.shows_goods
    keeps_code = typology in ("T11", "T15", "T16")
    assert (written.declared_hs == CHIP.hs[0]) is keeps_code
    assert EVASIONS[typology].__doc__.startswith(f"{typology}:")


def test_assumptions_are_marked():
    assert set(EVASIONS) >= ASSUMED
    assert all("assumption" in EVASIONS[t].__doc__ for t in ASSUMED)


@pytest.mark.parametrize("change", [change for change, _ in DAMAGES])
def test_each_damage_changes_text_and_survives_short_ones(change):
    texts = ["микросхема памяти оперативной динамической", "connector rectangular military"]
    assert any(change(text, Random(n)) != text for text in texts for n in range(20))
    for short in ("a", "ab", "я"):
        assert isinstance(change(short, Random(1)), str)


def test_chinese_is_not_damaged_letter_by_letter():
    assert damage("现场可编程门阵列", "zh", Random(1)) == "现场可编程门阵列"


def test_the_real_catalogue_makes_many_distinct_lines_fast():
    from elek_training.catalogue import read_catalogue, read_vague

    composer = Composer(read_catalogue(), read_vague())
    n = 100_000
    started = time.perf_counter()
    texts = {line.description for line in composer.lines(n, 11)}
    assert len(texts) == n
    assert time.perf_counter() - started < 60

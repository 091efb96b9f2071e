import re
import time
from dataclasses import replace

import pytest

pytest.importorskip("torch")

from random import Random

from elek_training.catalogue import LANGUAGES, Good, VaguePhrase
from elek_training.compose import Composer
from elek_training.damage import DAMAGES, damage
from elek_training.evasion import ASSUMED, EVASIONS
from elek_training.naming import pick_name
from elek_training.surroundings import surround
from elek_training.vague_parcels import vague_parcel
from elek_training.vehicle_papers import has_papers, vehicle_papers

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


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_stands_around_a_name_leaves_the_name_readable(lang):
    name = "шкив приводной" if lang in ("ru", "kk") else "drive pulley"
    assert all(name in surround(name, lang, Random(n)) for n in range(300))


def test_letters_and_digits_stand_behind_goods_of_every_kind():
    numbered = {line.group for line in COMPOSER.lines(3000, 4) if re.search(r"[A-ZА-Я]{2}\d{3}", line.description)}
    assert {"apple", "pear"} <= numbered


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_vehicle_stands_with_its_numbers_and_a_trailer_without_an_engine(lang):
    cars = " ".join(vehicle_papers("car", "870323", lang, Random(n)) for n in range(200))
    trailers = " ".join(vehicle_papers("trailer", "871639", lang, Random(n)) for n in range(200))
    engine = {"en": "engine no", "ru": "№ двиг", "kk": "қозғалтқыш", "zh": "发动机"}[lang]
    assert re.search(r"\b[A-Z0-9]{17}\b", cars)
    assert engine in cars
    assert engine not in trailers
    assert not has_papers("871690")


def test_a_name_on_which_control_hangs_is_never_shortened():
    names = {lang: ("feed pump, 5 kW at 300 bar", "dosing pump, 9 kW at 900 bar") for lang in LANGUAGES}
    controlled = Good("pump", ("841350",), ("2B350",), names)
    assert all("bar" in pick_name(controlled, "en", Random(n)) for n in range(200))
    assert any("bar" not in pick_name(replace(controlled, control=("none",)), "en", Random(n)) for n in range(200))


def test_labels_of_parcels_are_vague_in_every_language():
    vague = {line.lang for line in COMPOSER.lines(4000, 8) if line.group.startswith("vague:") and line.vague}
    assert vague == set(LANGUAGES)
    assert all(vague_parcel(lang, Random(n)).strip() for lang in LANGUAGES for n in range(200))


def test_a_group_of_goods_trains_its_heading_alone():
    group = Good("tools", ("820320", "820310", "820330", "820340"), ("none",), APPLE.names)
    composed = Composer([group, APPLE, PEAR], VAGUE).lines(400, 2)
    lines = [x for x in composed if x.group == "tools" and not x.vague and not x.typology]
    assert {line.hs for line in lines} == {"8203"}
    assert {line.declared_hs for line in lines} == {"820320"}


def test_english_lines_often_stand_in_short_fields():
    name = "insulated stainless steel drinking bottle with straw lid"
    assert any(len(damage(name, "en", Random(n))) <= 35 for n in range(100))
    assert all(len(damage(name, "en", Random(n))) > 15 for n in range(100))

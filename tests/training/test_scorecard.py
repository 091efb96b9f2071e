from random import Random

import pytest

pytest.importorskip("torch")

from hypothesis import given
from hypothesis import strategies as st

from elek.addressed import ends
from elek.text import normalise
from elek_training import damage, evasion, talk, wording
from elek_training import treatments as used
from elek_training.catalogue import read_catalogue
from elek_training.metrics import share
from elek_training.scorecard import Result, scorecard
from elek_training.treatments import treatments

CONTROLLED = [
    "тепловизор с разрешением 640x512", "thermal imaging camera 640x512", "программируемая логическая микросхема FPGA",
    "field programmable gate array", "现场可编程门阵列芯片", "квадрокоптер с тепловизионной камерой", "ИНЕРЦИАЛЬНЫЙ БЛОК, ГИРОСКОП",
]  # fmt: skip
HARMLESS = [
    "яблоки свежие",
    "wooden chairs",
    "cotton t-shirts",
    "塑料玩具",
    "балалар киімі",
    "насос Edwards RV12",
    "подшипник SKF 6205",
]
LOSSLESS = [t for t in treatments(HARMLESS) if t.row == "characters without a meaning"]
WORDS = st.text(st.sampled_from("абвгдежзийклмнопрстуфхцчшщъыьэюяabcdefghijklmnopqrstuvwxyz0123456789 -"), min_size=2)


@pytest.mark.parametrize("treatment", treatments(HARMLESS), ids=lambda t: t.name)
def test_a_treatment_changes_some_text_and_is_the_same_for_the_same_seed(treatment):
    changed = [text for text in [*CONTROLLED, "mother-board"] if treatment.treat(text, Random(1)) != text]
    assert changed
    for text in changed:
        assert treatment.treat(text, Random(1)) == treatment.treat(text, Random(1)) != ""


@pytest.mark.parametrize("treatment", LOSSLESS, ids=lambda t: t.name)
@given(text=WORDS, seed=st.integers(0, 999))
def test_characters_without_a_meaning_leave_the_normalised_text_as_it_is(treatment, text, seed):
    assert normalise(treatment.treat(text, Random(seed))).text == normalise(text).text


def test_padding_keeps_the_goods_whole():
    for treatment in treatments(HARMLESS):
        if treatment.row in ("padding", "talk to the reader"):
            assert all(text in treatment.treat(text, Random(3)) for text in CONTROLLED)


def test_no_wording_of_the_scorecard_is_used_in_training():
    def texts(value):
        if isinstance(value, str):
            return {value} if len(value) > 3 else set()
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, wording.Wording):
            value = [getattr(value, name) for name in value.__slots__]
        return set().union(*map(texts, value)) if isinstance(value, list | tuple) else set()

    trained = set().union(*(texts(list(vars(m).values())) for m in (wording, damage, evasion, talk)))
    mine = set().union(
        *(texts(getattr(used, name)) for name in ("_ORDERS", "_CLAIMS", "_THREATS", "_EUPHEMISMS", "_TRADE_MARKS"))
    )
    assert mine
    assert not {t.casefold() for t in mine} & {t.casefold() for t in trained}


def test_the_scorecard_says_for_every_treatment_how_many_lines_passed(scorer):
    results = scorecard(scorer, CONTROLLED, HARMLESS)
    assert [r.treatment for r in results[:-3]] == [t.name for t in treatments(HARMLESS)]
    assert all(0 <= r.evaded.value <= 1 for r in results if r.evaded.n)
    assert all(
        r.evaded.value == 0 and r.passed for r in results if r.row == "characters without a meaning" and r.evaded.n
    )
    [flagged] = [r for r in results if r.treatment == "flagged as tampered with"]
    assert flagged.evaded.value == 0
    assert flagged.evaded.n == 2 * len(HARMLESS)


def test_without_lines_of_both_kinds_there_is_no_scorecard(scorer):
    assert scorecard(scorer, CONTROLLED, []) == scorecard(scorer, [], HARMLESS) == []


@pytest.mark.parametrize(
    ("hits", "limit", "drop", "passed"),
    [([False] * 9, 0.0, None, True), ([True] + [False] * 9, 0.05, None, False), ([False], 0.0, 0.06, False),
     ([False], None, None, None), ([], 0.0, None, None)],
)  # fmt: skip
def test_a_row_passes_when_share_and_loss_hold(hits, limit, drop, passed):
    assert Result("r", "t", share(hits), limit, drop, 0.05).passed is passed


def test_talk_is_often_recognised_and_goods_are_hardly_ever_taken_for_it():
    said = [t for kinds in (talk._ORDERS, talk._CLAIMS, talk._THREATS) for lang in kinds.values() for t in lang]
    names = [name for good in read_catalogue() for names in good.names.values() for name in names]

    def spoken(texts):
        return sum(bool(ends(f"{normalise(text).text} .")) for text in texts) / len(texts)

    assert spoken(said) > 0.6
    assert spoken(names) < 0.003

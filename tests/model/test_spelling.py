"""Words that a bundle does not know are read as the known ones they were meant to be; brands and part numbers stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elek import BundleError, GoodsLine, Scorer
from elek.bundle import WORDS
from elek.evidence import explain
from elek.sound import sound_form
from elek.spelling import MOST_DOUBTFUL, Spelling
from elek.text import normalise
from elek.vocabulary import Vocabulary
from elek_training.known_words import LEAST_OWN, known_words
from elek_training.labelled import LabelledLine
from elek_training.provenance import COMPOSED

MISSPELT = [
    ("м0торнaя ло4ка", "моторная лодка"),
    ("c3ntr1fug3 b34ring", "centrifuge bearing"),
    ("подшиппник шариковый", "подшипник шариковый"),
    ("гирсокоп", "гироскоп"),
    ("видеорегисьратор", "видеорегистратор"),
    ("rnicroscope objective", "microscope objective"),
    ("акку мулятор литиевый", "аккумулятор литиевый"),
    ("насосвакуумный", "насос вакуумный"),
    ("электродвигательпостоянноготока", "электродвигатель постоянного тока"),
    ("қозғалтқышредуктор", "қозғалтқыш редуктор"),
    ("кабельusb", "кабель usb"),
    ("carbonfibre prepreg", "carbon fibre prepreg"),
    ("集成申路", "集成电路"),
    ("固体火箭发 动机", "固体火箭发动机"),
]
UNTOUCHED = [
    "stm32f407vgt6",
    "bc547",
    "6205-2rs",
    "xc7k325t-2ffg900",
    "at89s52",
    "ip67",
    "мотор 24 в",
    "a1 b2 c3",
]


@pytest.fixture(scope="module")
def starter():
    return Scorer.load()


@pytest.fixture(scope="module")
def spelling(starter):
    return Spelling(Vocabulary.from_bytes(starter.bundle.files[WORDS]))


@pytest.mark.parametrize(("written", "meant"), MISSPELT)
def test_what_was_misspelt_is_read_as_it_was_meant(spelling, written, meant):
    assert spelling.read(normalise(written).text) == sound_form(normalise(meant).text)


@pytest.mark.parametrize("text", UNTOUCHED)
def test_part_numbers_and_units_stay_as_they_are(spelling, text):
    assert spelling.read(normalise(text).text) == sound_form(normalise(text).text)


def test_digits_for_letters_do_not_move_a_score_far(starter):
    plain, hidden = starter.score(["квадрокоптер с тепловизионной камерой", "кв4дрок0п7ер с 7епл0визи0нной к4мер0й"])
    assert plain.verdict == hidden.verdict
    assert abs(plain.controlled_score - hidden.controlled_score) < 0.02


def test_without_known_words_a_text_is_its_sound_form():
    assert Spelling(Vocabulary({})).read("цент рифуга м0тор") == sound_form("цент рифуга м0тор")


@given(st.text(max_size=200))
def test_any_text_is_read_into_words(spelling, text):
    normal = normalise(text).text
    read = spelling.read(normal)
    assert read == " ".join(read.split())
    assert bool(read) == bool(normal)
    assert spelling.read(normal) == read


@given(
    st.lists(st.sampled_from(["кабель", "насос", "мотор", "гироскоп", "антенна", "подшипник"]), min_size=1, max_size=12)
)
def test_known_words_are_left_alone(spelling, words):
    assert spelling.read(" ".join(words)) == sound_form(" ".join(words))


def test_only_so_many_unknown_words_are_looked_into(spelling):
    text = " ".join(f"гирсокоп{'ы' * (n % 2)}" for n in range(MOST_DOUBTFUL + 1))
    assert spelling.read(text).split(" ")[-1] != spelling.read(text).split(" ")[0]


@pytest.mark.parametrize(
    "text", ["motorмотор" * 400 + "1", "a1" * 2000, "1" * 4000 + "motor", "ab" * 2000, "мотор1motor" * 300, "电" * 4000]
)
def test_words_without_end_break_nothing(spelling, text):
    assert spelling.read(normalise(text).text).replace(" ", "")


def test_stored_words_read_as_before():
    words = Vocabulary({"kentrifuga": 20.0, "urana": 3.0, "nasos": 1.0})
    again = Vocabulary.from_bytes(words.pack())
    assert again.counts == {"kentrifuga": 16.0, "nasos": 1.0, "urana": 4.0}
    assert Spelling(again).read("цент рифуга ур4на") == Spelling(words).read("цент рифуга ур4на") == "kentrifuga urana"
    assert Vocabulary.from_bytes(Vocabulary({}).pack()).counts == {}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive"])
def test_words_that_cannot_be_read_are_refused(content):
    with pytest.raises(BundleError, match=r"words\.npz"):
        Vocabulary.from_bytes(content)


def test_a_misspelling_of_a_declarant_does_not_become_a_word():
    once = [LabelledLine("насоос", source="july", hs="8413")]
    often = [LabelledLine("турбонасос", source="july", hs="8413")] * LEAST_OWN
    damaged = [LabelledLine("нсаос", source=COMPOSED, hs="8413")] * LEAST_OWN
    counts = known_words(["насос"], [*once, *often, *damaged], Vocabulary({"kran": 4.0})).counts
    assert counts == {"kran": 4, "nasos": 1, "turbonasos": LEAST_OWN}


def test_pairs_of_chinese_characters_are_words_once_several_texts_have_them():
    counts = known_words(["集成电路", "集成块", "集成 3"], []).counts
    assert counts == {"集成": 3}


def test_evidence_says_which_words_are_read_as_others(starter):
    evidence = explain(starter, GoodsLine("гирос коп лазеорный, DJI Mavic"))
    assert evidence.respelt == (("гирос коп", "giroskop"), ("лазеорный", "lazerni"))
    assert evidence.to_record()["respelt"][0] == {"written": "гирос коп", "meant": "giroskop"}

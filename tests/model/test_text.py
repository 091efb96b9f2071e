import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elek.lookalikes import repair_token
from elek.text import MAX_CHARACTERS, fold, normalise, windows

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=300)
GOODS_TEXT = st.text(
    alphabet='абвгдеәғқңAaBbCcHKMOPTXекомрстух 0123456789-.,/()«»"\u200b\u00ad不军用途：шт', max_size=200
)


@given(ANY_TEXT | GOODS_TEXT)
def test_normalising_twice_changes_nothing(text):
    once = normalise(text).text
    assert normalise(once).text == once


@given(ANY_TEXT)
def test_any_text_is_normalised_to_bounded_readable_text(text):
    done = normalise(text)
    assert len(done.text) <= MAX_CHARACTERS
    done.text.encode("utf-8")
    assert done.text == " ".join(done.text.split())
    assert done.text == "" or any(c.isalnum() for c in done.text)


@given(st.text(alphabet="abcdefghij klmno", min_size=1, max_size=40), st.data())
def test_invisible_characters_do_not_change_the_text_but_are_flagged(text, data):
    at = data.draw(st.integers(0, len(text)))
    sign = data.draw(st.sampled_from("\u200b\u200d\u00ad\u2060\ufeff\u034f\u3164\u202e"))
    hidden = normalise(text[:at] + sign + text[at:])
    assert hidden.text == normalise(text).text
    assert "invisible" in hidden.flags


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Сentrifuge", "centrifuge"),
        ("ПOДШИПHИK", "подшипник"),
        ("XС7К325Т", "xc7k325t"),
        ("КР142ЕН5А", "kp142eh5a"),
        ("ｆｐｇａ", "fpga"),
        ("10 μF", "10 uf"),
        ("ёлка", "елка"),
        ("ΗVΑC РUМΡ", "hvac pump"),
        ("на́со̶с", "насос"),
        ("Mother‑board", "mother-board"),
        ("т е п л о в и з о р 640", "тепловизор 640"),
        ("现 场 可 编 程", "现场可编程"),
    ],
)
def test_look_alike_letters_become_one_script(written, read):
    assert normalise(written).text == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("dr0n3", "drone"), ("c3ntr1fug3", "centrifuge"), ("теп1овиз0р", "тепловизор"), ("м1кросх3ма", "микросхема"),
        ("к4м3ра", "камера"), ("sen$or p@rt", "sensor part"),
    ],
)  # fmt: skip
def test_digits_written_for_letters_become_letters(written, read):
    assert normalise(written).text == read


@pytest.mark.parametrize(
    "text",
    [
        "xc7k325t-2ffg900i", "stm32f407vgt6", "nc7wz04p6x", "ada4898-1yrdz", "lm3s811", "h2so4", "cat6", "usb3.0", "r134a", "web2print",
        "6205-2rs", "3дверный", "10литров", "ip67", "ак-12", "1нт251", "2n2222a", "w2n",
    ],
)  # fmt: skip
def test_part_numbers_and_measures_keep_their_digits(text):
    assert normalise(text).text in (text, text.translate(str.maketrans("акнт", "akht")))


@given(st.from_regex(r"[a-z]{0,3}[0-9]{2,6}[a-z]{0,4}[0-9]{0,2}", fullmatch=True))
def test_a_run_of_digits_is_never_read_as_letters(token):
    assert normalise(token).text == token


@pytest.mark.parametrize("text", ["Насос Edwards RV12", "подшипник SKF 6205", "usbкабель", "wi-fi роутер"])
def test_two_scripts_in_one_line_are_no_mixed_token(text):
    done = normalise(text)
    assert done.text == text.lower()
    assert "mixed_script" not in done.flags


@given(st.text(alphabet="авеорсухabeopcxhкмтні0123", min_size=1, max_size=12))
def test_repair_keeps_the_length_and_is_stable(token):
    fixed = repair_token(token)
    assert len(fixed) == len(token)
    assert repair_token(fixed) == fixed


@pytest.mark.parametrize(
    "filler",
    [
        "не военного назначения", "всего- 57 шт", "not for military use", "用途：民用", "страна происхождения: Китай",
        'ООО "Вектор"', "әскери мақсатта емес", "вес нетто 12,5 кг", "made in China", "qty 20 pcs",
    ],
)  # fmt: skip
def test_filler_is_cut_and_flagged(filler):
    done = normalise(f"насос водяной, {filler}")
    assert done.text == "насос водяной"
    assert "filler" in done.flags


def test_text_that_is_only_filler_is_kept():
    assert normalise("не военного назначения").text == "не военного назначения"


@pytest.mark.parametrize(
    "unit", ["\ufdfa", "а" * 40 + " ", "не военного назначения ", "не ", "1 ", "\u0301", "a.", "\ud800"]
)
def test_time_does_not_grow_faster_than_the_cap(unit):
    text = (unit * 1_000_000)[:1_000_000]
    started = time.perf_counter()
    normalise(text)
    assert time.perf_counter() - started < 5


def test_windows_cover_a_long_text_and_share_their_edges():
    text = "".join(chr(97 + i % 26) for i in range(10_000))
    parts = windows(text, size=4096, overlap=256)
    assert parts[0] + "".join(part[256:] for part in parts[1:]) == text


def test_a_huge_text_gives_a_bounded_number_of_windows():
    assert len(windows("x" * 5_000_000)) == 64


def test_fold_is_case_blind():
    assert fold("ШТУКА Straße") == fold("штука STRASSE")

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elek.codes import format_hs, parse_hs
from elek.errors import CodeError

DIGITS = st.sampled_from([2, 4, 6, 8, 10]).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n))


@given(DIGITS)
def test_reading_what_was_printed_gives_the_same_code(digits):
    assert parse_hs(format_hs(parse_hs(digits))).digits == digits


@given(DIGITS, st.sampled_from([" ", ".", "-", "/", "\u00a0", "_"]))
def test_separators_are_tolerated(digits, separator):
    assert parse_hs(separator.join(digits[i : i + 2] for i in range(0, len(digits), 2))).digits == digits


def test_levels_keep_leading_zeros():
    code = parse_hs("0101.21.0000")
    assert (code.chapter, code.heading, code.subheading, code.scored) == ("01", "0101", "010121", "010121")


@pytest.mark.parametrize(
    ("damaged", "told"),
    [
        ("8.54E+09", "spreadsheet"), ("8,54e+9", "spreadsheet"), ("10121", "leading zero"), ("101210000", "leading zero"),
        ("чип", "2 to 10 digits"), ("", "2 to 10 digits"), ("12345678901", "2 to 10"), ("８５４２", "2 to 10 digits"),
    ],
)  # fmt: skip
def test_damage_is_reported_not_guessed(damaged, told):
    with pytest.raises(CodeError, match=told):
        parse_hs(damaged)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_with_a_sentence(text):
    try:
        assert parse_hs(text).digits.isdigit()
    except CodeError as error:
        assert len(str(error)) < 200

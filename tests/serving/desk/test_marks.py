"""Marks show a description as it is, and what hides in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elek.evidence import explain
from elek.goods import GoodsLine
from elek_serving.desk.marks import is_hidden, mark, odd_signs
from hostile_texts import TEXTS


def shown(marked):
    return "".join(p.text for m in marked for p in m.pieces if p.kind != "hidden")


@given(st.text(max_size=60))
def test_what_does_not_hide_is_shown_as_it_was_sent(text):
    assert shown(mark(text)) == "".join(c for c in text if not is_hidden(c))


@pytest.mark.parametrize("text", TEXTS)
def test_no_sign_that_turns_or_hides_text_reaches_the_page_as_itself(text):
    assert not any(is_hidden(c) for m in mark(text) for p in m.pieces for c in p.text)


def test_each_word_carries_the_move_of_its_own_place(scorer):
    text = "игрушки: квадрокоптер DJI Mavic 3 с тепловизором"
    words = explain(scorer, GoodsLine(text, declared_hs="950300")).words
    moves = {w.text: w.moves["controlled_score"] for w in words}
    marked = {shown([m]).strip().lower(): m.move for m in mark(text, list(moves.items()))}
    assert {w: marked[w] for w in ("квадрокоптер", "mavic", "тепловизором")} == {
        w: moves[w] for w in ("квадрокоптер", "mavic", "тепловизором")
    }


def test_hidden_signs_and_posing_letters_are_named_with_their_code():
    codes = {piece.code for piece in odd_signs("насос\u202e \u200b lоgic")}
    assert codes == {"U+202E RIGHT-TO-LEFT OVERRIDE", "U+200B ZERO WIDTH SPACE", "U+043E CYRILLIC SMALL LETTER O"}


def test_plain_words_of_two_languages_are_no_oddity():
    assert odd_signs("Насос pump 水泵 сорғы 5 кВт, ø 20 мм") == ()


def test_chinese_words_are_marked_whether_they_come_whole_or_in_pairs():
    whole = [m.move for m in mark("热像仪 640x512", [("热像仪", 0.4), ("640x512", 0.1)])]
    pairs = [m.move for m in mark("热像仪 640x512", [("热像", 0.1), ("像仪", 0.4), ("640x512", 0.1)])]
    assert whole == [0.4, 0.4, 0.4, 0.0, 0.1]
    assert pairs == [0.1, 0.4, 0.4, 0.0, 0.1]

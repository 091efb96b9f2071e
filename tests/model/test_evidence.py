import pytest

from elek import GoodsLine
from elek.evidence import explain


def test_leaving_a_word_out_moves_the_score_by_what_is_said(scorer):
    line = GoodsLine("микросхема XC7K325T в пластмассовом корпусе", declared_hs="950300")
    evidence = explain(scorer, line)
    words = evidence.text.split()
    for at, word in enumerate(evidence.words):
        rest = GoodsLine(" ".join(words[:at] + words[at + 1 :]), declared_hs="950300")
        [without] = scorer.score([rest])
        assert word.moves["controlled_score"] == pytest.approx(
            evidence.line.controlled_score - without.controlled_score, abs=1e-5
        )


def test_a_declared_code_among_no_likely_ones_is_shown_beside_them(scorer):
    evidence = explain(scorer, GoodsLine("микросхема памяти", declared_hs="0101"))
    assert [row["hs"] for row in evidence.codes if row["declared"]] == ["0101"]


def test_nothing_readable_has_no_words(scorer):
    assert explain(scorer, GoodsLine("\u200b")).words == ()

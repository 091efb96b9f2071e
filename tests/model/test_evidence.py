import csv
import html.parser
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import deciding_words
from counts import count
from elek import GoodsLine
from elek.cli import app
from elek.errors import BundleError
from elek.evidence import SCORES, explain
from elek.evidence_page import evidence_page
from elek.precedents import Precedents
from elek.text import normalise
from elek.visible import reveal
from elek.words import find_words, without

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)


def test_leaving_a_word_out_moves_the_score_by_what_is_said(scorer):
    line = GoodsLine("микросхема XC7K325T в пластмассовом корпусе", declared_hs="950300")
    evidence = explain(scorer, line)
    words = evidence.text.split()
    for at, word in enumerate(evidence.words):
        rest = GoodsLine(" ".join(words[:at] + words[at + 1 :]), declared_hs="950300")
        [left] = scorer.score([rest])
        assert word.moves["controlled_score"] == pytest.approx(
            evidence.line.controlled_score - left.controlled_score, abs=1e-5
        )
        assert word.moves["misdeclaration_score"] == pytest.approx(
            evidence.line.misdeclaration_score - left.misdeclaration_score, abs=1e-5
        )


def test_a_declared_code_among_no_likely_ones_is_shown_beside_them(scorer):
    evidence = explain(scorer, GoodsLine("микросхема памяти", declared_hs="0101"))
    assert [row["hs"] for row in evidence.codes if row["declared"]] == ["0101"]


def test_without_a_readable_code_nothing_is_said_of_misdeclaration(scorer):
    for code in (None, "abc"):
        evidence = explain(scorer, GoodsLine("микросхема памяти", declared_hs=code))
        assert all("misdeclaration_score" not in word.moves for word in evidence.words)


def test_nothing_readable_has_no_words(scorer):
    assert explain(scorer, GoodsLine("\u200b")).words == ()


def test_of_a_long_description_the_window_that_decided_is_explained(scorer):
    padding = "яблоки свежие в ящиках " * 200
    evidence = explain(scorer, GoodsLine(padding + "микросхема Xilinx XC7K325T " + padding))
    [alone] = scorer.score([evidence.text])
    assert "long" in evidence.line.flags
    assert alone.controlled_score == pytest.approx(evidence.line.controlled_score, abs=1e-5)


@given(st.text(alphabet="абв xyz 热像仪机芯 12", max_size=40).map(lambda t: " ".join(t.split())))
def test_words_cover_every_character_and_leave_one_out_removes_no_other(text):
    words = find_words(text)
    covered = {at for word in words for at in range(word.start, word.end)}
    assert covered == {at for at, character in enumerate(text) if character != " "}
    for word in words:
        assert text[word.start : word.end] == word.text
        left = without(text, word).replace(" ", "")
        assert left == (text[: word.start] + text[word.end :]).replace(" ", "")


def test_precedents_are_the_nearest_known_goods_with_their_source(scorer):
    evidence = explain(scorer, GoodsLine("аккумуляторы литий-ионные"))
    similarities = [p.similarity for p in evidence.precedents]
    assert len(similarities) == 3
    assert similarities == sorted(similarities, reverse=True)
    assert all(p.source and p.hs for p in evidence.precedents)
    known = scorer.precedents.texts[0]
    assert explain(scorer, GoodsLine(known)).precedents[0].similarity > 0.99


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not an archive"])
def test_damaged_precedents_are_refused(content):
    with pytest.raises(BundleError, match=r"precedents\.npz"):
        Precedents.from_bytes(content)


def test_a_conformal_set_holds_every_label_above_the_threshold_and_is_never_empty(scorer):
    from elek import Scorer

    for threshold, few in ((0.999, True), (0.0, False)):
        stored = {"control": {"coverage": 0.95, "threshold": threshold}}
        stored["headings"] = stored["control"]
        bundle = replace(scorer.bundle, index={**scorer.bundle.index, "conformal": stored})
        sets = explain(Scorer(bundle), GoodsLine("запасные части")).sets
        assert (len(sets["control"]["labels"]) == 1) is few
        assert (len(sets["headings"]["labels"]) == len(scorer.labels.headings)) is not few
        assert sets["headings"]["coverage"] == 0.95


@given(ANY_TEXT)
def test_revealing_loses_no_character(description):
    shown = "".join(p.text if p.kind != "invisible" else chr(int(p.text[2:], 16)) for p in reveal(description))
    assert shown == description


def test_invisible_and_look_alike_characters_are_named():
    pieces = reveal("Сentri\u200bfuge")
    assert [(p.text, p.meaning) for p in pieces if p.kind != "plain"] == [
        ("С", "c"),
        ("U+200B", "zero width space"),
    ] or pieces[0].kind == "plain"  # a token cut by an invisible character is two tokens
    assert any(p.text == "U+200B" for p in pieces)


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


@settings(max_examples=15)
@given(ANY_TEXT | st.just('<script>alert(1)</script><img src=x onerror="x">'), ANY_TEXT)
def test_a_page_runs_and_loads_nothing_whatever_was_declared(scorer, description, code):
    page = Page(evidence_page(explain(scorer, GoodsLine(description, declared_hs=code, line_id="1"))))
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "img", "link", "iframe", "object", "a", "form"}
    for _, attributes in page.tags:
        assert not any(name.startswith("on") or name in ("src", "href") for name in attributes)


def test_a_page_shows_scores_words_precedents_and_hidden_characters(scorer, tmp_path):
    out = tmp_path / "page.html"
    text = "Tеpловизор 640x512 зе\u200bркальный"
    done = CliRunner().invoke(app, ["explain", text, "--declared-hs", "950300", "--html", str(out)])
    assert done.exit_code == 0
    page = Page(out.read_text(encoding="utf-8"))
    for shown in ("U+200B", "Nearest precedents", "950300", "fact that decides", "640x512"):
        assert shown in page.text
    assert any(tag == "mark" for tag, _ in page.tags)
    assert len(re.findall("<h1>", out.read_text(encoding="utf-8"))) == 1


def test_the_command_prints_a_view_for_people_and_json_for_pipes(scorer):
    run = CliRunner()
    seen = run.invoke(app, ["explain", "тепловизор [bold]640x512[/bold]", "--declared-hs", "950300"])
    assert seen.exit_code == 0
    for shown in ("words that moved", "likely headings", "control entries", "near "):
        assert shown in seen.stdout
    record = json.loads(run.invoke(app, ["explain", "тепловизор", "--json"]).stdout)
    assert set(record) == {"line", "text", "words", "respelt", "entry", "rejected", "codes", "precedents", "sets"}


def test_the_deciding_word_is_among_the_first_three_and_leaving_out_the_first_lowers_the_score(scorer):
    lines = deciding_words.lines()
    lines = lines[:: max(1, len(lines) // count(40, len(lines)))]
    found = lowered = 0
    for description, word in lines:
        evidence = explain(scorer, GoodsLine(description))
        deciding = normalise(word).text
        start = evidence.text.index(deciding)
        first = evidence.ranked("controlled_score")[:3]
        found += any(w.start < start + len(deciding) and w.end > start for w in first)
        lowered += first[0].moves["controlled_score"] > 0
    assert found / len(lines) >= 0.95
    assert lowered / len(lines) >= 0.95


FILLER = (
    ", страна происхождения: Китай", ', изготовитель: ООО "Вектор"', ", всего 57 шт", ", не военного назначения", ", made in Germany",
    ", qty: 40 pcs", "，数量：20件", "，原产国：中国", ", не является товаром двойного назначения", ", Казахстан", ", Japan",
    ", шығарылған елі: Қытай", ", әскери мақсатта емес", ', "Shenzhen Vector Trading Co., Ltd"', ", net weight 12.5 kg", "，非军事用途",
)  # fmt: skip


@pytest.mark.parametrize("filler", FILLER)
def test_a_country_a_company_a_quantity_or_legal_filler_moves_no_score(scorer, filler):
    rows = csv.DictReader((SAMPLE / "manifest.csv").read_text(encoding="utf-8").splitlines())
    lines = [GoodsLine(row["description"], declared_hs=row["declared_hs"]) for row in rows]
    plain = scorer.score(lines)
    filled = scorer.score([replace(line, description=line.description + filler) for line in lines])
    for before, after in zip(plain, filled, strict=True):
        for score in SCORES:
            assert (getattr(after, score) or 0) == pytest.approx(getattr(before, score) or 0, abs=0.02)

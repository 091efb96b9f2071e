import pytest

pytest.importorskip("torch")

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from elek_training.clusters import near_duplicates, part_families
from elek_training.config import read_config
from elek_training.labelled import LabelledLine
from elek_training.leaks import LeakError, find_leaks
from elek_training.model_text import model_text
from elek_training.sources import gather
from elek_training.split import hold_out, split_lines
from elek_training.trained_on import digest_lines, seen_as
from training.seizure_files import words

LINES = [
    LabelledLine(words(n), hs="8413", case_id=f"c{n // 3}", labelled_at=f"2026-01-{1 + n // 9:02}") for n in range(200)
]


def test_copies_that_change_numbers_case_and_order_of_a_few_words_are_one_cluster():
    texts = [
        "НАСОС ЦЕНТРОБЕЖНЫЙ ДЛЯ ВОДОСНАБЖЕНИЯ, НОВЫЙ, АРТ. 12345, 10 ШТ",
        "насос центробежный для водоснабжения новый арт. 99821, 4 шт",
        "Насос центробежный, новый, для водоснабжения арт 77777 120 шт",
        "Подшипник шариковый радиальный однорядный",
    ]
    cluster = near_duplicates(texts)
    assert len(set(cluster[:3])) == 1
    assert cluster[3] != cluster[0]


@given(st.lists(st.text(max_size=60), max_size=30))
def test_equal_texts_always_share_a_cluster(texts):
    cluster = near_duplicates([*texts, *texts])
    assert cluster[: len(texts)].tolist() == cluster[len(texts) :].tolist()


def test_part_numbers_have_a_family_and_measures_have_none():
    assert part_families("xc7k325t-2ffg900i") == part_families("xc7k355t xilinx")
    assert part_families("640x480 100mm 5,5kg микросхема 2026") == []


def test_a_split_has_no_leak_and_tests_on_the_newest():
    split = split_lines(LINES, 0.2, seed=1)
    report = find_leaks(split.train, split.test)
    assert report.share == 0
    assert 25 <= len(split.test) <= 45
    assert max(line.labelled_at for line in split.train) <= min(line.labelled_at for line in split.test)
    assert split == split_lines(LINES, 0.2, seed=1)


@pytest.mark.parametrize(
    ("test", "kind"),
    [
        (LabelledLine(LINES[0].description.upper() + " 55 шт"), "near-duplicate"),
        (LabelledLine("other words", case_id="c0"), "case"),
        (LabelledLine("chip XC7K355T-1FFG901C"), "part family"),
        (LabelledLine("other words", group="g"), "group"),
    ],
)
def test_every_way_to_leak_is_named(test, kind):
    train = [*LINES, LabelledLine("микросхема XC7K325T-2FFG900I"), LabelledLine("x", group="g")]
    report = find_leaks(train, [test])
    assert report.counts[kind] == 1
    with pytest.raises(LeakError, match=kind):
        report.refuse()


def test_lines_without_relatives_are_not_refused():
    find_leaks(LINES, [LabelledLine("совсем другое"), LabelledLine("nothing like it")]).refuse()


def test_a_bundle_knows_texts_groups_and_near_copies_it_was_trained_on():
    digests = digest_lines(
        [LabelledLine("насос центробежный водяной бытовой новый 5 квт", group="g")],
        before=digest_lines([LabelledLine("старое")]),
    )
    lines = [
        LabelledLine("НАСОС ЦЕНТРОБЕЖНЫЙ ВОДЯНОЙ БЫТОВОЙ НОВЫЙ 5 КВТ"),
        LabelledLine("новый бытовой водяной насос центробежный 7 квт"),
        LabelledLine("другое", group="g"),
        LabelledLine("старое"),
        LabelledLine("насос"),
    ]
    assert seen_as(digests, lines) == ["text", "near-copy", "group", "text", ""]


def test_public_wording_is_no_leak_whatever_its_weight_and_a_users_line_is_one_whatever_its_weight():
    text = "насосы центробежные для перекачки жидкостей бытовые новые"
    public = [
        LabelledLine(text, source=source, weight=1.0, group="p") for source in ("composed", "lexicon", "tnved", "hts")
    ]
    assert seen_as(digest_lines(public), [LabelledLine(text)]) == [""]
    assert seen_as(digest_lines([LabelledLine(text, source="july", weight=0.1)]), [LabelledLine(text)]) == ["text"]


def test_groups_stay_on_one_side():
    lines = [replace(line, group=line.case_id) for line in LINES]
    kept, held = hold_out(lines, 0.4, 5)
    assert len(kept) + len(held) == len(lines)
    assert {line.group for line in kept}.isdisjoint(line.group for line in held)


def test_no_text_stands_on_both_sides_though_lexicon_and_catalogue_name_the_same_goods():
    lines = gather(replace(read_config("smoke"), composed_lines=4000, lexicon_terms=5), []).lines
    texts = {
        source: {model_text(x.description) for x in lines if x.source == source} for source in ("composed", "lexicon")
    }
    assert len(texts["composed"] & texts["lexicon"]) > 20
    kept, held = hold_out(lines, 0.15, 7)
    assert {model_text(x.description) for x in kept}.isdisjoint(model_text(x.description) for x in held)
    assert len(held) > 0.1 * len(lines)

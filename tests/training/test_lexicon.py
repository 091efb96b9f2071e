"""The heading lexicon: every heading speaks four languages, and no term says too little to tell."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from elek_training.catalogue import LANGUAGES, catalogue_files
from elek_training.folders import data_folder
from elek_training.lexicon import LexiconTerm, read_lexicon
from elek_training.nomenclature import read_nomenclature


@pytest.fixture(scope="module")
def terms() -> list[LexiconTerm]:
    return read_lexicon()


@pytest.fixture(scope="module")
def headings() -> set[str]:
    return set(read_nomenclature().codes(4))


def test_every_heading_has_terms_in_every_language(terms: list[LexiconTerm], headings: set[str]) -> None:
    held = {(term.heading, term.lang) for term in terms}
    expected = {(h, lang) for h in headings for lang in LANGUAGES}
    assert not expected - held


def test_a_term_names_the_goods_of_at_most_two_headings(terms: list[LexiconTerm]) -> None:
    where: dict[tuple[str, str], set[str]] = defaultdict(set)
    for term in terms:
        where[term.lang, term.term].add(term.heading)
    assert {key: hs for key, hs in where.items() if len(hs) > 2} == {}


def test_terms_are_unique_lower_case_and_trimmed(terms: list[LexiconTerm]) -> None:
    assert not [term for term, count in Counter(terms).items() if count > 1]
    assert not [t for t in terms if t.term != " ".join(t.term.lower().split())]


def test_the_catalogue_of_goods_does_not_read_the_lexicon() -> None:
    assert not [path for path in catalogue_files(data_folder("catalogue")) if path.parent.name == "lexicon"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('"8499":\n  en: [a]\n  ru: [b]\n  kk: [c]\n  zh: [d]\n', "heading 8499: no such HS heading"),
        ('"8483":\n  en: [a]\n  ru: [b]\n  kk: [c]\n', "heading 8483: must hold exactly en, ru, kk, zh"),
        ('"8483":\n  en: []\n  ru: [b]\n  kk: [c]\n  zh: [d]\n', "heading 8483, en: must be a list"),
        ('"8483":\n  en: [a, a]\n  ru: [b]\n  kk: [c]\n  zh: [d]\n', "heading 8483, en: a term is written twice"),
        ("- 8483\n", "must map headings to terms"),
    ],
)
def test_a_faulty_file_is_refused_with_its_name_and_heading(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "section-16.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message) as error:
        read_lexicon(tmp_path)
    assert "section-16.yaml" in str(error.value)

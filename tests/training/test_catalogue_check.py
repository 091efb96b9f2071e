import pytest

pytest.importorskip("torch")

from elek_training import catalogue_check
from elek_training.catalogue import Good, VaguePhrase, read_catalogue, read_yaml
from elek_training.catalogue_count import count_distinct

NAMES = {
    "en": ("ball bearing", "deep groove bearing"), "ru": ("подшипник", "шарикоподшипник"),
    "kk": ("мойынтірек", "шарлы мойынтірек"), "zh": ("轴承", "滚珠轴承"),
}  # fmt: skip


def problems(monkeypatch, *goods, vague=()):
    monkeypatch.setattr(catalogue_check, "read_catalogue", lambda: list(goods))
    monkeypatch.setattr(catalogue_check, "read_vague", lambda: tuple(vague))
    return " | ".join(catalogue_check.check().problems)


def good(name="a", hs=("848210",), control=("none",), names=NAMES, **more):
    return Good(name, hs, control, names, **more)


def test_a_right_good_has_no_problem(monkeypatch):
    assert problems(monkeypatch, good()) == ""


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (good(hs=("848299123",)), "does not exist"),
        (good(hs=("999998",)), "does not exist"),
        (good(control=("3Z001",)), "not in the taxonomy"),
        (good(control=("none", "3A001")), "'none' stands beside"),
        (good(look_alike="2A101"), "deciding fact"),
        (good(family="toys"), "unknown family"),
        (good(names=NAMES | {"ru": ("bearing", "подшипник")}), "another script"),
        (good(names=NAMES | {"zh": ("bearing", "轴承")}), "another script"),
        (good(names=NAMES | {"kk": ("подшипник", "шарикоподшипник")}), "most kk names"),
        (good(names=NAMES | {"en": ("ball bearing", "Bearing, ball")}), "near-copy"),
        (good(names=NAMES | {"en": ("Ball bearings", "bearing")}), "nomenclature's own"),
        (good(names=NAMES | {"en": ("bearing",)}), "fewer than 2"),
    ],
)
def test_each_kind_of_mistake_is_found(monkeypatch, wrong, told):
    assert told in problems(monkeypatch, wrong)


def test_one_name_under_goods_that_disagree(monkeypatch):
    other = good("b", hs=("853690",), names=NAMES)
    assert "disagree" in problems(monkeypatch, good(), other)
    asked = {"ambiguous": "What does it turn?"}
    assert "disagree" not in problems(monkeypatch, good(**asked), good("b", hs=("853690",), **asked))


def test_vague_phrases_stand_once_and_ask(monkeypatch):
    twice = (VaguePhrase("parts", "en", "?"), VaguePhrase("Parts", "en", "?"), VaguePhrase("kit", "en", ""))
    found = problems(monkeypatch, good(), vague=twice)
    assert "stands 2 times" in found
    assert "has no question" in found


def test_templates_count_five_times_and_copies_once():
    assert count_distinct([f"болт стальной м{n}" for n in range(50)]) == 5
    assert count_distinct(["насос", "насос"]) == 1
    assert count_distinct([f"труба {m} бесшовная" for m in ("медная", "стальная", "латунная", "а", "б", "в", "г")]) == 5


def test_scalars_stay_text(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("- id: x\n  hs: [0101, 8542]\n  control: [none]\n  ambiguous: no\n", encoding="utf-8")
    assert read_yaml(path) == [{"id": "x", "hs": ["0101", "8542"], "control": ["none"], "ambiguous": "no"}]


@pytest.mark.parametrize("content", ["- id: [", "- {id: x, hs: ['1'], control: [none], colour: red}", "- {id: x}"])
def test_broken_files_are_named(tmp_path, content):
    (tmp_path / "broken.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.yaml"):
        read_catalogue(tmp_path)


def test_the_catalogue_itself_has_no_problem():
    assert catalogue_check.check().problems == []

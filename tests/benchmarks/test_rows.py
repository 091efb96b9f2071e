"""Every row runs on what there is: the starter stands in for the bundles that a full run trains."""

import pytest

pytest.importorskip("torch")

import numpy as np

from benchmarks import contest, held_out
from benchmarks.elek_bundle import Trained
from benchmarks.guesses import Guesses
from benchmarks.held_out import benign_goods, controlled_goods, split
from benchmarks.lines import DataAbsent
from benchmarks.measures import at_budgets, recall_at
from benchmarks.peers import label_errors
from benchmarks.rows import ROWS, controlled, misdeclared
from benchmarks.settings import Settings
from elek.text import normalise
from elek_training.catalogue import LANGUAGES


@pytest.fixture
def settings(tmp_path, monkeypatch, scorer):
    """A hundredth of the groups, one fold, no MiniLM, and the starter in place of trained bundles."""
    trained = Trained(scorer, tmp_path, 1.0)
    for module in (contest, held_out, controlled, misdeclared):
        monkeypatch.setattr(module, "bundle", lambda recipe, settings: trained)
    for module in (contest.neighbours, contest.parcel):
        monkeypatch.setattr(
            module, "embed", lambda texts, store: np.eye(384, dtype=np.float32)[[len(t) for t in texts]]
        )
    split.cache_clear()
    yield Settings(cache=tmp_path, folds=1, quick=True, share=0.01)
    split.cache_clear()


@pytest.mark.filterwarnings("ignore:The number of unique classes")  # so few lines that most classes have one
@pytest.mark.parametrize("name", [name for name in ROWS if name != "cost"])
def test_a_row_measures_elek_and_every_bar_has_a_figure(settings, name):
    try:
        figures = ROWS[name].measure(settings)
    except DataAbsent as absent:
        pytest.skip(str(absent))
    mine = {f.measure for f in figures if f.role == "elek"}
    assert set(ROWS[name].bars) <= mine
    if any(bar.over_peer for bar in ROWS[name].bars.values()):
        peers = {f.measure for f in figures if f.role == "peer"}
        assert set(ROWS[name].bars) - {m for m in mine if m.endswith("ECE")} <= peers
    assert all(f.found.low <= f.found.value <= f.found.high or f.found.n == 0 for f in figures)


def test_no_left_out_good_is_composed_and_no_name_is_known(settings):
    held = split(settings)
    assert held.left_out
    composed = held.recipe.own(settings)
    out = {good.id for good in held.left_out}
    assert not out & {line.group for line in composed}
    known = {normalise(name).text for good in held.kept for names in good.names.values() for name in names}
    for lang in LANGUAGES:
        assert not known & {normalise(name).text for _, name in held.names(held.left_out, lang) if name in known}
    given = {normalise(line.description).text for line in held.given}
    for line in (*held.paragraphs, *held.vague, *held.references, *held.parcels):
        assert normalise(line.description).text not in given


def test_controlled_and_harmless_goods_are_apart(settings):
    held = split(settings)
    assert not {g.id for g in controlled_goods(held.left_out)} & {g.id for g in benign_goods(held.left_out)}


def test_recall_counts_positives_above_the_allowed_share_of_negatives():
    scores = np.concatenate([np.linspace(0, 1, 100), [0.5, 0.97, 2.0, 2.0]])
    truth = np.array([0.0] * 100 + [1.0] * 4)
    assert recall_at(0.05, scores, truth).value == 0.75
    assert recall_at(0.01, scores, truth).value == 0.5


def test_a_budget_that_holds_all_wrong_codes_finds_them():
    scores, truth = np.arange(100.0), np.array([0.0] * 90 + [1.0] * 10)
    found = at_budgets(scores, truth)
    assert found["precision at 10%"].value == found["recall at 10%"].value == 1
    assert found["recall at 1%"].value == pytest.approx(0.1)


def test_every_doubt_is_larger_for_a_wrong_code_and_largest_for_an_unknown_one():
    guesses = Guesses(("8413", "8482", "9503"), np.array([[2.0, 0.0, -1.0]] * 3, dtype=np.float32))
    for name, doubt in label_errors.doubts(guesses, ["8413", "9503", "0101"]).items():
        assert doubt[0] < doubt[1] < doubt[2], name

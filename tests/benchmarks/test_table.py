import json

import pytest

pytest.importorskip("torch")

from benchmarks.figures import Bar, Figure, Row
from benchmarks.rows import ROWS
from benchmarks.settings import HERE
from benchmarks.table import END, START, as_json, read_results, readme_table, summary, with_table, write_results
from elek_training.metrics import Measured, share
from factory import REPOSITORY


def figure(contestant, hits, role, measure="heading top-1"):
    return Figure(contestant, measure, share([True] * hits + [False] * (100 - hits)), role)


@pytest.fixture
def results():
    figures = [figure("elek", 80, "elek"), figure("weak", 60, "peer"), figure("strong", 78, "peer")]
    return {"ru": {"folds": 5, "figures": as_json(figures)}}


def test_a_lead_is_measured_against_the_best_peer(results):
    [line] = [row for row in summary(results).splitlines() if "heading top-1" in row]
    assert "| strong | at least 0.810 | **no** | 100 |" in line


def test_a_reached_bar_says_yes(results):
    results["ru"]["figures"][0]["value"] = 0.82
    assert "| yes |" in summary(results)


def test_a_greatest_value_is_reached_from_below(monkeypatch, results):
    monkeypatch.setitem(ROWS, "ru", Row("t", ROWS["ru"].measure, {"heading top-1": Bar(0.7, at_most=True)}))
    assert "| weak | at most 0.700 | **no** |" in summary(results)


def test_rows_without_their_data_are_named(results):
    assert "not run: no file" in summary({"parts": {"absent": "no file"}})


def test_the_table_replaces_only_what_stands_between_the_comments():
    text = f"before\n{START}\nold\n{END}\nafter\n"
    assert with_table(text, "new\n") == f"before\n{START}\nnew\n{END}\nafter\n"
    with pytest.raises(ValueError, match="lacks the comments"):
        with_table("no comments", "new")


def test_results_survive_writing(tmp_path, results):
    write_results(results, tmp_path)
    assert read_results(tmp_path / "results.json") == results
    written = (tmp_path / "results.md").read_text(encoding="utf-8")
    for contestant in ("elek", "weak", "strong"):
        assert contestant in written


def test_figures_that_could_not_be_taken_render():
    empty = Figure("elek", "heading top-1", Measured(float("nan"), float("nan"), float("nan"), 0), "elek")
    text = json.dumps(as_json([empty]))
    assert "| - " in summary({"ru": {"figures": json.loads(text)}})


def test_the_readme_shows_what_results_json_holds():
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert with_table(readme, readme_table(read_results(HERE / "results.json"))) == readme

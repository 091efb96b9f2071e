"""A budget queues the lines a desk can look at, by a strict order, and changes no score."""

import csv
import itertools
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from elek.budget import Budget, Queue, expect, wilson
from elek.cli import app
from elek.errors import ManifestError
from elek.scored_chunk import Seen
from factory import REPOSITORY

SAMPLE = REPOSITORY / "data" / "sample" / "manifest.csv"


def run(*arguments):
    return CliRunner().invoke(app, ["score", *map(str, arguments)])


def seen(controlled, misdeclared=-1, vague=0, digest=0, outcome=None):
    return Seen("clear", "", (controlled, misdeclared, vague), digest, outcome, None)


def queue_of(lines, budget="1"):
    queue = Queue(Budget.parse(budget))
    queue.add(lines)
    queue.sort()
    return queue


scores = st.integers(-1, 1_000_000)
lines = st.lists(st.builds(seen, scores, scores, st.integers(0, 1_000_000), st.integers(0, 3)), min_size=1, max_size=60)


@given(lines, st.integers(1, 80))
def test_the_order_is_total_and_queues_just_the_budget(some, size):
    places = list(queue_of(some, str(size)).places())
    assert sorted(rank for _, rank in places) == list(range(1, len(some) + 1))
    assert sum(queued for queued, _ in places) == min(size, len(some))
    assert all(queued == (rank <= size) for queued, rank in places)


@given(lines)
def test_a_higher_rank_never_has_a_lower_risk(some):
    queue = queue_of(some)
    risk = [0.0] * len(some)
    for line, (_, rank) in zip(some, queue.places(), strict=True):
        c, m = (max(0, s) / 1e6 for s in line.scores[:2])
        risk[rank - 1] = -1 if line.scores[0] < 0 else 1 - (1 - c) * (1 - m)
    assert all(a >= b - 1e-12 for a, b in itertools.pairwise(risk))


@given(st.permutations(range(12)))
def test_lines_with_equal_scores_are_ordered_by_what_was_declared_not_by_their_place(order):
    some = [seen(500_000, digest=d) for d in range(12)]
    ranks = [rank for _, rank in queue_of([some[i] for i in order]).places()]
    assert {some[i].digest: rank for i, rank in zip(order, ranks, strict=True)} == {d: d + 1 for d in range(12)}


@pytest.mark.parametrize("text", ["0", "-3", "0%", "101%", "2.5", "many", "", "%"])
def test_a_budget_that_is_none_is_refused(text):
    with pytest.raises(ManifestError, match="neither a number"):
        Budget.parse(text)


def test_a_budget_changes_no_score_and_no_byte_of_a_line(tmp_path):
    assert run(SAMPLE, "-o", tmp_path / "plain.jsonl").exit_code == 0
    done = run(SAMPLE, "-o", tmp_path / "queued.jsonl", "--budget", "10")
    assert done.exit_code == 0
    assert "queued: 10 of 64 lines" in done.output
    plain = (tmp_path / "plain.jsonl").read_text(encoding="utf-8").splitlines()
    queued = (tmp_path / "queued.jsonl").read_text(encoding="utf-8").splitlines()
    for before, after in zip(plain, queued, strict=True):
        record = json.loads(after)
        assert after.startswith(before[:-1])
        assert list(record)[-2:] == ["queued", "rank"]
        assert record["queued"] == (record["rank"] <= 10)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_every_kind_of_output_carries_the_queue(tmp_path, ending):
    pytest.importorskip("xlsxwriter")
    out = tmp_path / f"out.{ending}"
    assert run(SAMPLE, "-o", out, "--budget", "25%").exit_code == 0
    if ending == "csv":
        with out.open(encoding="utf-8", newline="") as file:
            ranks = [(row["queued"], int(row["rank"])) for row in csv.DictReader(file)]
        assert sorted(rank for _, rank in ranks) == list(range(1, 65))
        assert sum(queued == "True" for queued, _ in ranks) == 16
    else:
        from elek.tables import read_rows

        head, *rows = read_rows(out)
        at = head.index("rank")
        assert sorted(int(row[at]) for row in rows) == list(range(1, 65))


def test_standard_output_can_be_queued_too():
    done = CliRunner().invoke(app, ["score", str(SAMPLE), "--budget", "3"])
    records = [json.loads(row) for row in done.stdout.splitlines()]
    assert sum(r["queued"] for r in records) == 3


def test_lines_with_errors_rank_last(tmp_path):
    manifest = tmp_path / "m.csv"
    manifest.write_text("description\n\u200b\nбанан\nтепловизор 640x512\n", encoding="utf-8")
    done = run(manifest, "-o", tmp_path / "o.jsonl", "--budget", "1")
    assert done.exit_code == 1
    assert "rank last" in done.output
    assert [json.loads(r)["rank"] for r in (tmp_path / "o.jsonl").read_text().splitlines()] == [3, 2, 1]


@given(st.lists(st.floats(0, 1), min_size=2, max_size=50), st.data())
def test_expectations_hold_what_they_promise(probabilities, data):
    p = np.array(probabilities)
    queued = np.array(data.draw(st.lists(st.booleans(), min_size=len(p), max_size=len(p))))
    found = expect(p, queued, data.draw(st.floats(0, 0.2)))
    assert found.expected == pytest.approx(p[queued].sum())
    for figure in (found.precision, found.recall):
        assert math.isnan(figure.value) or 0 <= figure.low <= figure.value + 1e-9 <= figure.high + 2e-9 <= 1 + 3e-9


def test_intervals_cover_what_comes_true():
    random = np.random.default_rng(5)
    p = random.beta(0.3, 2, 2_000)
    queued = p >= np.sort(p)[-100]
    found = expect(p, queued, 0.0)
    covered = np.zeros(2)
    for _ in range(400):
        true = random.random(len(p)) < p
        precision, recall = true[queued].mean(), true[queued].sum() / true.sum()
        covered += [
            found.precision.low <= precision <= found.precision.high,
            found.recall.low <= recall <= found.recall.high,
        ]
    assert (covered / 400 >= 0.91).all(), covered


def test_a_calibration_error_widens_the_interval():
    p = np.linspace(0, 1, 500)
    queued = p > 0.8
    narrow, wide = expect(p, queued, 0.0), expect(p, queued, 0.05)
    for name in ("precision", "recall"):
        a, b = getattr(narrow, name), getattr(wide, name)
        assert b.high - b.low > a.high - a.low


def test_outcomes_in_the_file_give_precision_and_recall_at_the_budget(tmp_path):
    some = [seen(1_000_000 - i, outcome=o) for i, o in enumerate(["1", "да", "0", "查获", "", "нет", "seized?", "0"])]
    queue = queue_of(some, "4")
    at = queue.at_budgets()[0]
    assert (at.precision.value, at.recall.value, at.known) == (0.75, 1.0, 4)
    assert queue.unreadable_outcomes == 1
    assert queue_of([seen(1), seen(2)]).at_budgets() == []
    manifest = tmp_path / "m.csv"
    manifest.write_text("description,illicit\nтепловизор 640x512,1\nбанан,0\nбанан свежий,0\n", encoding="utf-8")
    done = run(manifest, "-o", tmp_path / "o.jsonl", "--budget", "1")
    assert "by the outcomes in the file" in done.output
    mapped = tmp_path / "n.csv"
    mapped.write_text("description,found\nтепловизор 640x512,yes\nбанан,no\n", encoding="utf-8")
    assert (
        "by the outcomes" in run(mapped, "-o", tmp_path / "o.jsonl", "--budget", "1", "--map", "outcome=found").output
    )


def test_wilson_intervals_are_those_of_the_books():
    # Wilson 1927, as tabulated for k = 1, n = 20
    found = wilson(1, 20)
    assert (round(found.low, 3), round(found.high, 3)) == (0.009, 0.236)

import json
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch")

from typer.testing import CliRunner

from elek.bundle import STARTER
from elek_training.catalogue import read_catalogue, read_vague
from elek_training.cli import app
from elek_training.compare import Comparison, compare
from elek_training.compose import Composer
from elek_training.gate import judge, read_gate_rules, read_record
from elek_training.leaks import LeakError
from elek_training.metrics import Measured, share
from elek_training.paired import Bootstrap, Paired, compare_hits, compare_recall, compare_scores
from elek_training.scorecard import Result

RULES = read_gate_rules()


@pytest.fixture(scope="module")
def lines():
    composed = Composer(read_catalogue(), read_vague()).lines(250, seed=991)
    return [replace(line, group="", line_id="") for line in composed]


@pytest.fixture(scope="module")
def found(smoke_bundle, lines) -> Comparison:
    """The starter against a bundle of a few seconds' training."""
    return compare((STARTER, smoke_bundle), lines, 0.02, 30, 100)


def paired(value, low, high):
    return Paired(0.5, 0.5 + value, Measured(value, low, high, 100))


def test_a_worse_bundle_is_stopped_and_its_worst_lines_come_first(found):
    result = judge(found, None, RULES)
    assert result.answer == "worse"
    assert any(s.startswith("heading top-1:") for s in result.falls)
    assert found.flips[0].badness == max(flip.badness for flip in found.flips) > 0


def test_a_treatment_that_the_champion_withstood_must_not_work_on_the_challenger(found):
    calm = replace(found, figures={"heading top-1": paired(0.02, 0.01, 0.03)}, slices={}, speed=1.0, size=1.0)
    card = [Result("invisible", "zero-width space", share([False] * 100), 0.0)]
    worse = [Result("invisible", "zero-width space", share([False] * 90 + [True] * 10), 0.0)]
    assert judge(replace(calm, scorecards=(card, card)), None, RULES).answer == "better"
    assert judge(replace(calm, scorecards=(card, worse)), None, RULES).answer == "worse"
    by_chance = [Result("invisible", "zero-width space", share([False] * 98 + [True] * 2), 0.0)]
    perhaps = judge(replace(calm, scorecards=(card, by_chance)), None, RULES)
    assert (perhaps.answer, len(perhaps.warnings)) == ("better", 1)


def test_a_bundle_is_not_better_than_itself(lines):
    same = compare((STARTER, STARTER), lines[:80], 0.02, 30, 50)
    assert judge(same, None, RULES).answer == "not better"
    assert same.flips == []
    assert all(p.difference.value == 0 for p in same.figures.values())


def test_slices_are_judged_by_themselves(found):
    calm = replace(found, figures={"heading top-1": paired(0.02, 0.01, 0.03)}, slices={}, flips=[], scorecards=([], []))
    calm = replace(calm, speed=1.0, size=1.0)
    assert judge(calm, None, RULES).answer == "better"
    one_category = replace(calm, slices={"recall at the review budget, category 3": paired(-0.1, -0.2, -0.02)})
    assert judge(one_category, None, RULES).answer == "worse"
    by_chance = replace(calm, slices={"recall at the review budget, category 3": paired(-0.1, -0.2, 0.02)})
    assert judge(by_chance, None, RULES).answer == "better"
    assert judge(by_chance, None, RULES).warnings


def test_a_few_lines_lost_are_no_fall_before_mcnemar_says_so(found):
    calm = replace(found, figures={"heading top-1": paired(0.02, 0.01, 0.03)}, slices={}, speed=1.0, size=1.0)
    calm = replace(calm, scorecards=([], []))

    def lost(n):
        before, after = np.ones(45), np.array([0.0] * n + [1.0] * (45 - n))
        return compare_hits(before, after, Bootstrap(np.arange(45), 400, 0.99))

    assert lost(7).difference.high < 0
    assert judge(replace(calm, slices={"heading top-1, chapter 40": lost(7)}), None, RULES).answer == "better"
    assert judge(replace(calm, slices={"heading top-1, chapter 40": lost(12)}), None, RULES).answer == "worse"


def test_recall_at_a_budget_is_less_sure_than_hits_for_its_cutoff_hangs_on_few_lines(found):
    judged = found.champion, found.challenger
    every = np.ones(len(found.champion.lines), dtype=bool)
    how = Bootstrap(np.arange(len(every)), 400)
    recall = compare_recall(judged, "controlled", every, 0.02, how)
    wanted = judged[0].truth("controlled") == 1
    hits = [np.where(wanted, one.flagged("controlled", 0.02).astype(float), np.nan) for one in judged]
    fixed = compare_hits(hits[0], hits[1], how)
    assert (recall.champion, recall.challenger, recall.p_value) == (fixed.champion, fixed.challenger, fixed.p_value)
    assert recall.difference.high - recall.difference.low > fixed.difference.high - fixed.difference.low
    same = compare_recall((judged[0], judged[0]), "controlled", every, 0.02, how).difference
    assert (same.value, same.low, same.high) == (0, 0, 0)


@pytest.mark.parametrize("change", [{"speed": 0.2}, {"size": 3.0}])
def test_slow_or_large_is_not_better(found, change):
    calm = replace(
        found, figures={"heading top-1": paired(0.02, 0.01, 0.03)}, slices={}, speed=1.0, size=1.0, scorecards=([], [])
    )
    assert judge(replace(calm, **change), None, RULES).answer == "not better"


def test_doubtful_labels_are_refused_whatever_the_figures(found):
    calm = replace(
        found, figures={"heading top-1": paired(0.2, 0.1, 0.3)}, slices={}, speed=1.0, size=1.0, scorecards=([], [])
    )
    assert judge(calm, 0.18, RULES).answer == "not better"
    assert judge(calm, 0.02, RULES).answer == "better"


def test_mcnemar_and_bootstrap_agree_on_a_plain_case():
    how = Bootstrap(np.arange(300), 400)
    before, after = np.array([1.0] * 150 + [0.0] * 150), np.array([1.0] * 200 + [0.0] * 100)
    better = compare_hits(before, after, how)
    assert (better.gained, better.lost) == (50, 0)
    assert better.p_value < 1e-10
    assert 0.12 < better.difference.low < 1 / 6 < better.difference.high < 0.22
    assert compare_hits(np.full(3, np.nan), np.full(3, np.nan), Bootstrap(np.arange(3), 10)) is None


def test_lines_of_one_case_count_as_one_observation():
    before, after = np.zeros(100), np.array([1.0] * 30 + [0.0] * 70)
    apart = compare_hits(before, after, Bootstrap(np.arange(100), 400))
    one_case = compare_hits(before, after, Bootstrap(np.array([0] * 30 + list(range(1, 71))), 400))
    assert apart.difference.low > 0
    assert one_case.difference.low == 0


def test_a_useless_score_has_the_lower_average_precision():
    truth = np.array([1.0] * 40 + [0.0] * 160)
    noise = np.random.default_rng(1).random(200)
    found = compare_scores("ap", (noise, truth * 0.9), truth, Bootstrap(np.arange(200), 100))
    assert found.challenger == 1.0
    assert found.difference.low > 0


def test_the_command_writes_record_and_page_and_exits_by_the_answer(tmp_path, smoke_bundle, lines):
    import pandas as pd

    rows = [
        {
            "description": x.description,
            "hs": x.hs or "",
            "declared_hs": x.declared_hs,
            "control": ";".join(x.control or ()),
        }
        for x in lines[:150]
    ]
    test = tmp_path / "test.csv"
    pd.DataFrame(rows).to_csv(test, index=False)
    record, page = tmp_path / "gate.json", tmp_path / "page.html"
    options = ["--lines", str(test), "--record", str(record), "--html", str(page), "--json"]
    done = CliRunner().invoke(app, ["compare", str(STARTER), str(smoke_bundle), *options])
    assert done.exit_code == 2, done.output
    written = read_record(record)
    assert written == json.loads(done.stdout)
    text = page.read_text(encoding="utf-8")
    assert "No: it is worse somewhere it must not be." in text
    assert written["falls"][0].split(":")[0] in text
    assert 'src="http' not in text


def test_lines_that_one_of_the_two_knows_are_refused(smoke_bundle, lines):
    known = next(Composer(read_catalogue(), read_vague()).lines(1, seed=7))
    with pytest.raises(LeakError):
        compare((smoke_bundle, STARTER), [known] * 5 + lines[:10], 0.02, 30, 10)

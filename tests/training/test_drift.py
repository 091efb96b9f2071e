import json

import numpy as np
import pytest

pytest.importorskip("torch")

from typer.testing import CliRunner

from elek.bundle import STARTER
from elek.goods import GoodsLine
from elek_training.cli import app
from elek_training.drift import choose_lines, find_drift, psi
from factory import REPOSITORY
from training.seizure_files import words

RUSSIAN = [GoodsLine(f"Насос центробежный {words(n)}", "841370", line_id=str(n)) for n in range(80)]
CHINESE = [GoodsLine(f"离心泵 热像仪机芯 {n}", "841370", line_id=str(n)) for n in range(80)]


def test_lines_of_one_kind_are_steady(scorer):
    found = find_drift(scorer, RUSSIAN[::2], RUSSIAN[1::2], 5)
    assert found.state == "steady"
    assert len(found.next) == 5


def test_another_language_is_drift_by_script_and_unknown_ngrams(scorer):
    found = find_drift(scorer, RUSSIAN, CHINESE, 5)
    assert found.measures["script"].state == "drifted"
    assert found.measures["unknown n-grams"].state == "drifted"
    assert found.state == "drifted"


def test_overrides_count_flagged_lines_that_were_cleared(scorer):
    said = [{"verdict": "controlled", "decision": "confirm"}] * 10 + [
        {"verdict": "controlled", "decision": "clear"}
    ] * 10
    before, after = find_drift(scorer, RUSSIAN[:10], RUSSIAN[10:20], 0, said).overrides
    assert (before.value, after.value) == (0, 1)


def test_psi_is_zero_for_equal_shares_and_symmetric():
    a, b = np.array([30, 50, 20]), np.array([10, 20, 70])
    assert psi(a, a) == pytest.approx(0)
    assert psi(a, b) == pytest.approx(psi(b, a))


def test_lines_to_label_are_no_copies_of_each_other(scorer):
    lines = [GoodsLine("деталь насоса редкая особая импортная новая", line_id=str(n)) for n in range(20)] + RUSSIAN[:10]
    scored = list(zip(lines, scorer.score(lines), strict=True))
    chosen = [goods.description for goods, _ in choose_lines(scored, 10)]
    assert len(chosen) == len(set(chosen)) == 10


def test_the_command_writes_a_page_and_exits_one_on_drift(tmp_path):
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    for path, lines in ((old, RUSSIAN), (new, CHINESE)):
        path.write_text(
            "".join(json.dumps({"description": g.description}, ensure_ascii=False) + "\n" for g in lines), "utf-8"
        )
    page = tmp_path / "drift.html"
    done = CliRunner().invoke(
        app, ["drift", "--lines", str(new), "--reference", str(old), "--html", str(page), "--json"]
    )
    assert done.exit_code == 1, done.output
    assert json.loads(done.stdout)["measures"]["script"]["state"] == "drifted"
    assert "have the lines below labelled" in page.read_text(encoding="utf-8")
    done = CliRunner().invoke(
        app, ["drift", "--lines", str(REPOSITORY / "data/sample/manifest.csv"), "--bundle", str(STARTER)]
    )
    assert done.exit_code in (0, 1)

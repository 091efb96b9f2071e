import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from elek import Bundle, Scorer
from elek.code_points import to_code_points
from elek.graph import OUTPUTS, Graph
from elek.text import normalise
from elek_training.champion_weights import read_champion
from elek_training.fit import prepare
from elek_training.graph import GoodsGraph
from elek_training.label_issues import find_label_issues, write_issues
from elek_training.labelled import LabelledLine
from elek_training.refit import Lessons, refit
from elek_training.retrain import RetrainError, retrain
from elek_training.tracking import Run
from factory import FIVE_SCRIPTS
from training.retrain_requests import FAST, request
from training.seizure_files import seizure_row

MOMENTS = 20 if os.environ.get("ELEK_SOAK") else 1


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Children of a process that computed on several threads hang; and one thread sums in one order."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def champion(smoke_bundle):
    return read_champion(smoke_bundle)


def test_weights_read_out_of_a_bundle_give_its_scores(champion):
    graph = GoodsGraph(champion.model, champion.calibration).eval()
    code_points = to_code_points([normalise(text).text for text in FIVE_SCRIPTS])
    declared = np.random.default_rng(0).integers(-1, 90, size=(len(FIVE_SCRIPTS), 3))
    said = Graph(champion.bundle.files["model.onnx"]).run(code_points, declared, 5)
    with torch.no_grad():
        again = dict(zip(OUTPUTS, graph(torch.from_numpy(code_points.copy()), torch.from_numpy(declared)), strict=True))
    for name in ("controlled", "misdeclared", "vague", "control", "chpl"):
        assert np.abs(getattr(said, name) - again[name].numpy()).max() <= 1e-5, name


def test_a_refit_learns_new_lines_and_keeps_the_champions_answers(champion):
    new = prepare(
        [LabelledLine(seizure_row(k)["description"], hs="854231") for k in range(64)], champion.model.config.n_rows
    )
    old = prepare([LabelledLine(text) for text in FIVE_SCRIPTS * 20], champion.model.config.n_rows)
    calm = replace(FAST, batch=16, epochs=6, table_rate=0.005, head_rate=0.005)
    model = refit(champion.model, Lessons(new, old), calm, lambda *_: None)
    at = model.space.tree.headings.index("8542")

    def headings(one, prepared):
        with torch.no_grad():
            mass = one.space.tree.heading_log_mass(one.heads.hs_logits(one.embed(prepared.rows)))
        return torch.softmax(mass, dim=1)

    before, after = headings(champion.model, new)[:, at].mean(), headings(model, new)[:, at].mean()
    assert after > 2 * before
    alone = refit(champion.model, Lessons(new, prepare([], champion.model.config.n_rows)), calm, lambda *_: None)
    known = headings(champion.model, old)
    moved = (headings(model, old) - known).abs().sum(dim=1).mean()
    assert moved < (headings(alone, old) - known).abs().sum(dim=1).mean()


def test_a_refit_goes_on_from_its_checkpoint_to_the_same_weights(champion, tmp_path):
    lessons = Lessons(
        prepare(
            [LabelledLine(seizure_row(k)["description"], hs="854231") for k in range(40)], champion.model.config.n_rows
        ),
        prepare([LabelledLine(text) for text in FIVE_SCRIPTS], champion.model.config.n_rows),
    )
    whole = refit(champion.model, lessons, FAST, lambda *_: None, tmp_path)
    (tmp_path / "epoch-2.safetensors").unlink()
    resumed = refit(champion.model, lessons, FAST, lambda *_: None, tmp_path)
    for name, weight in whole.state_dict().items():
        assert torch.equal(weight, resumed.state_dict()[name]), name


def test_killed_and_resumed_gives_the_bundle_of_an_uninterrupted_run(tmp_path, smoke_bundle):
    whole = retrain(request(tmp_path / "whole", smoke_bundle), Run("whole", None))
    random = Random(7)
    for number in range(MOMENTS):
        asked = request(tmp_path / str(number), smoke_bundle)
        moment = str(random.randrange(3, 18))
        script = [sys.executable, "-W", "ignore", str(Path(__file__).with_name("killed_retrain.py"))]
        done = subprocess.run([*script, moment, str(tmp_path / str(number)), str(smoke_bundle)], check=False)
        assert done.returncode == -signal.SIGKILL
        asked.store.read()
        again = retrain(asked, Run("again", None))
        assert again.digest == whole.digest
        shutil.rmtree(tmp_path / str(number))
    Scorer.load(tmp_path / "whole" / "bundle")
    index = Bundle.load(tmp_path / "whole" / "bundle").index
    assert index["retrain"]["champion"] == Bundle.load(smoke_bundle).digest
    assert whole.comparison.challenger.bundle == whole.digest
    assert "What changed since the champion" in (tmp_path / "whole" / "bundle" / "card.md").read_text(encoding="utf-8")
    from elek_training.retrain_report import write_reports

    reports = write_reports(whole, request(tmp_path / "whole", smoke_bundle))
    names = {p.name for p in reports.iterdir()}
    assert names == {"gate.json", "leaks.json", "compare.html", "evaluate.html", "label-issues.csv"}
    assert json.loads((reports / "leaks.json").read_text())["share"] == 0


def test_a_poisoned_batch_of_one_shipper_is_cut_to_its_share(tmp_path, smoke_bundle):
    flood = [seizure_row(k, actual_hs="", actual_control="none", shipper="flood") for k in range(1000, 1100)]
    asked = request(tmp_path, smoke_bundle, flood)
    with pytest.raises(RetrainError, match="over the share of one giver"):
        retrain(asked, Run("poisoned", None))
    assert not asked.out.exists()


def test_bad_rows_stop_a_retraining_with_their_place(tmp_path, smoke_bundle):
    with pytest.raises(RetrainError, match="row 2, column 'Actual HS'"):
        retrain(request(tmp_path, smoke_bundle, [seizure_row(1, actual_hs="nothing")]), Run("bad", None))


def test_wrong_labels_stand_first_in_the_list(champion, tmp_path):
    random = Random(3)
    lines, wrong = [], set()
    for k in range(240):
        kind = ("насос центробежный", "8413") if k % 2 else ("микросхема памяти", "8542")
        text = f"{kind[0]} {seizure_row(k)['description'].split()[0]}"
        heading = kind[1]
        if random.random() < 0.15:
            wrong.add(str(k))
            heading = "0101" if k % 2 else "6109"
        lines.append(LabelledLine(text, hs=heading, line_id=str(k), group=str(k)))
    config = FAST
    review = find_label_issues(champion.model, prepare(lines, champion.model.config.n_rows), config, lambda *_: None)
    first = {issue.line_id for issue in review.issues[: int(0.3 * len(lines))]}
    assert len(first & wrong) >= 0.8 * len(wrong)
    write_issues(review, tmp_path / "issues.jsonl")
    written = [json.loads(row) for row in (tmp_path / "issues.jsonl").read_text(encoding="utf-8").splitlines()]
    assert written[0]["doubt"] >= written[-1]["doubt"]
    assert "the other labels give it" in written[0]["reason"]

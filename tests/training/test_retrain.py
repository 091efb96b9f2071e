import hashlib
import json
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

from counts import SOAK, count
from elek import Bundle, Scorer
from elek.bundle import STARTER
from elek.code_points import to_code_points
from elek.graph import OUTPUTS, Graph
from elek.manifest import read_manifest
from elek.text import normalise
from elek_training.champion_weights import read_champion
from elek_training.fit import prepare
from elek_training.graph import GoodsGraph
from elek_training.label_issues import find_label_issues, write_issues
from elek_training.labelled import LabelledLine
from elek_training.refit import Lessons, read_refit_config, refit
from elek_training.retrain import RetrainError, retrain
from elek_training.retrain_report import write_reports
from elek_training.tracking import Run
from factory import FIVE_SCRIPTS
from training.retrain_requests import FAST, request, seizures
from training.seizure_files import seizure_row

MOMENTS = count(1, 20)


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


def test_a_share_of_the_champions_weights_stays(champion):
    new = prepare(
        [LabelledLine(seizure_row(k)["description"], hs="854231") for k in range(20)], champion.model.config.n_rows
    )
    lessons = Lessons(new, prepare([], champion.model.config.n_rows))
    whole = refit(champion.model, lessons, FAST, lambda *_: None).state_dict()
    half = refit(champion.model, lessons, replace(FAST, champion_share=0.5), lambda *_: None).state_dict()
    for name, weight in champion.model.state_dict().items():
        assert torch.allclose(half[name], (weight + whole[name]) / 2, atol=1e-6), name


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory, smoke_bundle):
    """A retraining that nothing stopped: its request, its run and what it gave."""
    asked, run = request(tmp_path_factory.mktemp("whole"), smoke_bundle), Run("whole", None)
    return asked, run, retrain(asked, run)


def test_two_retrainings_with_one_seed_give_equal_bundles(tmp_path, smoke_bundle, uninterrupted):
    def content(out: Path) -> tuple[str, str]:
        files = b"".join(path.read_bytes() for path in sorted(out.iterdir()))
        return Bundle.load(out).digest, hashlib.sha256(files).hexdigest()

    def learn(name: str) -> Path:
        asked = request(tmp_path / name, STARTER if SOAK else smoke_bundle, seizures(count(120, 600)))
        retrain(replace(asked, config=read_refit_config("retrain") if SOAK else FAST), Run(name, None))
        return asked.out

    once = learn("once") if SOAK else uninterrupted[0].out
    assert content(once) == content(learn("twice"))


def test_killed_in_any_stage_and_resumed_gives_the_bundle_of_an_uninterrupted_run(
    tmp_path, smoke_bundle, uninterrupted
):
    _, run, whole = uninterrupted
    random, stages = Random(7), list(run.seconds)
    for number in range(MOMENTS):
        stage = stages[number % len(stages)] if MOMENTS > 1 else "rehearse and learn"
        asked, moment = request(tmp_path / str(number), smoke_bundle), random.random() * run.seconds[stage]
        script = [sys.executable, "-W", "ignore", str(Path(__file__).with_name("killed_retrain.py")), stage]
        done = subprocess.run([*script, str(moment), str(tmp_path / str(number)), str(smoke_bundle)], check=False)
        assert done.returncode == -signal.SIGKILL, stage
        asked.store.read()
        again = retrain(asked, Run("again", None))
        assert again.digest == whole.digest, stage
        assert not [p for p in (tmp_path / str(number)).iterdir() if p.name.startswith(".bundle")]
        shutil.rmtree(tmp_path / str(number))


def test_a_retrained_bundle_says_what_it_learnt_from_and_what_changed(uninterrupted, smoke_bundle):
    asked, _, whole = uninterrupted
    Scorer.load(asked.out)
    index = Bundle.load(asked.out).index
    assert index["retrain"]["champion"] == Bundle.load(smoke_bundle).digest
    assert whole.comparison.challenger.bundle == whole.digest
    assert "What changed since the champion" in (asked.out / "card.md").read_text(encoding="utf-8")
    reports = write_reports(whole, asked)
    names = {p.name for p in reports.iterdir()}
    assert names >= {
        "gate.json",
        "leaks.json",
        "compare.html",
        "evaluate.html",
        "label-issues.csv",
        "label-issues.html",
    }
    assert "evaluate-controlled.png" in names
    assert json.loads((reports / "leaks.json").read_text())["share"] == 0


def test_the_list_of_doubtful_labels_is_a_manifest_that_the_desk_takes(uninterrupted):
    asked, _, whole = uninterrupted
    listed = list(read_manifest(write_reports(whole, asked) / "label-issues.csv").lines)
    assert [line.description for line in listed] == [issue.description for issue in whole.review.issues]
    assert {line.declared_hs for line in listed} == {"950300"}


def test_a_retraining_on_a_flood_of_one_shipper_says_that_it_is_held(tmp_path, smoke_bundle):
    flood = [seizure_row(k, actual_hs="", actual_control="none", shipper="flood") for k in range(1000, 1100)]
    asked = request(tmp_path, smoke_bundle, flood)
    with pytest.raises(RetrainError, match="100 held until a named person lets their giver in"):
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
    review = find_label_issues(
        champion.model, prepare(lines, champion.model.config.n_rows), config, Run("issues", None)
    )
    first = {issue.line_id for issue in review.issues[: int(0.3 * len(lines))]}
    assert len(first & wrong) >= 0.8 * len(wrong)
    write_issues(review, tmp_path / "issues.jsonl")
    written = [json.loads(row) for row in (tmp_path / "issues.jsonl").read_text(encoding="utf-8").splitlines()]
    assert written[0]["doubt"] >= written[-1]["doubt"]
    assert "the other labels give it" in written[0]["reason"]

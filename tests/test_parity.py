"""One answer everywhere: Python, command line, HTTP, any batch."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from counts import count
from elek.cli import app
from elek.code_points import to_code_points
from elek.graph import Graph
from elek.sound import sound_form
from elek.text import normalise
from factory import FIVE_SCRIPTS

SCORES = ("controlled_score", "misdeclaration_score", "vagueness_score")


def test_python_command_line_and_http_give_the_same_records(scorer, tmp_path):
    testclient = pytest.importorskip("fastapi.testclient")
    from elek_serving.app import create_app
    from elek_serving.settings import Settings

    lines = [
        {"line_id": str(i), "description": f"{t} {i}", "declared_hs": "854231"}
        for i, t in enumerate(FIVE_SCRIPTS * count(40, 400))
    ]
    python = [s.to_record() for s in scorer.score(lines)]
    manifest, out = tmp_path / "m.jsonl", tmp_path / "out.jsonl"
    manifest.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    assert CliRunner().invoke(app, ["score", str(manifest), "-o", str(out)]).exit_code == 0
    command = [json.loads(row) for row in out.read_text(encoding="utf-8").splitlines()]
    service = create_app(Settings(data=tmp_path / "data", open=True))
    with testclient.TestClient(service, base_url="http://localhost") as client:
        http = [
            r
            for at in range(0, len(lines), 100)
            for r in client.post("/v1/score", json={"lines": lines[at : at + 100]}).json()["lines"]
        ]
    for others in (command, http):
        for mine, theirs in zip(python, others, strict=True):
            assert {k: v for k, v in mine.items() if isinstance(v, str)} == {
                k: v for k, v in theirs.items() if isinstance(v, str)
            }
            assert all(abs(mine[name] - theirs[name]) <= 1e-5 for name in SCORES)


@pytest.mark.parametrize("size", [1, 2, 7, 31, 32, 33, 64, 256])
def test_batch_size_moves_no_score(scorer, size):
    texts = [f"{t} {'x' * (i % 50)}" for i, t in enumerate(FIVE_SCRIPTS * count(30, 400))]
    alone = [s.to_record() for t in texts for s in scorer.score([t])]
    batched = [s.to_record() for at in range(0, len(texts), size) for s in scorer.score(texts[at : at + size])]
    for mine, theirs in zip(alone, batched, strict=True):
        assert mine["verdict"] == theirs["verdict"]
        for name in ("controlled_score", "vagueness_score"):
            assert abs(mine[name] - theirs[name]) <= 1e-5
        for a, b in zip(mine["headings"], theirs["headings"], strict=True):
            assert abs(a["p"] - b["p"]) <= 1e-5


def test_threads_move_no_score(scorer):
    texts = [sound_form(normalise(f"{t} {i}").text) for i, t in enumerate(FIVE_SCRIPTS * count(8, 400))]
    declared = np.full((len(texts), 3), -1, dtype=np.int64)
    one, two = (Graph(scorer.bundle.files["model.onnx"], scorer.labels, threads=n) for n in (1, 2))
    for at in range(0, len(texts), 64):
        batch = to_code_points(texts[at : at + 64]), declared[at : at + 64], 5
        mine, other = one.run(*batch), two.run(*batch)
        for name in ("controlled", "vague", "control", "chpl", "heading_p", "subheading_p"):
            assert np.abs(getattr(mine, name) - getattr(other, name)).max() <= 1e-5

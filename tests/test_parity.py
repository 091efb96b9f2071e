"""One answer everywhere: Python, command line, HTTP, any batch."""

import json

import pytest
from typer.testing import CliRunner

from elek.cli import app
from factory import FIVE_SCRIPTS

SCORES = ("controlled_score", "misdeclaration_score", "vagueness_score")


def test_python_command_line_and_http_give_the_same_records(scorer, tmp_path):
    testclient = pytest.importorskip("fastapi.testclient")
    from elek_serving.app import create_app
    from elek_serving.settings import Settings

    lines = [
        {"line_id": str(i), "description": f"{t} {i}", "declared_hs": "854231"} for i, t in enumerate(FIVE_SCRIPTS * 40)
    ]
    python = [s.to_record() for s in scorer.score(lines)]
    manifest, out = tmp_path / "m.jsonl", tmp_path / "out.jsonl"
    manifest.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    assert CliRunner().invoke(app, ["score", str(manifest), "-o", str(out)]).exit_code == 0
    command = [json.loads(row) for row in out.read_text(encoding="utf-8").splitlines()]
    service = create_app(Settings(data=tmp_path / "data", open=True))
    with testclient.TestClient(service, base_url="http://localhost") as client:
        http = [
            r for at in (0, 100) for r in client.post("/v1/score", json={"lines": lines[at : at + 100]}).json()["lines"]
        ]
    for others in (command, http):
        for mine, theirs in zip(python, others, strict=True):
            assert {k: v for k, v in mine.items() if isinstance(v, str)} == {
                k: v for k, v in theirs.items() if isinstance(v, str)
            }
            assert all(abs(mine[name] - theirs[name]) <= 1e-5 for name in SCORES)


@pytest.mark.parametrize("size", [1, 2, 7, 31, 32, 33, 64, 256])
def test_batch_size_moves_no_score(scorer, size):
    texts = [f"{t} {'x' * (i % 50)}" for i, t in enumerate(FIVE_SCRIPTS * 30)]
    alone = [s.to_record() for t in texts for s in scorer.score([t])]
    batched = [s.to_record() for at in range(0, len(texts), size) for s in scorer.score(texts[at : at + size])]
    for mine, theirs in zip(alone, batched, strict=True):
        assert mine["verdict"] == theirs["verdict"]
        for name in ("controlled_score", "vagueness_score"):
            assert abs(mine[name] - theirs[name]) <= 1e-5
        for a, b in zip(mine["headings"], theirs["headings"], strict=True):
            assert abs(a["p"] - b["p"]) <= 1e-5

"""The scorer stands alone: without the training stack, without the network, and nobody imports across."""

import json
import shutil
import subprocess
import sys

import pytest

from factory import REPOSITORY

HEAVY = (
    "torch",
    "sklearn",
    "scipy",
    "pandas",
    "mlflow",
    "transformers",
    "tokenizers",
    "sentence_transformers",
    "fastapi",
    "yaml",
)
OURS = ("elek_training", "elek_serving")

BLOCKED = """
import json, socket, sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {blocked!r}:
            raise ImportError(name + " is blocked")
sys.meta_path.insert(0, Refuse())

def no_network(*args, **kwargs):
    raise RuntimeError("a socket was opened")
socket.socket.connect = no_network
socket.getaddrinfo = no_network
socket.create_connection = no_network

from pathlib import Path
from elek import Scorer
from elek.manifest import read_manifest
scored = Scorer.load().score(list(read_manifest(Path({manifest!r})).lines))
print(json.dumps([sorted(set({blocked!r}) & set(sys.modules)), [s.status for s in scored]]))
"""


def test_scoring_needs_neither_the_training_stack_nor_the_network():
    script = BLOCKED.format(blocked=(*HEAVY, *OURS), manifest=str(REPOSITORY / "data/sample/manifest.csv"))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded, statuses = json.loads(done.stdout)
    assert loaded == []
    assert statuses == ["ok"] * 64


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("model/elek/codes.py", "import elek_training"),
        ("model/elek/codes.py", "import torch"),
        ("training/elek_training/split.py", "import elek_serving"),
        ("serving/elek_serving/schemas.py", "import elek_training"),
    ],
)
def test_the_linter_reports_an_import_across(tmp_path, module, line):
    for part in ("model", "training", "serving", "benchmarks"):
        shutil.copytree(REPOSITORY / part, tmp_path / part, ignore=shutil.ignore_patterns("starter", "__pycache__"))
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    with (tmp_path / module).open("a") as file:
        file.write(f"\n{line}\n")
    search = ":".join(str(tmp_path / part) for part in (".", "model", "training", "serving"))
    linter = shutil.which("lint-imports", path=str(sys.prefix) + "/bin")
    done = subprocess.run(
        [linter, "--no-cache"],
        cwd=tmp_path,
        env={"PYTHONPATH": search, "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout


def test_no_pickle_in_the_packages():
    for part in ("model", "training", "serving"):
        for path in (REPOSITORY / part).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            for word in ("import pickle", "joblib", "torch.load", "allow_pickle=True"):
                assert word not in text, path


def test_modules_stay_short():
    for part in ("model", "training", "serving", "tests"):
        for path in (REPOSITORY / part).rglob("*.py"):
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path


def test_no_python_lies_directly_in_the_three_folders():
    for part in ("model", "training", "serving"):
        assert not list((REPOSITORY / part).glob("*.py"))

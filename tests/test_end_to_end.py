"""From labelled lines to a verdict, and from the wheel in a clean environment."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import httpx2
import pytest

from factory import REPOSITORY


def run(*command, cwd=None):
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False, cwd=cwd, env=clean)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("dist")
    done = run(sys.executable, "-m", "build", "--wheel", "--outdir", out, REPOSITORY)
    assert done.returncode == 0, done.stderr
    [path] = out.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def thin(tmp_path_factory, wheel):
    """A clean environment with the wheel and no extras."""
    folder = tmp_path_factory.mktemp("thin")
    venv.create(folder, with_pip=True)
    done = run(folder / "bin/python", "-m", "pip", "install", "-q", "-c", REPOSITORY / "constraints.txt", wheel)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_wheel_holds_the_starter_and_the_data(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "elek/starter/model.onnx", "elek/starter/bundle.json", "elek/py.typed", "elek_training/configs/ngram.toml",
        "elek_training/data/taxonomy/chpl.csv", "elek_training/data/catalogue/vague.yaml",
    ):  # fmt: skip
        assert needed in names
    assert not [n for n in names if n.startswith(("model/", "training/", "tests/"))]


def test_the_wheel_alone_scores_the_sample(thin, tmp_path):
    out = tmp_path / "out.jsonl"
    done = run(thin / "bin/elek", "score", REPOSITORY / "data/sample/manifest.csv", "-o", out, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(out.read_text(encoding="utf-8").splitlines()) == 64
    for heavy in ("torch", "sklearn", "tokenizers"):
        assert run(thin / "bin/python", "-c", f"import {heavy}").returncode != 0


def test_commands_without_their_extra_exit_3_and_name_it(thin, tmp_path):
    for command, extra in ((("train", "catalogue"), "training"), (("serve",), "serving")):
        done = run(thin / "bin/elek", *command, cwd=tmp_path)
        assert done.returncode == 3, done.stdout + done.stderr
        assert f"elek[{extra}]" in done.stderr
    assert "train" in run(thin / "bin/elek", "--help", cwd=tmp_path).stdout


def test_the_thin_environment_stays_small(thin):
    site = next((thin / "lib").glob("python*/site-packages"))
    size = sum(
        f.stat().st_size
        for f in site.rglob("*")
        if f.is_file()
        and not f.relative_to(site).parts[0].startswith(("pip", "setuptools", "_distutils_hack", "pkg_resources"))
    )
    assert size <= 220_000_000


def test_the_catalogue_is_found_from_the_wheel_outside_the_checkout(wheel, tmp_path):
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    script = "import sys; sys.path.insert(0, sys.argv[1]); import elek_training.folders as f; print(f.data_folder('catalogue'))"
    found = run(sys.executable, "-c", script, site, cwd=tmp_path)
    assert Path(found.stdout.strip()) == site / "elek_training/data/catalogue"
    runner = "import sys; sys.path.insert(0, sys.argv.pop(1)); from elek.cli import main; main()"
    done = run(sys.executable, "-c", runner, site, "train", "catalogue", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr + done.stdout
    assert json.loads(done.stdout)["counts"]["goods"] > 0


def test_the_catalogue_is_found_from_an_editable_checkout(tmp_path):
    done = run(Path(sys.prefix) / "bin/elek", "train", "catalogue", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_four_digit_lines_train_and_are_scored_in_order(tmp_path):
    lines = tmp_path / "lines.csv"
    lines.write_text(
        "line_id,description,hs,lang,source,group\n"
        + "".join(f"r{i},насос водяной тип {i},8413,ru,mine,g{i}\n" for i in range(40)),
        encoding="utf-8",
    )
    elek = Path(sys.prefix) / "bin/elek"
    fitted = run(elek, "train", "fit", "--config", "smoke", "--lines", lines, "--out", tmp_path / "B", cwd=tmp_path)
    assert fitted.returncode == 0, fitted.stderr
    assert (tmp_path / "mlruns/mlflow.db").is_file()
    out = tmp_path / "out.jsonl"
    scored = run(elek, "score", lines, "--bundle", tmp_path / "B", "-o", out, cwd=tmp_path)
    assert scored.returncode == 0, scored.stderr
    records = [json.loads(row) for row in out.read_text(encoding="utf-8").splitlines()]
    assert [r["line_id"] for r in records] == [f"r{i}" for i in range(40)]
    assert {r["status"] for r in records} == {"ok"}
    assert all(r["declared"] is None for r in records)


DECIDED = [
    {"decision": "confirm", "reason": "names_controlled_goods", "correct_hs": "8542.31", "correct_entry": "3A001"},
    {"decision": "clear", "reason": "inspected"},
    {"decision": "refer", "reason": "needs_expert"},
]


def test_decisions_at_the_desk_become_labels_by_address_and_by_file(tmp_path, monkeypatch):
    pytest.importorskip("fastapi")
    from typer.testing import CliRunner

    from desk_factory import serve_desk
    from elek.goods import GoodsLine
    from elek_serving.audit import cli as audit
    from elek_serving.store.api_keys import add_key
    from elek_training.cli import app
    from elek_training.label_store import LabelStore

    data, run_command = tmp_path / "data", CliRunner().invoke
    with serve_desk(data) as (desk, address):
        desk.add_people()
        desk.add_lines([GoodsLine("Микросхема XC7K325T", "843390"), GoodsLine("насос", "8413"), GoodsLine("детали")])
        keys = {scope: add_key("aida", [scope], 1, "test") for scope in ("decisions", "labels")}
        for key in keys.values():
            desk.service.log.write(key.work)
        for row, said in enumerate(DECIDED, start=1):
            headers = {"Authorization": f"Bearer {keys['decisions'].text}"}
            made = httpx2.post(f"{address}/v1/decisions", json={"manifest": 1, "row": row, **said}, headers=headers)
            assert made.status_code == 201, made.text
        source = ["--from-desk", f"{address}/v1/decisions"]
        monkeypatch.delenv("ELEK_API_KEY", raising=False)
        refused = run_command(app, ["intake", *source, "--store", str(tmp_path / "no key")])
        assert (refused.exit_code, "ELEK_API_KEY" in refused.output) == (3, True)
        monkeypatch.setenv("ELEK_API_KEY", keys["labels"].text)
        taken = run_command(app, ["intake", *source, "--store", str(tmp_path / "by address")])
        assert taken.exit_code == 0, taken.output
    file = tmp_path / "decisions.jsonl"
    exported = run_command(audit.app, ["export", "--decisions", str(file), "--data", str(data)])
    assert exported.exit_code == 0, exported.output
    assert run_command(app, ["intake", "--from-desk", str(file), "--store", str(tmp_path / "by file")]).exit_code == 0
    by_address, by_file = (LabelStore(tmp_path / name) for name in ("by address", "by file"))
    assert by_address.version
    assert [s.label for s in by_address.read()] == [s.label for s in by_file.read()]
    told = [(s.label.description, s.label.hs, s.label.control, s.label.reason) for s in by_address.read()]
    assert told == [
        ("Микросхема XC7K325T", "854231", "3A001", "names_controlled_goods"),
        ("насос", "", "none", "inspected"),
    ]
    assert {(s.label.who, s.label.weight) for s in by_address.read()} == {("aida", "1")}

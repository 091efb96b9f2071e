import json
import os
import shutil

import pytest

from elek import Bundle, BundleError, Scorer
from elek.bundle import STARTER, write_index
from elek.labels import Labels


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(STARTER, tmp_path / "bundle")


def test_every_file_is_checked(folder):
    for name in json.loads((folder / "bundle.json").read_text())["files"]:
        path = folder / name
        good = path.read_bytes()
        path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
        with pytest.raises(BundleError, match=name):
            Bundle.load(folder)
        path.unlink()
        with pytest.raises(BundleError, match=f"'{name}' is missing"):
            Bundle.load(folder)
        path.write_bytes(good)
    Bundle.load(folder)


def test_an_extra_file_is_refused(folder):
    (folder / "model.onnx.data").write_bytes(b"x")
    with pytest.raises(BundleError, match=r"model\.onnx\.data"):
        Bundle.load(folder)


@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_links_are_refused(folder, tmp_path, link):
    target = tmp_path / "elsewhere"
    shutil.move(folder / "model.onnx", target)
    link(target, folder / "model.onnx")
    with pytest.raises(BundleError, match=r"model\.onnx"):
        Bundle.load(folder)


@pytest.mark.parametrize(
    "broken", [b"", b"{}", b"[]", b"[" * 100_000, b'{"format_version": 1, "files": {}, "thresholds": {}}', b"\xff\xfe"]
)
def test_a_broken_index_is_refused(folder, broken):
    (folder / "bundle.json").write_bytes(broken)
    with pytest.raises(BundleError):
        Bundle.load(folder)


def test_an_unknown_format_is_refused(folder):
    index = json.loads((folder / "bundle.json").read_text())
    (folder / "bundle.json").write_text(json.dumps({**index, "format_version": 99}))
    with pytest.raises(BundleError, match="99"):
        Bundle.load(folder)


def test_golden_lines_that_do_not_reproduce_are_refused(folder):
    rows = [json.loads(row) for row in (folder / "golden.jsonl").read_text().splitlines()]
    rows[3]["scores"]["controlled_score"] = 1 - rows[3]["scores"]["controlled_score"]
    (folder / "golden.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    index = json.loads((folder / "bundle.json").read_text())
    write_index(folder, {k: v for k, v in index.items() if k not in ("files", "format_version")})
    with pytest.raises(BundleError, match="golden"):
        Scorer.load(folder)


def test_a_graph_of_something_else_is_refused(folder):
    (folder / "model.onnx").write_bytes(b"not a graph")
    index = json.loads((folder / "bundle.json").read_text())
    write_index(folder, {k: v for k, v in index.items() if k not in ("files", "format_version")})
    with pytest.raises(BundleError, match=r"model\.onnx"):
        Scorer.load(folder)


def test_no_folder_names_the_command_that_makes_one(tmp_path):
    with pytest.raises(BundleError, match="elek train fit"):
        Bundle.load(tmp_path / "nothing")


def test_labels_survive_writing(scorer):
    assert Labels.from_json(scorer.labels.to_json()) == scorer.labels


def test_the_digest_is_that_of_the_index(scorer):
    import hashlib

    digest = hashlib.sha256((STARTER / "bundle.json").read_bytes()).hexdigest()
    assert scorer.bundle.digest == f"sha256:{digest}"


def test_the_starter_fits_the_size_limit():
    assert sum(f.stat().st_size for f in STARTER.iterdir()) <= 16_000_000

"""Every kind of damage to a bundle is refused, by name where there is one, and a running scorer does not notice."""

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from elek import Bundle, BundleError, Scorer
from elek.onnx_scan import check_model
from elek.signature import generate_key, read_private_key, sign_bundle

BUNDLES = Path(__file__).with_name("bundles")
SMALL = BUNDLES / "v1"
N_DAMAGED = 300 if os.environ.get("ELEK_SOAK") else 60

Damage = Callable[[Path, random.Random], None]


@pytest.mark.parametrize("folder", sorted(BUNDLES.iterdir()), ids=lambda folder: folder.name)
def test_every_bundle_format_ever_written_still_scores(folder):
    scorer = Scorer.load(folder)
    assert f"v{scorer.bundle.index['format_version']}" == folder.name
    [line] = scorer.score([{"description": "микросхема памяти", "declared_hs": "880622"}])
    assert line.status == "ok"
    assert sum(f.stat().st_size for f in folder.iterdir()) <= 300_000


def reindex(folder: Path) -> None:
    """Make the index agree with the files again, as a forger would."""
    import hashlib

    index = json.loads((folder / "bundle.json").read_text())
    for name in index["files"]:
        content = (folder / name).read_bytes()
        index["files"][name] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    (folder / "bundle.json").write_text(json.dumps(index))


def any_file(folder: Path, rng: random.Random) -> Path:
    return rng.choice(sorted(p for p in folder.iterdir() if p.name != "bundle.json"))


def change_a_byte(folder, rng):
    path = any_file(folder, rng)
    content = bytearray(path.read_bytes())
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)


def cut_a_file(folder, rng):
    path = any_file(folder, rng)
    path.write_bytes(path.read_bytes()[: rng.randrange(path.stat().st_size)])


def remove_a_file(folder, rng):
    rng.choice(sorted(folder.iterdir())).unlink()


def add_a_file(folder, rng):
    (folder / rng.choice(("weights.bin", "model.onnx.data", ".hidden", "z.py"))).write_bytes(rng.randbytes(9))


def link_a_file(folder, rng):
    path = rng.choice(sorted(folder.iterdir()))
    away = folder.parent / "away"
    shutil.move(path, away)
    rng.choice((os.symlink, os.link))(away, path)


def put_something_else(folder, rng):
    path = any_file(folder, rng)
    path.unlink()
    rng.choice((os.mkdir, os.mkfifo))(path)


def append_field(folder: Path, content: bytes) -> None:
    path = folder / "model.onnx"
    path.write_bytes(path.read_bytes() + content)
    reindex(folder)


def message(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2, len(content)]) + content


def keep_data_outside(folder, rng):
    entry = message(1, b"location") + message(2, b"../../etc/passwd")
    append_field(folder, message(7, message(5, bytes([8 << 3 | 2, 1]) + b"w" + message(13, entry) + b"\x70\x01")))


def use_another_domain(folder, rng):
    domain = rng.choice((b"com.evil", b"com.microsoft", b"ai.onnx.ml"))
    node = message(4, b"Run") + message(7, domain)
    append_field(folder, rng.choice((message(8, message(1, domain) + b"\x10\x01"), message(7, message(1, node)))))


def break_the_graph(folder, rng):
    path = folder / "model.onnx"
    path.write_bytes(rng.choice((b"", rng.randbytes(50), path.read_bytes()[: rng.randrange(1, 20_000)])))
    reindex(folder)


def name_another_format(folder, rng):
    index = json.loads((folder / "bundle.json").read_text())
    index["format_version"] = rng.choice((0, -1, 99, "1", None, 1.0, True, [1]))
    (folder / "bundle.json").write_text(json.dumps(index))


def break_the_index(folder, rng):
    index = json.loads((folder / "bundle.json").read_text())
    broken = rng.choice(
        (
            lambda: index.pop("files"),
            lambda: index["files"].pop("model.onnx"),
            lambda: index["files"].update({"../model.onnx": index["files"].pop("model.onnx")}),
            lambda: index["files"].update({"card.md": []}),
            lambda: index["thresholds"].update(controlled=float("nan")),
            lambda: index["thresholds"].update(vague=7),
            lambda: index["thresholds"].update(more=0.5),
            lambda: index.update(files=["model.onnx"]),
        )
    )
    broken()
    (folder / "bundle.json").write_text(json.dumps(index))


def change_the_label_order(folder, rng):
    labels = json.loads((folder / "labels.json").read_text())
    codes = labels[rng.choice(("headings", "subheadings", "chapters"))]
    a, b = rng.sample(range(len(codes)), 2)
    codes[a], codes[b] = codes[b], codes[a]
    (folder / "labels.json").write_text(json.dumps(labels))
    reindex(folder)


def break_the_labels(folder, rng):
    labels = json.loads((folder / "labels.json").read_text())
    rng.choice(
        (
            lambda: labels["subheadings"].pop(),
            lambda: labels["headings"].append(labels["headings"][0]),
            lambda: labels["entries"].pop(0),
            lambda: labels["chpl"].update({"854231": "9"}),
            lambda: labels.pop("moves"),
        )
    )()
    (folder / "labels.json").write_text(json.dumps(labels))
    reindex(folder)


def change_the_golden_lines(folder, rng):
    rows = [json.loads(row) for row in (folder / "golden.jsonl").read_text().splitlines()]
    scores = rng.choice(rows)["scores"]
    scores["controlled_score"] = (scores["controlled_score"] + 0.5) % 1
    texts = ["", "{}", "[" * 9000, '{"line": {"x": 1}, "scores": {}}', "\n".join(json.dumps(row) for row in rows)]
    (folder / "golden.jsonl").write_text(rng.choice(texts))
    reindex(folder)


KINDS: tuple[Damage, ...] = (
    change_a_byte, cut_a_file, remove_a_file, add_a_file, link_a_file, put_something_else, keep_data_outside,
    use_another_domain, break_the_graph, name_another_format, break_the_index, change_the_label_order, break_the_labels,
    change_the_golden_lines,
)  # fmt: skip


def test_damaged_bundles_are_refused_and_the_running_scorer_stays_as_it_is(tmp_path):
    running = Scorer.load(SMALL)
    before = running.score(["микросхема памяти"])
    for seed in range(N_DAMAGED):
        rng = random.Random(seed)
        folder = shutil.copytree(SMALL, tmp_path / "work" / "bundle")
        damage = KINDS[seed % len(KINDS)]
        damage(folder, rng)
        with pytest.raises(BundleError) as refused:
            running = Scorer.load(folder)
        assert len(str(refused.value)) > 20, (damage.__name__, seed)
        shutil.rmtree(tmp_path / "work")
    assert running.score(["микросхема памяти"]) == before


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (keep_data_outside, "outside the file"), (use_another_domain, "unknown domain"), (add_a_file, "not listed"),
        (change_the_label_order, "label order"), (name_another_format, "format"),
    ],
)  # fmt: skip
def test_the_refusal_says_what_is_wrong(tmp_path, damage, words):
    folder = shutil.copytree(SMALL, tmp_path / "bundle")
    damage(folder, random.Random(1))
    with pytest.raises(BundleError, match=words):
        Scorer.load(folder)


def test_an_unsigned_or_wrongly_signed_bundle_is_refused_when_a_key_is_trusted(tmp_path, monkeypatch):
    folder = shutil.copytree(SMALL, tmp_path / "bundle")
    for name in ("mine", "other"):
        generate_key(tmp_path / name)
    monkeypatch.setenv("ELEK_TRUST_KEY", str(tmp_path / "mine.pub"))
    sign_bundle(folder, read_private_key(tmp_path / "mine"))
    good = (folder / "bundle.sig").read_bytes()
    Bundle.load(folder)
    rng = random.Random(4)
    for bad in (b"", good[:-1], good + b"0", bytes(64), rng.randbytes(64), bytes([good[0] ^ 1]) + good[1:]):
        (folder / "bundle.sig").write_bytes(bad)
        with pytest.raises(BundleError, match=r"bundle\.sig"):
            Bundle.load(folder)


def test_no_bytes_crash_the_scan():
    model = (SMALL / "model.onnx").read_bytes()
    check_model(model)
    rng = random.Random(2)
    for _ in range(300):
        broken = bytearray(model[: rng.randrange(len(model))])
        for _ in range(rng.randrange(1, 9)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        try:
            check_model(bytes(broken))
        except BundleError as refused:
            assert "model.onnx" in str(refused)

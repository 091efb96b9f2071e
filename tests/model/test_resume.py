"""A killed run is continued and gives the byte-identical file; one of other files or options is refused."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from elek.cli import app
from elek.errors import ManifestError
from elek.part_file import Identity, PartFile
from elek.scored_chunk import CHUNK

SOAK = bool(os.environ.get("ELEK_SOAK"))
KILLS = 30 if SOAK else 3
LINES = 60_000 if SOAK else 3_500
GOODS = (
    "Насос центробежный",
    "ball bearing 6205-2RS",
    "квадрокоптер DJI Mavic 3",
    "苹果 新鲜",
    "детали",
    "микросхема XC7K325T",
)
CODES = ("841370", "848210", "950300", "080810", "", "8542319000")


@pytest.fixture(scope="module")
def manifest(tmp_path_factory):
    path = tmp_path_factory.mktemp("manifest") / "m.csv"
    rows = [f"{GOODS[i % 6]} {i},{CODES[i % 5]},C-{i % 700}" for i in range(LINES)]
    path.write_text("\n".join(["description,declared_hs,consignment_id", *rows, ""]), encoding="utf-8")
    return path


def elek(*arguments):
    return [f"{sys.prefix}/bin/elek", "score", *map(str, arguments)]


def run(*arguments):
    return CliRunner().invoke(app, ["score", *map(str, arguments)])


@pytest.mark.parametrize("ending", ["jsonl", "parquet"] if SOAK else ["jsonl"])
def test_a_run_killed_again_and_again_gives_the_same_bytes(manifest, tmp_path, ending):
    whole, torn = tmp_path / f"whole.{ending}", tmp_path / f"torn.{ending}"
    assert run(manifest, "-o", whole, "--budget", "2%").exit_code == 0
    seeded = random.Random(30)
    for _ in range(KILLS):
        part, ledger = tmp_path / f".{torn.name}.part", tmp_path / f".{torn.name}.ledger"
        before = part.stat().st_size if part.exists() else 0
        with subprocess.Popen(
            elek(manifest, "-o", torn, "--budget", "2%", "--resume"), stderr=subprocess.DEVNULL
        ) as process:
            # killed at a seeded moment after some lines were written, whatever the speed of the machine
            wanted = before + seeded.randrange(1, 40 * LINES)
            while process.poll() is None and not (part.exists() and part.stat().st_size >= wanted):
                time.sleep(0.005)
            process.send_signal(signal.SIGKILL)
        if not ledger.exists() and not part.exists():
            break
    assert subprocess.run(elek(manifest, "-o", torn, "--budget", "2%", "--resume"), check=False).returncode == 0
    assert torn.read_bytes() == whole.read_bytes()
    consignments = [path.with_name(f"{path.name}.consignments.jsonl").read_bytes() for path in (whole, torn)]
    assert consignments[0] == consignments[1]
    assert not [p.name for p in tmp_path.iterdir() if p.name.startswith(".")]


def interrupted(manifest, out, **how):
    """Leave behind what a kill leaves: a part file with more lines than its ledger says."""
    done = run(manifest, "-o", out, *[str(x) for pair in how.items() for x in pair])
    assert done.exit_code == 0
    lines = out.read_bytes().splitlines(keepends=True)
    out.unlink()
    return lines


def leave(out, identity, lines, safe):
    part = PartFile(out, identity, resume=False)
    part.write(b"".join(lines[:safe]), safe)
    part.save(complete=False)
    part.write(b"".join(lines[safe : safe + 100]) + b'{"torn": ', 101)
    part._file.flush()
    part._file.close()


def identity_of(manifest, out, *options):
    """Take the identity from the ledger of a run that was stopped in the middle."""
    import elek.score_run as score_run
    from elek.score_run import ScoreOptions
    from elek.scorer import Scorer

    return score_run._identity(ScoreOptions(manifest, out), Scorer.load())


def test_a_torn_part_is_cut_back_to_what_the_ledger_says(manifest, tmp_path):
    out = tmp_path / "out.jsonl"
    lines = interrupted(manifest, out)
    leave(out, identity_of(manifest, out), lines, 2 * CHUNK)
    done = run(manifest, "-o", out, "--resume")
    assert done.exit_code == 0
    assert f"continued after {2 * CHUNK:,} lines" in done.output
    assert out.read_bytes() == b"".join(lines)


@pytest.mark.parametrize(
    ("change", "told"),
    [("manifest", "the manifest changed"), ("options", "the options changed"), ("bundle", "the bundle changed")],
)
def test_another_manifest_option_or_bundle_is_not_continued(manifest, tmp_path, change, told):
    mine = tmp_path / "m.csv"
    mine.write_text("description\nнасос\nтруба\n", encoding="utf-8")
    out = tmp_path / "out.jsonl"
    identity = identity_of(mine, out)
    if change == "bundle":
        identity = Identity(identity.manifest, "sha256:0", identity.options, identity.version)
    leave(out, identity, [b"{}\n"] * 200, 1)
    if change == "manifest":
        mine.write_text("description\nнасос\nтруба 2\n", encoding="utf-8")
    options = ["--top", "3"] if change == "options" else []
    done = run(mine, "-o", out, "--resume", *options)
    assert done.exit_code == 3
    assert told in done.output
    assert "without --resume" in done.output
    assert run(mine, "-o", out, *options).exit_code == 0


def test_a_ledger_that_cannot_be_read_is_refused(tmp_path):
    out = tmp_path / "out.jsonl"
    identity = Identity("a", "b", "{}", "0")
    (tmp_path / ".out.jsonl.ledger").write_text("{", encoding="utf-8")
    with pytest.raises(ManifestError, match="start again without --resume"):
        PartFile(out, identity, resume=True)


def test_two_runs_never_write_one_output(tmp_path):
    out = tmp_path / "out.jsonl"
    identity = Identity("a", "b", "{}", "0")
    first = PartFile(out, identity, resume=False)
    with pytest.raises(ManifestError, match="another run"):
        PartFile(out, identity, resume=False)
    first.close(keep=False)


def test_resuming_a_finished_run_scores_it_again(manifest, tmp_path):
    mine = tmp_path / "m.csv"
    mine.write_text("description\nнасос\n", encoding="utf-8")
    out = tmp_path / "out.csv"
    assert run(mine, "-o", out, "--resume").exit_code == 0
    before = out.read_bytes()
    assert run(mine, "-o", out, "--resume").exit_code == 0
    assert out.read_bytes() == before


def test_a_run_killed_after_its_output_was_moved_is_finished(tmp_path):
    mine = tmp_path / "m.csv"
    mine.write_text("description\nнасос\nтруба\n", encoding="utf-8")
    out = tmp_path / "out.jsonl"
    lines = interrupted(mine, out)
    part = PartFile(out, identity_of(mine, out), resume=False)
    part.write(b"".join(lines), 2)
    part.save(complete=True)
    part.move()
    part._file.close()
    done = run(mine, "-o", out, "--resume")
    assert done.exit_code == 0, done.output
    assert [json.loads(line)["line_id"] for line in out.read_text().splitlines()] == ["1", "2"]

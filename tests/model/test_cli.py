import csv
import json

import pytest
from typer.testing import CliRunner

from elek.cli import app
from factory import REPOSITORY

SAMPLE = REPOSITORY / "data" / "sample" / "manifest.csv"


def run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_a_manifest_is_scored_to_jsonl_in_order(tmp_path):
    out = tmp_path / "out.jsonl"
    done = run("score", SAMPLE, "-o", out)
    assert done.exit_code == 0, done.output
    records = [json.loads(row) for row in out.read_text(encoding="utf-8").splitlines()]
    with SAMPLE.open(encoding="utf-8") as file:
        assert [r["line_id"] for r in records] == [row["line_id"] for row in csv.DictReader(file)]
    assert {r["status"] for r in records} == {"ok"}
    assert list(records[0])[:6] == [
        "line_id", "status", "verdict", "controlled_score", "misdeclaration_score", "vagueness_score",
    ]  # fmt: skip
    assert not list(tmp_path.glob(".out*"))


def test_csv_output_flattens_the_same_scores_and_neutralises_formulas(tmp_path):
    manifest = tmp_path / "m.csv"
    manifest.write_text('line_id,description\n=1+1,pump\n2,""\n', encoding="utf-8")
    out = tmp_path / "out.csv"
    assert run("score", manifest, "-o", out).exit_code == 1
    with out.open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert first["line_id"] == "'=1+1"
    assert (second["status"], bool(second["error"])) == ("error", True)


def test_lines_with_errors_exit_1_and_lose_nothing(tmp_path):
    manifest = tmp_path / "m.csv"
    manifest.write_text("description\nнасос\n\u200b\nбанан\n", encoding="utf-8")
    out = tmp_path / "out.jsonl"
    assert run("score", manifest, "-o", out).exit_code == 1
    assert [json.loads(r)["status"] for r in out.read_text().splitlines()] == ["ok", "error", "ok"]


def test_lone_surrogates_anywhere_do_not_stop_the_file(tmp_path):
    manifest = tmp_path / "m.jsonl"
    manifest.write_text(
        '{"line_id": "\\ud800", "description": "насос \\udfff", "declared_hs": "\\ud800"}\n', encoding="utf-8"
    )
    for name in ("out.jsonl", "out.csv"):
        assert run("score", manifest, "-o", tmp_path / name).exit_code == 0
        assert (tmp_path / name).read_text(encoding="utf-8")
    assert run("score", manifest).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("score", "nowhere.csv"), "no manifest"),
        (("score", SAMPLE, "--bundle", "nowhere"), "elek train fit"),
        (("score", SAMPLE, "-o", "out.docx"), "must end in"),
        (("score", SAMPLE, "--map", "description=nothing"), "no column"),
        (("score", SAMPLE, "--encoding", "klingon"), "unknown"),
    ],
)
def test_what_cannot_run_exits_3_and_says_why(arguments, told):
    done = run(*arguments)
    assert done.exit_code == 3
    assert told in done.output


def test_usage_errors_exit_2():
    assert run("score", SAMPLE, "--map", "nonsense").exit_code == 2
    assert run("score").exit_code == 2


def test_explain_names_the_deciding_word_first():
    done = run("explain", "запасные части: тепловизор 640x512", "--declared-hs", "8708", "--json")
    assert done.exit_code == 0
    evidence = json.loads(done.output)
    moved = max(evidence["words"], key=lambda w: w["controlled_score"])
    assert moved["word"] in ("тепловизор", "640x512")
    assert evidence["entry"]["ask"]
    assert any(code["declared"] for code in evidence["codes"])


def test_explain_is_readable_in_a_terminal():
    done = run("explain", "подшипник 6205")
    assert done.exit_code == 0
    assert "likely headings" in done.output


def test_a_table_for_people_holds_every_line():
    done = run("score", SAMPLE, "--table")
    assert done.exit_code == 0
    assert all(f"│ {n} " in done.output for n in (1, 32, 64))


def test_bundle_commands():
    assert "golden lines reproduced" in run("bundle", "verify").output
    assert "Where it fails" in run("bundle", "show").output
    assert run("bundle", "verify", "nowhere").exit_code == 3

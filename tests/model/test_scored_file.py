"""Outputs: every kind holds every line, formulas are neutralised, and nothing half-written is left."""

import csv
import json

import pytest
from typer.testing import CliRunner

from elek.cli import app
from elek.tables import read_rows
from factory import csv_bytes

FORMULAS = ["=1+1", "+7", "-2+3", "@SUM(A1)", "\t=x", "＝1", '=HYPERLINK("http://x")']


@pytest.fixture
def manifest(tmp_path):
    path = tmp_path / "m.csv"
    rows = [[f, "насос", "8413"] for f in FORMULAS] + [["8", "\u200b", ""], ["9", "\ud83d\ude80 насос", "8.41E+09"]]
    path.write_bytes(csv_bytes([["line_id", "description", "declared_hs"], *rows[:-1]]))
    return path


def run(*arguments):
    return CliRunner().invoke(app, ["score", *map(str, arguments)])


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_formulas_are_neutralised_in_spreadsheets(manifest, tmp_path, ending):
    pytest.importorskip("xlsxwriter")
    out = tmp_path / f"o.{ending}"
    assert run(manifest, "-o", out).exit_code == 1
    if ending == "csv":
        with out.open(encoding="utf-8", newline="") as file:
            ids = [row[0] for row in csv.reader(file)][1:]
    else:
        ids = [row[0] for row in read_rows(out)][1:]
    wanted = [f.strip() for f in FORMULAS]
    assert ids == [f"'{f}" for f in wanted] + ["8"]


def test_no_formula_cell_is_written_to_a_workbook(manifest, tmp_path):
    import zipfile

    out = tmp_path / "o.xlsx"
    run(manifest, "-o", out)
    sheet = zipfile.ZipFile(out).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"<hyperlink" not in sheet


def test_parquet_is_typed_and_machine_formats_keep_texts(manifest, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    out = tmp_path / "o.parquet"
    run(manifest, "-o", out)
    table = parquet.read_table(out)
    assert table.num_rows == len(FORMULAS) + 1
    assert str(table.schema.field("controlled_score").type) == "double"
    assert str(table.schema.field("declared_valid").type) == "bool"
    assert table.column("line_id").to_pylist()[0] == "=1+1"
    run(manifest, "-o", tmp_path / "o.jsonl")
    first = json.loads((tmp_path / "o.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert first["line_id"] == "=1+1"
    assert table.column("controlled_score").to_pylist()[0] == first["controlled_score"]


@pytest.mark.parametrize("ending", ["jsonl", "csv", "xlsx", "parquet"])
def test_a_failure_leaves_the_old_output_and_no_rubbish(tmp_path, ending):
    out = tmp_path / f"o.{ending}"
    out.write_bytes(b"old")
    bad = tmp_path / "bad.csv"
    bad.write_text("foo,bar\n1,2\n", encoding="utf-8")
    assert run(bad, "-o", out).exit_code == 3
    assert out.read_bytes() == b"old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bad.csv", out.name]


def test_outputs_that_cannot_be_are_refused(manifest, tmp_path):
    for out, told in ((manifest, "the manifest itself"), (tmp_path / "o.doc", "must end in")):
        done = run(manifest, "-o", out)
        assert done.exit_code == 3
        assert told in done.output
    (tmp_path / "d.csv").mkdir()
    assert "is a folder" in run(manifest, "-o", tmp_path / "d.csv").output
    (tmp_path / "file").write_text("")
    assert run(manifest, "-o", tmp_path / "file" / "o.csv").exit_code == 3


def test_evidence_is_added_when_asked_for(tmp_path):
    manifest = tmp_path / "m.csv"
    manifest.write_text("description\nзапасные части: тепловизор 640x512\n", encoding="utf-8")
    assert run(manifest, "-o", tmp_path / "o.jsonl", "--evidence").exit_code == 0
    record = json.loads((tmp_path / "o.jsonl").read_text(encoding="utf-8"))
    assert "line" not in record["evidence"]
    assert record["evidence"]["words"]
    assert run(manifest, "-o", tmp_path / "o.csv", "--evidence").exit_code == 0
    with (tmp_path / "o.csv").open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    assert json.loads(row["evidence"]) == record["evidence"]


def test_the_report_names_what_is_ignored_and_what_is_odd(tmp_path):
    manifest = tmp_path / "m.csv"
    manifest.write_text("Склад,Описание товара,hs\n7,насос,8413\n7,труба, стальная,7304\n", encoding="utf-8")
    output = " ".join(run(manifest, "-o", tmp_path / "o.jsonl").output.split())
    assert "description = 'Описание товара'" in output
    assert "ignored: Склад, hs" in output
    assert "1 rows have more cells than the header" in output


def test_usage_that_makes_no_sense_is_refused(manifest, tmp_path):
    assert run(manifest, "--resume").exit_code == 2
    assert run(manifest, "--table", "--budget", "3").exit_code == 2
    assert run(manifest, "-o", tmp_path / "o.csv", "--budget", "none").exit_code == 3

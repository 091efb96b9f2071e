"""Hostile manifests are refused with a sentence or scored, in bounded memory; they are read in a process of their own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from model.hostile_manifests import FILES

MOST_BYTES = 500 * 1024**2
"""Memory of the reading process, the scorer included."""

READ = """
import json, sys
from pathlib import Path
from elek import ManifestError, Scorer
from elek.manifest import read_manifest
from elek.scored_chunk import How, score_chunk

scorer, results = Scorer.load(), {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    lines, statuses, sentence = 0, set(), ""
    try:
        first = []
        for line in read_manifest(path).lines:
            lines += 1
            if len(first) < 10:
                first.append(line)
        for row in score_chunk(scorer, first, How()).text.splitlines():
            record = json.loads(row)
            statuses.add(record["status"])
            assert record["status"] == "ok" or record["error"]
    except ManifestError as error:
        sentence = str(error)
    results[path.name] = [lines, sorted(statuses), sentence]
status = Path("/proc/self/status")
peak = [row.split()[1] for row in status.read_text().splitlines() if row.startswith("VmHWM")] if status.exists() else []
print(json.dumps([results, int(peak[0]) * 1024 if peak else None]))
"""


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    pytest.importorskip("pyarrow")
    pytest.importorskip("python_calamine")
    folder = tmp_path_factory.mktemp("hostile")
    for ending, make in FILES.items():
        for name, content in make().items():
            (folder / f"{name}{ending}").write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", READ, str(folder)], capture_output=True, text=True, check=False, timeout=500
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_there_are_many_hostile_manifests(read):
    results, _ = read
    assert len(results) >= 120
    assert len({Path(name).suffix for name in results}) == 6


def test_each_is_refused_with_a_sentence_or_scored(read):
    results, _ = read
    for name, (lines, statuses, sentence) in results.items():
        if sentence:
            assert len(sentence) > 25, name
            assert "\n" not in sentence, name
            assert "Traceback" not in sentence, name
        else:
            assert statuses or lines == 0, name


def test_memory_stays_bounded(read):
    if read[1] is None:
        pytest.skip("this system does not tell the peak of a process")
    assert read[1] <= MOST_BYTES


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("zip bomb.xlsx", "unpack to more than"),
        ("zip bomb in texts.xlsx", "unpack to more than"),
        ("100000 files.xlsx", "holds 100,005 files"),
        ("overlapping files.xlsx", "two files of one name"),
        ("encrypted.xlsx", "password"),
        ("XML bomb in the sheet.xlsx", "document type"),
        ("external entity.xlsx", "document type"),
        ("document type over a piece border.xlsx", "document type"),
        ("cell far away.xlsx", "of memory"),
        ("old workbook named xlsx.xlsx", "old workbook"),
        ("spaces repeated.ods", "of memory"),
        ("nulls without end.parquet", "claims 20,000,000 rows"),
        ("text bomb.parquet", "in a file of"),
        ("wrong footer.parquet", "cannot be read as Parquet"),
        ("no description.parquet", "--map description=COLUMN"),
        ("Parquet named csv.csv", "name it .parquet"),
        ("a list on one line.jsonl", "one object a line"),
        ("no description column.csv", "--map description=COLUMN"),
    ],
)
def test_what_is_refused_says_why(read, name, told):
    assert told in read[0][name][2]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("unclosed quote first.csv", 501),
        ("unclosed quote last.csv", 501),
        ("every row opens a quote.csv", 999),
        ("empty rows.csv", 20_001),
        ("UTF-16 without mark.csv", 40),
        ("cp1251 after plain text.csv", 60_200),
        ("two encodings.csv", 600),
        ("ragged rows.csv", 400),
        ("cell of 6 MB.csv", 2),
        ("deep objects.jsonl", 2),
        ("scalars.jsonl", 8),
        ("100000 sheets.xlsx", 1),
        ("dimension that lies.xlsx", 1),
        ("row repeated 50000 times.ods", 50_000),
        ("huge dictionary.parquet", 300),
    ],
)
def test_what_is_read_loses_no_line(read, name, lines):
    assert read[0][name][0] == lines, read[0][name]


@pytest.mark.parametrize(
    "name", ["keys twice.jsonl", "bad escape.jsonl", "string of 6 MB.jsonl", "a line without end.csv"]
)
def test_rows_that_cannot_be_read_become_lines_with_an_error(read, name):
    assert "error" in read[0][name][1]

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("torch")

from typer.testing import CliRunner

from elek.errors import ElekError
from elek_training.cli import app
from elek_training.desk_decisions import DecisionError, read_decisions
from elek_training.intake import take_in, trainable
from elek_training.label import Label
from elek_training.label_store import LabelStore, Stored, StoreError
from elek_training.seizures import read_seizures
from elek_training.training_set import read_rules, select
from training.killing import kill_at
from training.seizure_files import HEADER, seizure_row, words, write_seizures

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=8)


@pytest.mark.parametrize(
    ("lang", "encoding", "separator"),
    [("en", "utf-8", ","), ("ru", "cp1251", ";"), ("kk", "utf-8-sig", "\t"), ("zh", "gb18030", ",")],
)
def test_headers_are_recognised_in_four_languages(tmp_path, lang, encoding, separator):
    row = seizure_row(1) | {
        "description": {"zh": "微电路 芯片 可编程 逻辑 器件", "kk": "ұшқышсыз құрылғы"}.get(lang, "микросхема ПЛИС")
    }
    if encoding == "cp1251":
        row["officer"] = "Иванов"
    file = read_seizures(write_seizures(tmp_path / "s.csv", [row] * 3, lang, encoding, separator))
    assert not file.problems
    assert {label.description for label in file.labels} == {row["description"]}
    assert file.labels[0].hs == "854231"
    assert file.columns["case_id"] == HEADER[lang][4]


def test_a_workbook_is_read_like_a_csv(tmp_path):
    import xlsxwriter

    rows = [seizure_row(n) for n in range(5)]
    book = xlsxwriter.Workbook(str(tmp_path / "s.xlsx"))
    sheet = book.add_worksheet()
    for n, cells in enumerate([HEADER["ru"], *(list(r.values()) for r in rows)]):
        sheet.write_row(n, 0, cells)
    book.close()
    from_csv = read_seizures(write_seizures(tmp_path / "s.csv", rows, "ru"))
    assert read_seizures(tmp_path / "s.xlsx").labels == from_csv.labels


def test_each_problem_is_named_by_row_and_column_and_nothing_is_stored(tmp_path):
    rows = [seizure_row(n) for n in range(8)]
    rows[1]["description"] = " "
    rows[2]["declared_hs"] = "abc"
    rows[3]["actual_hs"] = "7712"
    rows[4]["actual_control"] = "3A001;9Z999"
    rows[5]["seized_at"] = "2999-01-01"
    rows[6] |= {"actual_hs": "", "actual_control": ""}
    rows[7] |= {"officer": "", "case_id": ""}
    store = LabelStore(tmp_path / "labels")
    found = take_in(str(write_seizures(tmp_path / "s.csv", rows)), store, NOW)
    assert {(p.row, p.column) for p in found.problems} == {
        (3, "Description of goods"), (4, "HS code"), (5, "Actual HS"), (6, "Control entry"), (7, "Date of seizure"),
        (8, "Actual HS"), (9, "Officer"), (9, "Case number"),
    }  # fmt: skip
    assert store.version == ""
    assert not (tmp_path / "labels").exists()


def test_a_missing_column_is_named_with_the_remedy(tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("description,case,date\nx,1,2026-01-01\n", encoding="utf-8")
    with pytest.raises(ElekError, match=r"no column 'officer'.*--map officer=COLUMN"):
        read_seizures(path)
    path.write_text("text,case,date,officer,what was it\nx,1,2026-01-01,me,8542\n", encoding="utf-8")
    assert read_seizures(path, {"actual_hs": "what was it"}).labels[0].hs == "8542"


def test_the_same_file_is_taken_in_once_and_history_is_kept(tmp_path):
    store = LabelStore(tmp_path / "labels")
    path = str(write_seizures(tmp_path / "s.csv", [seizure_row(n) for n in range(30)]))
    first, again = take_in(path, store, NOW), take_in(path, store, LATER)
    assert (first.version, first.known, again.version, again.known) == (first.version, False, first.version, True)
    corrected = take_in(
        str(write_seizures(tmp_path / "t.csv", [seizure_row(0, actual_control="none", seized_at="2026-10-30")])),
        store,
        LATER,
    )
    assert corrected.version != first.version
    assert len(store.read()) == 31
    assert len(store.read(first.version)) == 30
    rules = read_rules()
    newest = [
        line
        for s in (select(store.read(), rules, LATER),)
        for line in (*s.lines, *s.canary)
        if line.case_id == "case 0"
    ]
    assert [line.control for line in newest] == [("none",)]


def test_a_changed_part_is_refused(tmp_path):
    store = LabelStore(tmp_path / "labels")
    store.add([Label("насос", hs="8413")], NOW)
    [part] = (tmp_path / "labels" / "parts").iterdir()
    part.write_bytes(part.read_bytes() + b" ")
    with pytest.raises(StoreError, match="was changed"):
        store.read()


def test_kill_at_any_write_leaves_the_old_labels_or_all_of_the_new_ones(tmp_path):
    old, new = [Label(words(n), hs="8413") for n in range(5)], [Label(words(n), hs="8542") for n in range(5, 12)]
    was_killed, moment = True, 0
    while was_killed:
        store = LabelStore(tmp_path / str(moment))
        store.add(old, NOW)
        was_killed = kill_at(moment, partial(store.add, new, LATER))
        assert len(store.read()) in (5, 12)
        store.add(new, LATER)
        assert [one.label for one in store.read()] == [*old, *new]
        moment += 1
    assert moment > 6


def test_desk_decisions_wait_in_quarantine(tmp_path):
    export = tmp_path / "desk.jsonl"
    common = {
        "manifest": "m1",
        "declared_hs": "950300",
        "reason": "datasheet",
        "decided_at": "2026-10-31T10:00:00+00:00",
        "bundle": "sha256:0",
    }
    said = {"decision": "confirm", "correct_entry": "3A001"}
    rows = [{**common, **said, "line_id": str(n), "description": words(n), "reviewer": f"r{n}"} for n in range(40)]
    rows += [{**common, "line_id": "x", "description": "подшипник", "reviewer": "r1", "decision": "clear"}]
    rows += [{**common, "line_id": "y", "description": "насос", "reviewer": "r1", "decision": "refer"}]
    export.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    store = LabelStore(tmp_path / "labels")
    found = take_in(str(export), store, NOW)
    assert dict(found.changed) == {"refer without code or entry": 1}
    assert [label.control for label in found.labels if label.description == "подшипник"] == ["none"]
    today, later = trainable(store, read_rules(), NOW), trainable(store, read_rules(), LATER)
    assert (len(today.lines), today.left_out["in quarantine"]) == (0, 41)
    assert len(later.lines) + len(later.canary) == 41


def test_a_bad_export_names_line_and_field(tmp_path):
    path = tmp_path / "desk.jsonl"
    path.write_text('{"description": "x", "decision": "maybe"}\n', encoding="utf-8")
    with pytest.raises(DecisionError, match="line 1, field 'decision': 'maybe'"):
        read_decisions(str(path))


def test_one_shipper_gives_at_most_its_share_of_what_is_kept():
    labels = [
        Label(words(n), hs="8542", shipper=f"s{n % 60}", case_id=str(n), labelled_at="2026-01-01") for n in range(600)
    ]
    flood = [
        Label(
            words(n),
            hs="8542",
            control="none",
            shipper="flood",
            case_id=str(n),
            labelled_at="2026-01-01",
        )
        for n in range(600, 1100)
    ]
    selection = select([Stored(label, NOW.isoformat()) for label in labels + flood], read_rules(), LATER)
    theirs = sum(line.control == ("none",) for line in selection.lines)
    assert 0 < theirs <= 0.05 * len(selection.lines)
    assert selection.capped["shipper flood"] > 400
    assert sum(line.control is None for line in selection.lines) > 500


def test_near_copies_of_one_case_count_once_and_of_two_cases_twice():
    texts = [f"микросхема программируемой логики импортная, партия {n}" for n in range(20)]
    stored = [
        Stored(Label(t, hs="854231", case_id="a" if n else "b", labelled_at="2026-01-01"), NOW.isoformat())
        for n, t in enumerate(texts)
    ]
    selection = select(stored, read_rules(), LATER)
    assert len(selection.lines) + len(selection.canary) == 2
    assert selection.left_out["near-copy in the same case"] == 18 or len(selection.canary) == 20


def test_canary_lines_are_never_trained_on_and_stay_canary():
    stored = [
        Stored(Label(words(n), hs="854231", case_id=str(n), labelled_at="2026-01-01"), NOW.isoformat())
        for n in range(900)
    ]
    few, all_ = select(stored[:600], read_rules(), LATER), select(stored, read_rules(), LATER)
    assert 5 < len(all_.canary) < 120
    assert not {line.description for line in all_.canary} & {line.description for line in all_.lines}
    assert {line.description for line in few.canary} <= {line.description for line in all_.canary}


def test_the_command_reports_problems_with_exit_one(tmp_path):
    good = write_seizures(tmp_path / "good.csv", [seizure_row(n) for n in range(30)], "ru")
    bad = write_seizures(tmp_path / "bad.csv", [seizure_row(1, actual_hs="12")])
    store = ["--store", str(tmp_path / "labels")]
    done = CliRunner().invoke(app, ["intake", str(good), *store, "--json"])
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert (report["labels"], report["problems"]) == (30, [])
    assert report["training"]["lines"] + report["training"]["canary"] == 30
    done = CliRunner().invoke(app, ["intake", str(bad), *store])
    assert done.exit_code == 1
    assert "nothing was stored" in done.stdout
    assert CliRunner().invoke(app, ["intake", *store]).exit_code == 2
    assert CliRunner().invoke(app, ["intake", str(Path("nowhere.csv")), *store]).exit_code == 3

import json
from dataclasses import replace
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
from elek_training.label_store import LabelStore, Ruling, Stored, StoreError
from elek_training.seizures import read_seizures
from elek_training.training_set import Selection, read_rules, select
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
    rows += [{**common, **said, "line_id": "z", "description": words(99), "reviewer": "r2"}]
    export.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    take_in(str(export), store, LATER)
    again = trainable(store, read_rules(), LATER)
    assert (len(again.lines) + len(again.canary), again.left_out["in quarantine"]) == (41, 1)


def test_a_bad_export_names_line_and_field(tmp_path):
    path = tmp_path / "desk.jsonl"
    path.write_text('{"description": "x", "decision": "maybe"}\n', encoding="utf-8")
    with pytest.raises(DecisionError, match="line 1, field 'decision': 'maybe'"):
        read_decisions(str(path))


def given(n: int, shipper: str, control: str = "", start: int = 0) -> list[Label]:
    """Labels of one shipper, each of its own case, no two alike."""
    return [
        Label(words(k), hs="8542", control=control, shipper=shipper, case_id=str(k), labelled_at="2026-01-01")
        for k in range(start, start + n)
    ]


def honest(n: int = 600) -> list[Label]:
    return [replace(label, shipper=f"s{k % 60}") for k, label in enumerate(given(n, ""))]


def selected(labels: list[Label], *rulings: Ruling) -> Selection:
    return select([Stored(label, NOW.isoformat()) for label in labels], read_rules(), LATER, rulings)


def held(selection: Selection) -> dict[str, int]:
    return {giver: waiting.labels for giver, waiting in selection.held.items()}


def ruling(giver: str, is_let_in: bool, at: datetime = LATER) -> Ruling:
    return Ruling(giver, is_let_in, "A. Serik", "looked at each", at.isoformat())


def test_a_shipper_over_its_share_is_cut_to_it_and_not_held():
    selection = selected(honest() + given(45, "large", "3A001", 600))
    theirs = sum(line.control == ("3A001",) for line in selection.lines)
    assert 20 < theirs <= 0.05 * len(selection.lines)
    assert not selection.held
    assert selection.capped["shipper large"] > 0
    assert sum(line.control is None for line in selection.lines) > 500


def test_a_flood_of_one_shipper_is_held_whole():
    selection = selected(honest() + given(500, "flood", "none", 600))
    assert held(selection) == {"shipper flood": 500}
    assert not [line for line in (*selection.lines, *selection.canary) if line.control]
    assert len(selection.lines) + len(selection.canary) == 600


def test_many_copies_of_one_case_are_no_flood():
    copies = [Label(f"{words(600)} партия {n}", hs="8542", shipper="large", case_id="600") for n in range(300)]
    assert not selected(honest() + copies).held


def test_a_person_lets_an_honest_large_shipper_in_up_to_its_share_and_what_comes_later_is_judged_anew():
    arrived = [Stored(label, NOW.isoformat()) for label in honest() + given(200, "large", "3A001", 600)]
    let_in = [ruling("shipper large", True, NOW)]
    assert held(select(arrived, read_rules(), LATER)) == {"shipper large": 200}
    selection = select(arrived, read_rules(), LATER, let_in)
    theirs = sum(line.control == ("3A001",) for line in selection.lines)
    assert not selection.held
    assert 20 < theirs <= 0.05 * len(selection.lines)
    more = [Stored(label, LATER.isoformat()) for label in given(300, "large", "none", 900)]
    assert held(select(arrived + more, read_rules(), LATER, let_in)) == {"shipper large": 300}


def test_a_person_holds_a_giver_until_somebody_lets_it_in():
    labels = honest() + given(12, "doubted", "none", 600)
    assert held(selected(labels, ruling("shipper doubted", False))) == {"shipper doubted": 12}
    assert not selected(labels, ruling("shipper doubted", False), ruling("shipper doubted", True)).held


def test_a_held_label_does_not_replace_an_older_one_of_the_same_line():
    right = [replace(label, control="3A001") for label in honest()]
    wrong = [replace(label, shipper="flood", control="none", labelled_at="2026-01-02") for label in right[:300]]
    assert {line.control for line in selected(right + wrong).lines} == {("3A001",)}


def near_copies(n: int) -> list[Label]:
    """Labels of n texts, each named by three shippers in cases of their own."""
    return [
        Label(
            f"{words(k)} партия {copy}",
            hs="8542",
            control="3A001",
            shipper=f"s{(3 * k + copy) % 60}",
            case_id=f"{k}.{copy}",
        )
        for k in range(n)
        for copy in range(3)
    ]


def test_a_giver_that_says_otherwise_than_the_others_on_near_copies_is_held_and_they_are_not():
    flood = [
        Label(f"{words(k)} партия 9", hs="8542", control="none", shipper="few", case_id=f"few {k}") for k in range(12)
    ]
    selection = selected(near_copies(100) + flood)
    assert held(selection) == {"shipper few": 12}
    assert selection.held["shipper few"].why.startswith("on 100% of the 12 texts")
    assert {line.control for line in selection.lines} == {("3A001",)}
    assert not selected(near_copies(100) + flood, ruling("shipper few", True)).held
    agreeing = [replace(label, control="3A002") for label in flood]
    assert not selected(near_copies(100) + agreeing).held


def test_one_wrong_label_of_another_does_not_hold_a_giver_of_many_copies():
    copies = [
        Label(f"{words(999)} партия {n}", hs="8542", control="3A001", shipper="many", case_id=f"many {n}")
        for n in range(10)
    ]
    wrong = [Label(f"{words(999)} партия 99", hs="8542", control="none", shipper="once", case_id="once")]
    assert not selected(near_copies(100) + copies + wrong).held


def test_a_giver_that_sends_many_copies_does_not_outvote_the_others():
    copies = [
        Label(f"{words(k)} партия 1{n}", hs="8542", control="none", shipper="many", case_id=f"many {k} {n}")
        for k in range(5)
        for n in range(10)
    ]
    assert held(selected(near_copies(200) + copies)) == {"shipper many": 50}


def test_rules_that_lack_a_key_are_refused_by_name(tmp_path):
    rules = tmp_path / "rules.toml"
    rules.write_text(
        "quarantine_days = {}\nmost_from_one = 0.5\nheld_from = 20\ncontradicted_from = 5\nmost_contradicted = 0.5\ncanary = 0.05\n"
    )
    with pytest.raises(ElekError, match="'held_beyond' is missing"):
        read_rules(rules)


def test_the_command_names_who_is_held_and_the_command_that_lets_it_in(tmp_path):
    rows = [seizure_row(n) for n in range(120)] + [seizure_row(n, shipper="big ltd") for n in range(120, 180)]
    store = ["--store", str(tmp_path / "labels")]
    done = CliRunner().invoke(app, ["intake", str(write_seizures(tmp_path / "s.csv", rows)), *store])
    assert done.exit_code == 0, done.output
    assert "shipper big ltd: 60 labels are held" in done.stdout
    assert "elek train let-in 'shipper big ltd' --by NAME --reason TEXT" in done.stdout
    named = ["--by", "A. Serik", "--reason", "I opened each box"]
    done = CliRunner().invoke(app, ["let-in", "shipper big ltd", *named, *store])
    assert done.exit_code == 0, done.output
    assert "60 labels let in" in done.stdout
    assert not trainable(LabelStore(tmp_path / "labels"), read_rules(), datetime.now(UTC)).held
    assert CliRunner().invoke(app, ["hold", "shipper big ltd", *named, *store]).exit_code == 0
    assert held(trainable(LabelStore(tmp_path / "labels"), read_rules(), datetime.now(UTC))) == {"shipper big ltd": 60}
    assert CliRunner().invoke(app, ["let-in", "shipper unheard of", *named, *store]).exit_code == 3


def test_near_copies_of_one_case_count_once_and_of_two_cases_twice():
    texts = [f"микросхема программируемой логики импортная, партия {n}" for n in range(20)]
    stored = [
        Stored(Label(t, hs="854231", case_id="a" if n else "b", labelled_at="2026-01-01"), NOW.isoformat())
        for n, t in enumerate(texts)
    ]
    selection = select(stored, read_rules(), LATER)
    assert len(selection.lines) + len(selection.canary) == 2
    assert selection.left_out["near-copy in the same case"] == 18


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

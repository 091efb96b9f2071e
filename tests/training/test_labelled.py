import pytest

pytest.importorskip("torch")

from elek_training.labelled import LabelError, read_labelled


def write(tmp_path, text):
    path = tmp_path / "lines.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_four_digit_label_stays_a_heading_and_empty_is_unknown(tmp_path):
    reading = read_labelled(
        write(tmp_path, "description,hs,control,vague\nчип,8542,,\nяблоки,0808,none,0\nдетали,,,1\n")
    )
    chip, apples, parts = reading.lines
    assert (chip.hs, chip.control, chip.vague) == ("8542", None, None)
    assert (apples.hs, apples.control, apples.vague) == ("0808", ("none",), False)
    assert (parts.hs, parts.vague) == (None, True)


def test_old_codes_are_moved_or_cut_and_counted(tmp_path):
    reading = read_labelled(write(tmp_path, "description,hs\nкамера,8525801900\nxxx,85429\nyyy,854299\nzzz,7700\n"))
    assert [line.hs for line in reading.lines] == ["8525", None, "8542", None]
    assert reading.changed == {
        "moved to the current edition": 1, "unreadable code, label dropped": 1, "cut to a valid prefix": 1,
        "unknown code, label dropped": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("description,hs6\nчип,8542\n", "unknown column 'hs6'"),
        ("hs\n8542\n", "'description' is missing"),
        ("description,vague\nчип,maybe\n", "row 2, column 'vague': 'maybe'"),
        ("description,control\nчип,3Z999\n", "row 2, column 'control': '3Z999'"),
        ("description,weight\nчип,-1\n", "row 2, column 'weight': '-1'"),
        ("description,hs\nчип,\n ,8542\n", "row 3, column 'description'"),
    ],
)
def test_bad_files_are_refused_with_row_column_and_value(tmp_path, text, told):
    with pytest.raises(LabelError) as refused:
        read_labelled(write(tmp_path, text))
    assert told in str(refused.value)


def test_several_entries_and_provenance_are_kept(tmp_path):
    [line] = read_labelled(
        write(tmp_path, "description,control,case_id,group,weight\nчип,3A001; 3A991,K-7,g1,0.5\n")
    ).lines
    assert (line.control, line.case_id, line.group, line.weight) == (("3A001", "3A991"), "K-7", "g1", 0.5)

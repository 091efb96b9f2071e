import csv

import pytest

pytest.importorskip("torch")

from elek.errors import ElekError
from elek_training.blind_check import compare, draw, write_sheet


def fill(path, change=lambda row, good: None):
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, good in zip(rows, draw(), strict=True):
        row["heading"], row["control"] = good.hs[0][:4], ";".join(good.control)
        change(row, good)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_the_sheet_shows_names_only(tmp_path):
    n = write_sheet(tmp_path / "s.csv")
    text = (tmp_path / "s.csv").read_text(encoding="utf-8")
    assert n == 400
    assert not any(good.id + "," in text for good in draw()[:50])


def test_full_agreement_and_one_disagreement(tmp_path):
    write_sheet(tmp_path / "s.csv")
    assert compare(fill(tmp_path / "s.csv")).heading.value == 1.0

    def wrong(row, good):
        if row["number"] == "7":
            row["heading"] = "0101"

    found = compare(fill(tmp_path / "s.csv", wrong))
    assert found.heading.value == pytest.approx(399 / 400)
    assert draw()[6].id in found.disagreements[0]


def test_a_sheet_of_another_catalogue_or_half_filled_is_refused(tmp_path):
    write_sheet(tmp_path / "s.csv")
    with pytest.raises(ElekError, match="row 1 is not filled in"):
        compare(tmp_path / "s.csv")
    rows = (tmp_path / "s.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "s.csv").write_text("\n".join(rows[:-1]), encoding="utf-8")
    with pytest.raises(ElekError, match="draw it again"):
        compare(tmp_path / "s.csv")

"""One manifest, however it is saved and whatever its headers say, gives the same scored lines."""

import json

import pytest

from elek import Scorer
from elek.manifest import read_manifest
from elek.scored_chunk import How, score_chunk
from factory import csv_bytes

HEADERS = {
    "ru": ["№ п/п", "Описание товара", "Код ТН ВЭД ЕАЭС", "Номер накладной", "Количество", "Склад"],
    "kk": ["Рет саны", "Тауар сипаттамасы", "СЭҚ ТН коды", "Жүкқұжат нөмірі", "Саны", "Қойма"],
    "zh": ["序号", "货物名称", "HS编码", "运单号", "数量", "仓库"],
}
ROWS = [
    ["1", "Микросхема программируемой логики XC7K325T; новая, 2 шт", "8542319000", "A-1", "2", "7"],
    ["2", "ұшқышсыз ұшу аппаратының қозғалтқышы", "850131", "A-1", "4", "7"],
    ["3", "热像仪机芯 640x512 非制冷, 50Hz", "8525.89", "B-2", "1", "8"],
    ["4", 'Ball bearing 6205-2RS, 5" bore\tnew', "848210", "B-2", "100", "8"],
    ["5", "Лошади чистопородные племенные", "0101210000", "C-3", "3", "9"],
    ["6", "детали", "", "C-3", "1", "9"],
]
RUSSIAN = [row for row in ROWS if row[0] in "156"]


def scored(path, scorer):
    return score_chunk(scorer, list(read_manifest(path).lines), How()).text


def write_table(path, rows):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    xlsxwriter = pytest.importorskip("xlsxwriter")
    if path.suffix == ".parquet":
        parquet.write_table(pyarrow.table({n: [r[i] for r in rows[1:]] for i, n in enumerate(rows[0])}), path)
        return
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)


@pytest.mark.parametrize("language", HEADERS)
@pytest.mark.parametrize("way", ["comma", "semicolon", "tab", "utf-16", "gb18030", "xlsx", "parquet", "jsonl"])
def test_eight_ways_give_the_same_scored_lines(tmp_path, scorer: Scorer, language, way):
    plain = tmp_path / "plain.csv"
    plain.write_bytes(csv_bytes([["line_id", "description", "declared_hs"], *(row[:3] for row in ROWS)]))
    rows = [HEADERS[language], *ROWS]
    path = tmp_path / f"m.{way if way in ('xlsx', 'parquet', 'jsonl') else 'csv'}"
    if way in ("xlsx", "parquet"):
        write_table(path, rows)
    elif way == "jsonl":
        path.write_text("\n".join(json.dumps(dict(zip(rows[0], r, strict=True))) for r in ROWS), encoding="utf-8")
    else:
        separator = {"semicolon": ";", "tab": "\t"}.get(way, ",")
        path.write_bytes(csv_bytes(rows, separator, way if way in ("utf-16", "gb18030") else "utf-8"))
    assert scored(path, scorer) == scored(plain, scorer)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_russian_manifest_may_be_cp1251(tmp_path, scorer: Scorer, separator):
    rows = [HEADERS["ru"], *RUSSIAN]
    (tmp_path / "a.csv").write_bytes(csv_bytes(rows, separator, "cp1251"))
    (tmp_path / "b.csv").write_bytes(csv_bytes(rows, separator, "utf-8"))
    assert scored(tmp_path / "a.csv", scorer) == scored(tmp_path / "b.csv", scorer)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_encoding_and_separator_gives_the_same_lines(tmp_path, encoding, separator):
    path = tmp_path / "m.csv"
    for header in HEADERS.values():
        path.write_bytes(csv_bytes([header, *ROWS], separator, encoding))
        lines = [[g.line_id, g.description, g.declared_hs or "", g.consignment_id] for g in read_manifest(path).lines]
        assert lines == [row[:4] for row in ROWS]

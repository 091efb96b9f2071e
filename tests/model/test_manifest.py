import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elek import ManifestError
from elek.columns import find_columns
from elek.encodings import detect_encoding
from elek.manifest import read_manifest
from factory import csv_bytes

RU = [
    ["№", "Наименование товара", "Код ТН ВЭД"],
    ["1", "Подшипник шариковый", "848210"],
    ["2", "Насос; водяной, новый", "8413"],
]
KK = [["рет саны", "Тауардың атауы", "СЭҚ ТН коды"], ["1", "мұнай сорғысы", "8413"], ["2", "болат құбыр", "7304"]]
ZH = [["序号", "货物名称", "HS编码"], ["1", "滚珠轴承", "848210"], ["2", "水泵", "8413"]]
EN = [["line_id", "description", "declared_hs"], ["1", "ball bearing", "848210"], ["2", 'pump, 5"', "8413"]]


def read(tmp_path, content, name="m.csv", **how):
    path = tmp_path / name
    path.write_bytes(content)
    manifest = read_manifest(path, **how)
    return list(manifest.lines), manifest


@pytest.mark.parametrize("rows", [RU, KK, ZH, EN])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "cp1251"])
def test_any_separator_encoding_and_header_language_gives_the_same_lines(tmp_path, rows, separator, encoding):
    if (encoding == "cp1251" and rows is not RU) or (encoding == "gb18030" and rows in (RU, KK)):
        pytest.skip("not an encoding of this language")
    lines, _ = read(tmp_path, csv_bytes(rows, separator, encoding))
    assert [[g.line_id, g.description, g.declared_hs] for g in lines] == rows[1:]


def test_jsonl_gives_the_same_lines(tmp_path):
    content = "\n".join(json.dumps({"description": r[1], "declared_hs": r[2], "line_id": r[0]}) for r in RU[1:])
    lines, _ = read(tmp_path, content.encode(), "m.jsonl")
    assert [[g.line_id, g.description, g.declared_hs] for g in lines] == RU[1:]


@pytest.mark.parametrize("rows", [RU, KK, ZH, EN])
def test_tables_give_the_same_lines(tmp_path, rows):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    book = xlsxwriter.Workbook(tmp_path / "m.xlsx")
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    table = pyarrow.table({name: [row[i] for row in rows[1:]] for i, name in enumerate(rows[0])})
    parquet.write_table(table, tmp_path / "m.parquet")
    for name in ("m.xlsx", "m.parquet"):
        lines = list(read_manifest(tmp_path / name).lines)
        assert [[g.line_id, g.description, g.declared_hs] for g in lines] == rows[1:]


def test_codes_stored_as_numbers_keep_their_digits(tmp_path):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    book = xlsxwriter.Workbook(tmp_path / "m.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["description", "HS code"])
    sheet.write_row(1, 0, ["pump", 8413709900])
    book.close()
    [line] = read_manifest(tmp_path / "m.xlsx").lines
    assert line.declared_hs == "8413709900"


@pytest.mark.parametrize("name", ["m.xlsx", "m.ods", "m.parquet"])
def test_broken_tables_are_refused_with_a_sentence(tmp_path, name):
    pytest.importorskip("python_calamine")
    (tmp_path / name).write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(ManifestError, match="cannot be read"):
        list(read_manifest(tmp_path / name).lines)


@pytest.mark.parametrize(
    ("content", "name", "n"),
    [
        (b"", "m.csv", 0),
        (b"description\n", "m.csv", 0),
        (b"description,declared_hs\na\nb,1,2,3,4\n\n,,\nc,8542", "m.csv", 4),
        (b"description\n\x00\x00\n\xff\xfe\n", "m.csv", 2),
        (b"description\n" + b"x" * 1_000_000 + b"\n", "m.csv", 1),
        (b'description\n"unclosed', "m.csv", 1),
        (b'description\n""\n   \nchip\n', "m.csv", 3),
        ("description\n\u200b\u200b\nчип".encode(), "m.csv", 2),
        (b'{"description": "a"}\nnot json\n[]\n"b"\n{"declared_hs": "1"}\n{"description": null}\n', "m.jsonl", 6),
        (b'{"description": "\\ud800"}\n' + b"[" * 100_000 + b"\n", "m.jsonl", 2),
    ],
)
def test_every_row_gives_one_line_whatever_its_bytes(tmp_path, scorer, content, name, n):
    lines, _ = read(tmp_path, content, name)
    assert len(lines) == n
    assert len(scorer.score(lines)) == n


@given(st.binary(max_size=400))
def test_random_bytes_are_read_or_refused_with_a_sentence(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("bytes") / "m.csv"
    path.write_bytes(content)
    try:
        list(read_manifest(path).lines)
    except ManifestError as error:
        assert str(error)


def test_leading_zeros_stay(tmp_path):
    [line], _ = read(tmp_path, b"description,declared_hs,line_id\nhorse,0101210000,007\n")
    assert (line.declared_hs, line.line_id) == ("0101210000", "007")


def test_a_bare_hs_column_is_never_the_declared_code(tmp_path):
    [line], manifest = read(tmp_path, b"line_id,description,hs,lang\n1,chip,8542,en\n")
    assert line.declared_hs is None
    assert manifest.extra == ("hs", "lang")


def test_a_missing_line_id_is_the_row_number(tmp_path):
    lines, _ = read(tmp_path, b"description\na\nb\n")
    assert [g.line_id for g in lines] == ["1", "2"]


def test_columns_can_be_named(tmp_path):
    [line], _ = read(tmp_path, b"foo,bar\nchip,8542\n", named={"description": "foo", "declared_hs": "bar"})
    assert (line.description, line.declared_hs) == ("chip", "8542")
    with pytest.raises(ManifestError, match="no column 'baz'"):
        find_columns(["foo"], {"description": "baz"})


def test_no_description_column_says_how_to_name_it(tmp_path):
    with pytest.raises(ManifestError, match="--map description=COLUMN"):
        read(tmp_path, b"foo,bar\nchip,8542\n")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("ПОДШИПНИК ШАРИКОВЫЙ;Насос центробежный", "cp1251"),
        ("滚珠轴承,水泵,集成电路", "gb18030"),
        ("ұшқышсыз аппарат", "utf-8"),
        ("plain", "utf-8"),
    ],
)
def test_encodings_are_recognised(text, encoding):
    assert detect_encoding(text.encode(encoding)) == encoding


FORM = [
    ["Приложение к накладной № 17", "", "", ""],
    ["", "", "", ""],
    ["Отправитель: ТОО Ромашка", "", "", "стр. 1"],
    ["№ п/п", "Товар", "Описание товара (графа 31)", "Код ТН ВЭД ЕАЭС"],
    ["1", "2", "3", "4"],
    ["1", "насос", "Насос водяной", "8413709900"],
    ["2", "реле", "Реле электромагнитное", "853649"],
]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_titles_above_the_header_and_numbered_columns_are_left_out(tmp_path, separator):
    lines, manifest = read(tmp_path, csv_bytes(FORM, separator))
    assert [[g.line_id, g.description, g.declared_hs] for g in lines] == [
        ["1", "Насос водяной", "8413709900"],
        ["2", "Реле электромагнитное", "853649"],
    ]
    assert "header in row 4" in manifest.report
    assert manifest.extra == ("Товар",)


def test_a_workbook_with_merged_titles_and_a_cover_sheet_is_read(tmp_path):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(tmp_path / "m.xlsx") as book:
        book.add_worksheet("Титул").write(0, 0, "Товарная накладная")
        sheet = book.add_worksheet("Товары")
        sheet.merge_range(0, 0, 0, 3, FORM[0][0])
        for number, row in enumerate(FORM[1:], start=1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
    manifest = read_manifest(tmp_path / "m.xlsx")
    assert [g.description for g in manifest.lines] == ["Насос водяной", "Реле электромагнитное"]
    assert "sheet 'Товары'" in manifest.report


def test_codes_that_a_spreadsheet_damaged_are_flagged_not_guessed(tmp_path, scorer):
    content = "description,declared_hs\n" + "".join(
        f"лошади,{c}\n" for c in ("8.41E+09", "101210000", "10121", "0101210000", "8413.70", "12.03.2024")
    )
    lines, _ = read(tmp_path, content.encode())
    flagged = ["hs_unreadable" in line.flags for line in scorer.score(lines)]
    assert flagged == [True, True, True, False, False, False]


def test_numbers_in_a_workbook_lose_no_digit_and_lost_zeros_are_flagged(tmp_path, scorer):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(tmp_path / "m.xlsx") as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(
            [["goods", "HS Code"], ["pump", 8413709900.0], ["horse", 101210000], ["pump", 8413.70]]
        ):
            sheet.write_row(number, 0, row)
    lines = list(read_manifest(tmp_path / "m.xlsx").lines)
    assert [g.declared_hs for g in lines] == ["8413709900", "101210000", "8413.7"]
    assert ["hs_unreadable" in line.flags for line in scorer.score(lines)] == [False, True, True]


def test_json_numbers_keep_the_digits_they_are_written_with(tmp_path):
    lines, _ = read(tmp_path, b'{"goods": "pump", "hs code": 8413.70}\n{"goods": "x", "hs code": 854231}\n', "m.jsonl")
    assert [g.declared_hs for g in lines] == ["8413.70", "854231"]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (["Графа 31 Грузовые места и описание товаров", "гр. 33 Код товара"], (0, 1)),
        (["海关编码 / HS Code", "品名 Description of goods"], (1, 0)),
        (["Тауардың атауы / Наименование товара", "СЭҚ ТН коды (10 таңба)"], (0, 1)),
        (["Description of Goods (English)", "HS No."], (0, 1)),
        (["товар", "код", "описание товара", "код тн вэд еаэс"], (2, 3)),
        (["ОПИСАНИЕ\nТОВАРА", "  Код   ТН ВЭД: "], (0, 1)),
        (["商品名称、规格型号", "商品编号"], (0, 1)),
    ],
)
def test_headers_of_forms_and_of_two_languages_are_recognised(header, found):
    at = find_columns(header).at
    assert (at["description"], at["declared_hs"]) == found


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1), st.integers(10, 99)
        ),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
)
def test_a_written_csv_reads_back_whole(tmp_path_factory, rows, separator, encoding):
    path = tmp_path_factory.mktemp("csv") / "m.csv"
    path.write_bytes(csv_bytes([["description", "hs code"], *([d, str(c)] for d, c in rows)], separator, encoding))
    lines = list(read_manifest(path, encoding=encoding).lines)
    wanted = [(d.replace("\ufeff", "").strip(), str(c)) for d, c in rows]
    assert [(g.description, g.declared_hs) for g in lines] == wanted

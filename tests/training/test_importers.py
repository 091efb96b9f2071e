import gzip
import json

import pytest

pytest.importorskip("torch")

from elek.errors import ElekError
from elek_training.importers import KINDS, read_official, write_labelled
from elek_training.labelled import read_labelled
from factory import REPOSITORY

SHARED = REPOSITORY.parent / "shared" / "data"

GOOD = {
    "tnved": ("t.csv", "tnved10,description_ru\n8542311000,СХЕМЫ ЭЛЕКТРОННЫЕ: ПРОЦЕССОРЫ\n8542319000,ПРОЧИЕ\n", 1),
    "annex1": (
        "a.csv",
        "entry,paragraph_code,depth,note_type,text\n3A001,a.,2,base,Integrated circuits of some kind\n3D001,a.,1,base,Software\n",
        1,
    ),
    "chpl": ("c.csv", "hs6,tier,hs6_description_comtrade\n854231,T1,Processors\n", 1),
    "hts": ("h.json", json.dumps({"0101": {"code": "0101", "description": "Horses — Other"}}), 1),
    "ccl": ("l.json", json.dumps({"entries": [{"eccn": "3A001", "title": "Electronic items", "text": "x"}]}), 1),
    "fpo": ("f.csv", "Goods Description,Commodity Code\nsoap bar,34011100\n", 1),
}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_small_file_of_each_kind_becomes_labelled_lines(tmp_path, kind):
    name, content, n = GOOD[kind]
    (tmp_path / name).write_text(content, encoding="utf-8")
    out = tmp_path / "out.csv"
    assert write_labelled(read_official(kind, tmp_path / name), out) == n
    [line] = read_labelled(out).lines
    assert line.source in (kind, "fpo")
    assert line.hs or line.control


def test_levels_above_are_written_before_a_tariff_line(tmp_path):
    path = tmp_path / "85.txt"
    path.write_text(
        " 8501 Двигатели электрические\n Код ТН ВЭД Наименование позиции\n 8501 10 – мощностью не более\n 37,5 Вт:\n"
        " 8501 10 100 – – синхронные двигатели\n 8501 10 990 0 – – – прочие шт 11\n",
        encoding="utf-8",
    )
    lines = {line.hs: line.description for line in read_official("tnved", path)}
    assert lines["85011010"] == "Двигатели электрические: мощностью не более 37,5 Вт: синхронные двигатели"
    assert "Наименование" not in " ".join(lines.values())


@pytest.mark.parametrize(
    ("kind", "name", "content", "told"),
    [
        ("tnved", "t.csv", "tnved10,description_ru\n8542311000,A\n85x,B\n", "line 3: '85x'"),
        ("tnved", "t.csv", "code,text\n1,2\n", "line 1: there is no column 'tnved10'"),
        ("annex1", "a.csv", "entry,paragraph_code,depth,note_type,text\n,a.,2,base,Text\n", "line 2"),
        ("chpl", "c.csv", "hs6,tier,hs6_description_comtrade\n8542,T1,P\n", "line 2"),
        ("hts", "h.json", "{\n\n,}", "line 3"),
        ("hts", "h.json", '{"0101": {"code": "0101"}}', "has no description"),
        ("ccl", "l.json", '{"entries": [{"eccn": "hello"}]}', "line 1"),
        ("fpo", "f.csv", "a,b,c\n1,2,3\n", "line 1"),
        ("fpo", "f.csv", "Goods Description,Commodity Code\nsoap,x\n", "line 2"),
        ("tnved", "t.csv", "", "line 1"),
    ],
)
def test_a_bad_file_is_refused_with_the_line_number(tmp_path, kind, name, content, told):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(ElekError) as refused:
        read_official(kind, tmp_path / name)
    assert told in str(refused.value)


def test_broken_gzip_and_unknown_kinds_are_refused(tmp_path):
    (tmp_path / "h.json.gz").write_bytes(gzip.compress(b"{}")[:-4])
    with pytest.raises(ElekError, match="cannot be read"):
        read_official("hts", tmp_path / "h.json.gz")
    with pytest.raises(ElekError, match="known are"):
        read_official("xyz", tmp_path / "h.json.gz")
    with pytest.raises(ElekError, match="no file"):
        read_official("hts", tmp_path / "nowhere")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the development data is not beside this checkout")
@pytest.mark.parametrize(
    ("kind", "path", "at_least"),
    [
        ("tnved", "tnved-ru/tnved10_ru.csv", 12_000), ("tnved", "tnved-ru/ru.85_2022_08.03.2026.txt", 1_500),
        ("annex1", "eu-annex1/annex1_paragraphs.csv", 2_000), ("ccl", "ccl/ccl_index.json", 2_000),
        ("hts", "hs-nomenclature/us_hts2026_db.json.gz", 20_000), ("chpl", "chpl/chpl_bis_2024-02-23.csv", 50),
        ("fpo", "uk-fpo/extra_references.csv", 2_300), ("fpo", "uk-fpo/vague_terms.csv", 4_000),
        ("fpo", "uk-fpo/search_references.json", 4_000), ("fpo", "uk-fpo/brands.csv", 130),
    ],
)  # fmt: skip
def test_official_files_are_read(kind, path, at_least):
    assert len(read_official(kind, SHARED / path)) >= at_least

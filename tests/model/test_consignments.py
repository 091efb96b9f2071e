"""Lines that travel together are judged together, and the record says why."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from elek.cli import app
from elek.consignment_member import Member
from elek.consignments import Consignments
from elek.drone_parts import _HINT, _PART, DRONE_WORDS, drone_part
from elek.scored_chunk import Seen
from factory import REPOSITORY, csv_bytes

SAMPLE = REPOSITORY / "data" / "sample" / "manifest.csv"

DRONES = {
    "ru": [
        ("Рама карбоновая для квадрокоптера 7 дюймов", "392690"),
        ("Бесколлекторный электродвигатель 2806.5 1300KV", "850131"),
        ("Регулятор хода 60А четыре в одном", "850440"),
        ("Полётный контроллер F722", "853710"),
        ("Камера курсовая аналоговая 1200TVL", "852589"),
        ("Аккумулятор литий-полимерный 6S 8000 мАч", "850760"),
    ],
    "kk": [
        ("дронның көміртекті рамасы, 7 дюйм", "392690"),
        ("щеткасыз қозғалтқыш 2806 1300KV", "850131"),
        ("айналым реттегіші 45A, 4-і 1-де", "850440"),
        ("ұшу контроллері F405", "853710"),
        ("камера 1200TVL", "852589"),
        ("литий-полимерлі аккумулятор 6S", "850760"),
    ],
    "zh": [
        ("碳纤维机架 7寸", "392690"),
        ("无刷电机 2806 1300KV", "850131"),
        ("电调 60A 四合一", "850440"),
        ("飞控板 F722", "853710"),
        ("摄像头 1200TVL", "852589"),
        ("锂聚合物电池 6S 8000mAh", "850760"),
    ],
    "en": [
        ("Carbon fiber frame 7 inch", "392690"),
        ("Brushless motor 2806.5 1300KV", "850131"),
        ("Electronic speed controller 60A 4-in-1", "850440"),
        ("Flight controller board F722", "853710"),
        ("Analog camera 1200TVL", "852589"),
        ("LiPo battery 6S 8000mAh", "850760"),
    ],
}
PLAIN = [
    ("Шины пневматические для легковых автомобилей", "401110"),
    ("Масло моторное синтетическое", "271019"),
    ("Аккумулятор свинцовый автомобильный 12В", "850710"),
    ("Камера видеонаблюдения купольная", "852589"),
    ("Кабель силовой медный", "854449"),
    ("Насос водяной бытовой", "841370"),
]


def judge(tmp_path, lines, name="m"):
    """Score lines (consignment, description, code) and give the records of the consignments."""
    manifest, out = tmp_path / f"{name}.csv", tmp_path / f"{name}.jsonl"
    manifest.write_bytes(csv_bytes([["consignment_id", "description", "declared_hs"], *map(list, lines)]))
    done = CliRunner().invoke(app, ["score", str(manifest), "-o", str(out)])
    assert done.exit_code in (0, 1), done.output
    text = out.with_name(f"{out.name}.consignments.jsonl").read_text(encoding="utf-8")
    return {r["consignment_id"]: r for r in map(json.loads, text.splitlines())}


def kinds(record):
    return {finding["kind"] for finding in record["findings"]}


@pytest.mark.parametrize("language", DRONES)
def test_a_drone_in_parts_is_recognised_in_four_languages(tmp_path, language):
    records = judge(tmp_path, [("D", *line) for line in DRONES[language]] + [("P", *line) for line in PLAIN])
    [finding] = [f for f in records["D"]["findings"] if f["kind"] == "drone_in_parts"]
    assert len(finding["parts"]) >= 5, finding
    assert "drone_in_parts" not in kinds(records["P"])


def test_parts_that_are_scattered_or_mixed_with_other_lines_still_meet(tmp_path):
    lines = [("D", *line) for lang in ("ru", "zh", "en") for line in DRONES[lang][:: 2 if lang == "ru" else 3]]
    lines += [(f"X{i % 9}", *PLAIN[i % 6]) for i in range(60)]
    random.Random(3).shuffle(lines)
    records = judge(tmp_path, lines)
    assert "drone_in_parts" in kinds(records["D"])
    assert not [c for c, r in records.items() if c != "D" and "drone_in_parts" in kinds(r)]


def test_one_code_over_different_kinds_of_goods_is_named(tmp_path):
    goods = [
        "Микросхема процессорная STM32F407",
        "Подшипник шариковый 6205-2RS",
        "Насос центробежный водяной",
        "Шины пневматические для легковых автомобилей",
        "Болты стальные с гайками",
    ]
    records = judge(tmp_path, [("A", f"{g}", "843390") for g in goods] + [("B", *line) for line in PLAIN])
    [finding] = [f for f in records["A"]["findings"] if f["kind"] == "one_code"]
    assert finding["code"] == "843390"
    assert len(finding["headings"]) >= 3
    assert "843390" in finding["why"]
    assert "one_code" not in kinds(records["B"])


def test_an_umbrella_noun_over_different_kinds_of_goods_is_named(tmp_path):
    goods = [
        ("микросхемы STM32F407", "854231"),
        ("подшипники шариковые", "848210"),
        ("насосы центробежные", "841370"),
        ("тепловизор 640x512", "852580"),
    ]
    records = judge(tmp_path, [("A", f"Запасные части для сельхозтехники: {g}", code) for g, code in goods])
    [finding] = [f for f in records["A"]["findings"] if f["kind"] == "umbrella"]
    assert finding["words"] == "запасные части для сельхозтехники"


def test_a_benign_bulk_that_hides_one_controlled_line_is_named(tmp_path):
    toys = ["Игрушка мягкая, медведь", "Кукла пластмассовая", "Конструктор детский", "Мяч резиновый", "Пазл картонный"]
    lines = [("A", toy, "950300") for toy in toys] + [("A", "Тепловизионный модуль 640x512 неохлаждаемый", "950300")]
    records = judge(tmp_path, lines + [("B", toy, "950300") for toy in toys])
    [finding] = [f for f in records["A"]["findings"] if f["kind"] == "hidden_line"]
    assert finding["lines"] == ["6"]
    assert "line 6" in finding["why"]
    assert kinds(records["B"]) == set()


def test_every_consignment_has_one_record_and_every_member_is_counted(tmp_path):
    lines = [(f"C{i % 37}", *PLAIN[i % 6]) for i in range(500)] + [("", "насос", "8413")] * 5
    random.Random(1).shuffle(lines)
    records = judge(tmp_path, lines)
    assert len(records) == 37
    assert sum(r["lines"] for r in records.values()) == 500
    assert list(records) == list(dict.fromkeys(c for c, _, _ in lines if c))


def test_without_consignments_there_is_no_file(tmp_path):
    manifest = tmp_path / "m.csv"
    manifest.write_text("description\nнасос\n", encoding="utf-8")
    assert CliRunner().invoke(app, ["score", str(manifest), "-o", str(tmp_path / "o.jsonl")]).exit_code == 0
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["m.csv", "o.jsonl"]


def test_the_sample_holds_a_drone_and_a_hidden_line(tmp_path):
    out = tmp_path / "o.jsonl"
    assert CliRunner().invoke(app, ["score", str(SAMPLE), "-o", str(out)]).exit_code == 0
    text = out.with_name("o.jsonl.consignments.jsonl").read_text(encoding="utf-8")
    records = {r["consignment_id"]: r for r in map(json.loads, text.splitlines())}
    assert "drone_in_parts" in kinds(records["CN-0933"])
    assert "hidden_line" in kinds(records["CN-0841"])
    assert kinds(records["KZ-3310"]) == set()


def test_a_consignment_of_many_lines_names_few_of_them():
    consignments = Consignments("sha256:0")
    for i in range(5_000):
        member = Member("A", str(i), "clear", 0.0, "843390", f"{84 + i % 6}{i % 90:02d}", 0.9, "", "", 0, f"lead {i}")
        consignments.add([Seen("clear", "", (0, 0, 0), 0, None, member)])
    [record] = consignments.records()
    assert record["lines"] == 5_000
    [finding] = record["findings"]
    assert len(finding["lines"]) <= 20
    assert len(json.dumps(record)) < 3_000


@given(st.from_regex(_PART) | st.from_regex(DRONE_WORDS))
def test_whatever_names_a_drone_or_a_part_of_one_is_looked_into(text):
    assert _HINT.search(text) or not (_PART.search(text) or DRONE_WORDS.search(text))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Регулятор оборотов бесколлекторного двигателя", "speed controller"),
        ("Motor controller ESC 30A", "speed controller"),
        ("飞控与摄像头套装", "flight controller"),
        ("Подшипник шариковый", ""),
    ],
)
def test_the_part_that_says_most_is_taken(text, part):
    assert drone_part(text, ["8504", "8501"])[0] == (part or "")

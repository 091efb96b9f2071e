"""Writes files of seizures for tests."""

import csv
from pathlib import Path
from random import Random

HEADER = {
    "en": ["Description of goods", "HS code", "Actual HS", "Control entry", "Case number", "Date of seizure", "Officer", "Shipper"],
    "ru": ["Описание товара", "Код ТН ВЭД", "Фактический код", "Позиция контрольного списка", "Номер дела", "Дата изъятия", "Инспектор", "Отправитель"],
    "kk": ["Тауар сипаттамасы", "СЭҚ ТН коды", "Нақты код", "Бақылау тармағы", "Іс нөмірі", "Тәркілеу күні", "Қызметкер", "Жөнелтуші"],
    "zh": ["货物名称", "HS编码", "实际HS编码", "管制编码", "案号", "查获日期", "查验人", "发货人"],
}  # fmt: skip

SYLLABLES = ("ка", "то", "ми", "ре", "лу", "бо", "ши", "на", "ge", "ra", "lo", "ti", "мех", "вал", "con", "dur")


def words(number: int) -> str:
    """Four invented words, different for every number."""
    random = Random(number)
    return " ".join("".join(random.choice(SYLLABLES) for _ in range(4)) for _ in range(4))


def seizure_row(number: int, **changed: str) -> dict[str, str]:
    """One row; rows of different numbers are no near-copies of each other."""
    row = {
        "description": words(number),
        "declared_hs": "950300",
        "actual_hs": "854231",
        "actual_control": "3A001",
        "case_id": f"case {number}",
        "seized_at": f"2026-0{1 + number % 9}-1{number % 10}",
        "officer": f"officer {number % 25}",
        "shipper": f"shipper {number % 40}",
    }
    return row | changed


def write_seizures(
    path: Path, rows: list[dict[str, str]], lang: str = "en", encoding: str = "utf-8", separator: str = ","
) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        table = csv.writer(file, delimiter=separator)
        table.writerow(HEADER[lang])
        table.writerows([list(row.values()) for row in rows])
    return path

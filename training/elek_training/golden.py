"""Golden lines: fixed descriptions whose scores are stored in the bundle and checked at every load, on every machine."""

import json

from elek.scorer import Scorer

LINES: tuple[tuple[str, str | None], ...] = (
    ("Микросхема программируемой логики Xilinx XC7K325T", "950300"),
    ("КВАДРОКОПТЕР DJI MAVIC 3 С КАМЕРОЙ, НЕ ВОЕННОГО НАЗНАЧЕНИЯ", "950300"),
    ("Подшипник шариковый радиальный 6205-2RS SKF", "848210"),
    ("литий-ионды аккумулятор батареясы 18650", "850760"),
    ("ұшқышсыз ұшу аппаратының қозғалтқышы", "850131"),
    ("热像仪机芯 640x512 非制冷", "852589"),
    ("现场可编程门阵列芯片", "854239"),
    ("five-axis CNC machining centre, positioning accuracy 1 µm", "845710"),
    ("fresh apples in cartons", "0808"),
    ("запасные части", "8708"),
    ("配件", None),
    ("Сentrifuge rotor assembly, carbon fibre", "842199"),
    ("телефон сотовый смартфон Samsung", "8517"),
    ("cotton T-shirts, knitted, men's", "610910"),
    ("гироскоп волоконно-оптический для инерциальной системы", "901420"),
    ("құбыр болат жіксіз", "7304"),
)
"""Descriptions with declared codes; written for this purpose, in every language and script that elek reads."""

SCORES = ("controlled_score", "misdeclaration_score", "vagueness_score")


def golden_lines(scorer: Scorer) -> str:
    """Score the golden lines and give the content of `golden.jsonl`.

    Parameters
    ----------
    scorer : Scorer

    Returns
    -------
    str
        One JSON object a line: the goods line and its expected scores.
    """
    lines = [{"description": text, "declared_hs": code, "line_id": f"g{i}"} for i, (text, code) in enumerate(LINES, 1)]
    records = [line.to_record() for line in scorer.score(lines)]
    rows = [
        {"line": line, "scores": {name: r[name] for name in SCORES}} for line, r in zip(lines, records, strict=True)
    ]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

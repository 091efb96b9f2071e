"""Makes test data readable: goods lines, labelled lines, manifests as bytes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from elek.goods import GoodsLine

REPOSITORY = Path(__file__).resolve().parents[1]

FIVE_SCRIPTS = (
    "Микросхема программируемой логики Xilinx XC7K325T",
    "ұшқышсыз ұшу аппаратының қозғалтқышы",
    "热像仪机芯 640x512 非制冷",
    "five-axis CNC machining centre",
    "مضخة مياه كهربائية",
)


def line(description: str, hs: str | None = None, **more: str) -> GoodsLine:
    return GoodsLine(description, declared_hs=hs, **more)


def csv_bytes(rows: list[list[str]], separator: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)

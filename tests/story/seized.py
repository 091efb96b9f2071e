"""Writes the story's seizures: goods of families and of a typology that the champion has never seen, as an officer's table."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from elek_training.catalogue import Good, read_catalogue, read_vague
from elek_training.compose import Composer, Shares
from elek_training.labelled import LabelledLine
from elek_training.split import in_fold

FAMILIES = ("drones", "bearings", "radio")
TYPOLOGY = "T4"
HEADER = (
    "Описание товара", "Код ТН ВЭД", "Фактический код", "Контрольная позиция", "Номер дела", "Дата изъятия", "Инспектор", "Отправитель",
    "Способ сокрытия", "Язык",
)  # fmt: skip
SHIPPERS, OFFICERS = 120, 30
LAST_DAY = date(2026, 11, 27)
UNSEEN_SHARE = 0.1


@dataclass(frozen=True)
class Goods:
    """The catalogue in three parts.

    Attributes
    ----------
    known : list of Good
        What the champion is trained on.
    unseen : list of Good
        Goods of known families that nobody trains on: the frozen test of old knowledge.
    new : list of Good
        The left-out families.
    """

    known: list[Good]
    unseen: list[Good]
    new: list[Good]


def part_goods() -> Goods:
    """Part the catalogue."""
    new = [g for g in read_catalogue() if g.family in FAMILIES]
    rest = [g for g in read_catalogue() if g.family not in FAMILIES]
    unseen = [g for g in rest if in_fold(g.id, UNSEEN_SHARE, 41)]
    return Goods([g for g in rest if not in_fold(g.id, UNSEEN_SHARE, 41)], unseen, new)


def compose(goods: Sequence[Good], n: int, seed: int, shares: Shares | None = None) -> list[LabelledLine]:
    """Compose lines of some goods without the left-out typology."""
    return [line for line in Composer(goods, read_vague(), shares).lines(n, seed) if line.typology != TYPOLOGY]


def as_often(goods: Sequence[Good], seed: int) -> list[Good]:
    """Repeat goods as often as they are smuggled: a few all the time, most once in a while (a power law)."""
    order = list(goods)
    Random(seed).shuffle(order)
    return [good for rank, good in enumerate(order, start=1) for _ in range(round(len(order) * 3 / rank**1.5))]


def seized_lines(goods: Goods, n: int, seed: int) -> list[LabelledLine]:
    """Compose what was seized: three in four of the new families, the rest known goods under the new typology."""
    evasive = Shares(vague=0.0, evasion=0.6, bare=0.25)
    stream = Composer(as_often(goods.new, seed), read_vague(), evasive).lines(n, seed)
    new = [x for x in stream if not x.vague][: n * 3 // 4]
    hidden = [g for g in goods.known if g.is_controlled]
    only = Composer(hidden, read_vague(), Shares(vague=0.0, evasion=1.0)).lines(n * 8, seed + 1)
    return new + [x for x in only if x.typology == TYPOLOGY][: n - len(new)]


def write_seized(lines: Sequence[LabelledLine], path: Path, seed: int) -> None:
    """Write lines as cases of a few lines each, by many shippers, over four weeks."""
    random = Random(seed)
    order = list(lines)
    random.shuffle(order)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADER)
        case, left = 0, 0
        for line in order:
            if left == 0:
                case, left = case + 1, random.randint(1, 4)
                day = LAST_DAY - timedelta(days=random.randrange(28))
                who, shipper = random.randrange(OFFICERS), random.randrange(SHIPPERS)
            left -= 1
            declared = line.declared_hs or line.hs or ""
            control = ";".join(line.control or ())
            cells = (
                line.description,
                declared,
                line.hs,
                control,
                f"KZ-{case:05d}",
                day,
                f"officer {who}",
                f"shipper {shipper}",
            )
            table.writerow([*cells, line.typology, line.lang])

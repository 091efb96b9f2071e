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
UNSEEN_SHARE, UNSEEN_SEED = 0.1, 20261130
KINDS = 12
"""Kinds of goods of each family that were seized."""

WRITTEN = {"ru": 1.0, "zh": 0.4, "en": 0.4, "kk": 0.2}
"""Papers at a land border by language, as shares of the Russian ones."""


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
    is_unseen = {g.id: in_fold(g.id, UNSEEN_SHARE, UNSEEN_SEED) for g in rest}
    return Goods([g for g in rest if not is_unseen[g.id]], [g for g in rest if is_unseen[g.id]], new)


def compose(goods: Sequence[Good], n: int, seed: int, shares: Shares | None = None) -> list[LabelledLine]:
    """Compose lines of some goods without the left-out typology."""
    return [line for line in Composer(goods, read_vague(), shares).lines(n, seed) if line.typology != TYPOLOGY]


def smuggled(goods: Sequence[Good], seed: int) -> list[Good]:
    """Draw the goods of each family that this month's seizures are about: smugglers repeat what works."""
    random = Random(seed)
    return [good for family in FAMILIES for good in random.sample([g for g in goods if g.family == family], KINDS)]


def seized_lines(goods: Goods, n: int, seed: int) -> list[LabelledLine]:
    """Compose what was seized: 17 lines in 20 of the new families, the rest known goods under the new typology."""
    evasive = Shares(vague=0.0, evasion=0.6, bare=0.25)
    stream = Composer(smuggled(goods.new, seed), read_vague(), evasive).lines(n * 3, seed)
    random = Random(seed)
    new = [x for x in stream if not x.vague and random.random() < WRITTEN[x.lang]][: n * 17 // 20]
    hidden = [g for g in goods.known if g.is_controlled]
    only = Composer(hidden, read_vague(), Shares(vague=0.0, evasion=1.0)).lines(n * 8, seed + 1)
    return new + [x for x in only if x.typology == TYPOLOGY][: n - len(new)]


def as_cases(lines: Sequence[LabelledLine], random: Random) -> list[list[LabelledLine]]:
    """Part lines into cases of one to four lines of one kind of goods, in any order."""
    of_goods: dict[str, list[LabelledLine]] = {}
    for line in lines:
        of_goods.setdefault(line.group, []).append(line)
    cases = []
    for left in of_goods.values():
        while left:
            n = random.randint(1, 4)
            cases.append(left[:n])
            left = left[n:]
    random.shuffle(cases)
    return cases


def write_seized(lines: Sequence[LabelledLine], path: Path, seed: int) -> None:
    """Write lines as cases by many shippers, over four weeks."""
    random = Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADER)
        for number, case in enumerate(as_cases(lines, random), start=1):
            day = LAST_DAY - timedelta(days=random.randrange(28))
            where = (
                f"KZ-{number:05d}",
                day,
                f"officer {random.randrange(OFFICERS)}",
                f"shipper {random.randrange(SHIPPERS)}",
            )
            for line in case:
                declared, control = line.declared_hs or line.hs or "", ";".join(line.control or ())
                table.writerow([line.description, declared, line.hs, control, *where, line.typology, line.lang])

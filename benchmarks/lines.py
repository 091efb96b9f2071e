"""Lines of the benchmark: the development data beside the checkout, brought to today's edition."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from benchmarks.settings import Settings
from elek.errors import ElekError
from elek.text import normalise
from elek_training.importers import read_official
from elek_training.labelled import LabelledLine, current_code, read_labelled
from elek_training.sources import nomenclature_lines

TNVED = (
    "tnved10_ru.csv",
    "ru.84_2022_08.03.2026.txt",
    "ru.85_2022_08.03.2026.txt",
    "ru.88_2022.txt",
    "ru.90_2022_08.03.2026.txt",
)
"""Files with Russian tariff text, as `make starter` reads them."""


class DataAbsent(ElekError):
    """A file of the development data that is not there: its rows are left out."""


@dataclass(frozen=True)
class Task:
    """One contest: lines to learn from, lines to judge, and how many digits are asked.

    Attributes
    ----------
    train, test : sequence of LabelledLine
        No group on both sides. Contestants read the labels of `train` and the texts of `test`.
    digits : int
        4 or 6.
    """

    train: Sequence[LabelledLine]
    test: Sequence[LabelledLine]
    digits: int

    @property
    def truth(self) -> list[str]:
        """The true code of each test line at the digits asked."""
        return [(line.hs or "")[: self.digits] for line in self.test]


def present(settings: Settings, *parts: str) -> Path:
    """Give the path of a file of the development data, or raise `DataAbsent`."""
    path = settings.data.joinpath(*parts)
    if not path.is_file():
        raise DataAbsent(f"{path.name} is not in {settings.data}; give the folder with --data")
    return path


def declarations(settings: Settings) -> list[LabelledLine]:
    """Read the Russian declarations."""
    return settings.thin(read_labelled(present(settings, "ru-declarations", "lines.csv")).lines)


def parts(settings: Settings) -> list[LabelledLine]:
    """Read the part numbers."""
    return settings.thin(read_labelled(present(settings, "electronic-parts", "lines.csv")).lines)


def official(settings: Settings, kind: str, *path: str) -> list[LabelledLine]:
    """Read an official text, its codes moved to today's edition."""
    return list(_official(kind, present(settings, *path)))


@lru_cache(maxsize=16)
def _official(kind: str, path: Path) -> tuple[LabelledLine, ...]:
    moved: Counter[str] = Counter()
    return tuple(replace(line, hs=current_code(line.hs or "", moved)) for line in read_official(kind, path))


def nomenclature(settings: Settings, russian: bool) -> list[LabelledLine]:
    """Give the nomenclature text that every contestant trains on; with the Russian tariff when asked."""
    lines = nomenclature_lines(settings.config.nomenclature_weight)
    if russian:
        lines += [line for name in TNVED for line in official(settings, "tnved", "tnved-ru", name) if line.hs]
    return settings.thin(lines)


def without(train: Sequence[LabelledLine], test: Sequence[LabelledLine]) -> list[LabelledLine]:
    """Drop training lines that read the same as a test line."""
    banned = {normalise(line.description).text for line in test}
    return [line for line in train if normalise(line.description).text not in banned]

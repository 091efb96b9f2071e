"""Rows of text files: physical lines bounded in length, and CSV rows that a lone quote cannot swallow."""

import csv
from collections import deque
from collections.abc import Iterator
from typing import IO, NamedTuple

MAX_ROW = 1024 * 1024
"""Characters of the longest row that is read; the bytes of a longer one are skipped, the row stays as unreadable."""

MAX_SPAN = 100
"""Lines of text that one quoted row may span; beyond that its quote is taken to be a lone one, such as an inch mark."""

csv.field_size_limit(MAX_SPAN * MAX_ROW)


class Unreadable(NamedTuple):
    """A row that holds no goods line, and why."""

    error: str


TOO_LONG = Unreadable(f"the row is longer than {MAX_ROW:,} characters; cut it into goods lines")


def read_lines(file: IO[str]) -> Iterator[str | Unreadable]:
    """Give the lines of a text file with their ends; a line that is too long is skipped to its end and given as unreadable."""
    while line := file.readline(MAX_ROW):
        if len(line) < MAX_ROW or line.endswith(("\n", "\r")):
            yield line
            continue
        while line and not line.endswith(("\n", "\r")):
            line = file.readline(MAX_ROW)
        yield TOO_LONG


class _Runaway(Exception):
    """A quoted row that does not end."""


class _Lines:
    """Lines as `csv.reader` takes them; remembers those of the row that is being read, so that they can be read again."""

    def __init__(self, file: IO[str]) -> None:
        self._source = read_lines(file)
        self._again: deque[str | Unreadable] = deque()
        self.taken: list[str | Unreadable] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._source)
        self.taken.append(line)
        if isinstance(line, Unreadable) or len(self.taken) > MAX_SPAN:
            raise _Runaway
        return line

    def give_back(self) -> str | Unreadable:
        """Take the first line of the row alone; the others will be read again."""
        first, *others = self.taken
        self._again.extendleft(reversed(others))
        return first


def read_csv_rows(file: IO[str], separator: str) -> Iterator[list[str] | Unreadable]:
    """Read the rows of a CSV.

    Parameters
    ----------
    file : text file
        Opened with ``newline=""``.
    separator : str

    Yields
    ------
    list of str or Unreadable
        Lines without any character are left out. A quote that never ends, or ends inside a word of a
        later line, is read as a character: the lines after it stay rows.
    """
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        lines.taken.clear()
        row: list[str] | Unreadable
        try:
            row = next(reader)
        except StopIteration:
            return
        except (_Runaway, csv.Error):
            row = _one_line(lines.give_back(), separator)
            reader = csv.reader(lines, delimiter=separator, strict=True)
        if row:
            yield row


def _one_line(line: str | Unreadable, separator: str) -> list[str] | Unreadable:
    """Read a line alone; quotes that do not pair are characters."""
    if isinstance(line, Unreadable):
        return line
    if line.count('"') % 2 == 0:
        return next(csv.reader([line], delimiter=separator), [])
    return [cell.strip('"') for cell in line.rstrip("\r\n").split(separator)]

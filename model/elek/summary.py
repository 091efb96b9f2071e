"""Summary: counts of a scored manifest, kept while it is scored."""

import time
from collections import Counter
from collections.abc import Iterable

from elek.scored_chunk import Seen

VERDICTS = ("wrong_code_hides_control", "controlled", "too_vague", "wrong_code", "clear")
MAX_CAUSES = 100


class Summary:
    """Counts of scored lines.

    Attributes
    ----------
    verdicts, entries, errors : Counter of str
        Lines by verdict; controlled lines by their likeliest entry; lines with errors by cause.
    """

    def __init__(self) -> None:
        self.verdicts: Counter[str] = Counter()
        self.entries: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self._before = 0
        self._started = time.monotonic()

    def restart_clock(self) -> None:
        """Count time, and lines for the speed, from now."""
        self._before = self.lines
        self._started = time.monotonic()

    @property
    def lines_a_second(self) -> float:
        """Lines counted since the clock was started, by the second."""
        return (self.lines - self._before) / self.seconds

    def add(self, seen: Iterable[Seen]) -> None:
        """Count lines."""
        for line in seen:
            if line.verdict == "error":
                self.errors[line.cause if len(self.errors) < MAX_CAUSES else "other"] += 1
                continue
            self.verdicts[line.verdict] += 1
            if line.cause:
                self.entries[line.cause] += 1

    @property
    def lines(self) -> int:
        """Lines counted."""
        return self.verdicts.total() + self.errors.total()

    @property
    def seconds(self) -> float:
        """Time since the summary was begun, above 0."""
        return max(time.monotonic() - self._started, 1e-6)

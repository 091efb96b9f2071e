"""Bench: how fast this machine scores with one bundle on one core, and how near that is to what its memory allows.

It composes its own lines of about 80 characters. Run it on an idle machine: every figure is of one process.
"""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from elek.reading import read_lines
from elek.scorer import Scorer
from elek.sound import sound_form

BATCH_LINES = 4096
SINGLE_LINES = 300
_ORDERS = (2, 3, 4, 5)
_GATHERED_ROWS = 1 << 18
_TABLE_ROWS = 86_016
_WEIGHTS = 16
"""Bytes of the weights of a row, beside one byte for each dimension: a factor and a gate of each of two members."""
_WORDS = (
    "подшипник", "шариковый", "микросхема", "памяти", "квадрокоптер", "камера", "насос", "центробежный", "аккумулятор", "станок",
    "литий-ионный", "фрезерный", "кабель", "медный", "двигатель", "датчик", "давления", "bearing", "memory", "integrated", "circuit",
    "lithium", "battery", "pump", "machine", "centre", "热像仪", "轴承", "电池", "қозғалтқыш", "батареясы", "640x512", "xc7k325t",
)  # fmt: skip


@dataclass(frozen=True)
class BenchReport:
    """What was measured.

    Attributes
    ----------
    lines_per_second : float
        Strings to arrays of scores, one core.
    records_per_second : float
        Strings to published records.
    single_p50_ms, single_p99_ms : float
        One line to its scored line.
    cold_start_s : float
        Start of a process to its first score.
    rss_mb : float
        Resident memory of that process.
    gather_gb_per_second : float
        Random rows of a table as wide as the model's, read with numpy.
    gather_limit_lines_per_second : float
        Lines that this rate could feed, if reading the table were everything.
    share_of_limit : float
        `lines_per_second` over that limit.
    machine : str
    bundle : str
    """

    lines_per_second: float
    records_per_second: float
    single_p50_ms: float
    single_p99_ms: float
    cold_start_s: float
    rss_mb: float
    gather_gb_per_second: float
    gather_limit_lines_per_second: float
    share_of_limit: float
    machine: str
    bundle: str

    def as_dict(self) -> dict[str, Any]:
        """Give the figures as plain values."""
        return asdict(self)


def bench(folder: Path | None, tell: Callable[[str], None]) -> BenchReport:
    """Measure a bundle on this machine; takes about ten seconds.

    Parameters
    ----------
    folder : Path or None
        Of the bundle; None is the starter.
    tell : callable
        Called with the name of each step.

    Returns
    -------
    BenchReport
    """
    tell("cold start")
    cold, rss = _cold_start(folder)
    scorer = Scorer.load(folder)
    lines = list(_lines(BATCH_LINES))
    tell("batches")
    scorer.arrays(lines)
    arrays = len(lines) / _best(lambda: scorer.arrays(lines))
    records = len(lines) / _best(lambda: [line.to_record() for line in scorer.score(lines)])
    tell("single lines")
    times = np.array([_seconds(partial(scorer.score, [text])) for text in lines[:SINGLE_LINES]]) * 1000
    tell("memory")
    row = scorer.embed(["x"]).shape[1] + _WEIGHTS
    rate = _gather_rate(row)
    texts = [r.texts[0] for r in read_lines(lines, lambda _: scorer.read("x").code)]
    bytes_a_line = float(np.mean([_n_features(sound_form(text)) for text in texts])) * row
    limit = rate / bytes_a_line
    return BenchReport(
        lines_per_second=round(arrays, 1),
        records_per_second=round(records, 1),
        single_p50_ms=round(float(np.percentile(times, 50)), 3),
        single_p99_ms=round(float(np.percentile(times, 99)), 3),
        cold_start_s=round(cold, 3),
        rss_mb=round(rss, 1),
        gather_gb_per_second=round(rate / 1e9, 2),
        gather_limit_lines_per_second=round(limit, 1),
        share_of_limit=round(arrays / limit, 3),
        machine=f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        bundle=scorer.bundle.digest,
    )


def _lines(n: int) -> Iterator[str]:
    """Compose lines of 60 to 80 characters, the same each time."""
    rng = np.random.default_rng(1)
    for _ in range(n):
        words: list[str] = []
        while sum(map(len, words)) + len(words) < 62:
            words.append(_WORDS[int(rng.integers(len(_WORDS)))])
        yield " ".join(words)[:80]


def _n_features(text: str) -> int:
    """Count the rows that a text reads: character n-grams inside words, words, pairs of neighbours."""
    words = text.split()
    grams = sum(max(0, len(word) + 3 - order) for word in words for order in _ORDERS)
    return grams + 2 * len(words) - 1


def _gather_rate(row: int) -> float:
    """Measure the bytes a second at which numpy reads random rows of a table."""
    rng = np.random.default_rng(2)
    table = rng.integers(-127, 127, size=(_TABLE_ROWS, row), dtype=np.int8)
    rows = rng.integers(_TABLE_ROWS, size=2048)
    out = np.empty((len(rows), row), dtype=np.int8)
    np.take(table, rows, axis=0, out=out, mode="clip")
    picks = [rng.integers(_TABLE_ROWS, size=len(rows)) for _ in range(_GATHERED_ROWS // len(rows))]

    def gather() -> None:
        for pick in picks:
            np.take(table, pick, axis=0, out=out, mode="clip")

    return _GATHERED_ROWS * row / _best(gather)


def _cold_start(folder: Path | None) -> tuple[float, float]:
    """Start a process that scores one line; gives seconds and its resident memory in MB."""
    script = (
        "import sys; from elek import Scorer; Scorer.load(sys.argv[1] or None).score(['насос']);"
        "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", script, str(folder or "")], capture_output=True, text=True, check=True)
    return time.perf_counter() - started, float(done.stdout)


def _best(run: Callable[[], object], times: int = 3) -> float:
    return min(_seconds(run) for _ in range(times))


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started

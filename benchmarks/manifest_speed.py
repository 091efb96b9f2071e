"""File to file: lines per second, peak memory and lines lost of `elek score` on composed manifests.

Run it alone on the machine: ``python -m benchmarks.manifest_speed --lines 100000 --lines 1000000``. With ``--kills 30`` the first
manifest is also scored by a run that is killed and resumed, and the files are compared.
"""

import argparse
import csv
import filecmp
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from elek_training.catalogue import read_catalogue, read_vague
from elek_training.compose import Composer, Shares

CORES = (1, 2)
SEED = 7
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Run:
    """One run of `elek score`: seconds, and the largest sum of resident memory over its processes, in MB."""

    seconds: float
    megabytes: float


TALK_SHARE = 5 / 3746
"""Share of real Russian declarations with a word about the reader: such a line is scored by up to 24 of its ends too."""


def compose(path: Path, n: int) -> None:
    """Write a manifest of n composed lines; beyond 100,000 distinct ones a counter keeps them apart."""
    composer = Composer(read_catalogue(), read_vague(), Shares(talk=TALK_SHARE))
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["line_id", "consignment_id", "description", "declared_hs", "quantity"])
        lines = list(composer.lines(min(n, 100_000), SEED))
        for i in range(n):
            line = lines[i % len(lines)]
            text = line.description if i < len(lines) else f"{line.description} {i // len(lines)}"
            table.writerow([i + 1, f"C{i // 40}", text, line.declared_hs or "", i % 100 + 1])


def resident(pid: int) -> float:
    """Give the proportional memory of a process and its children, in MB."""
    total, waiting = 0.0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
            children = Path(f"/proc/{one}/task/{one}/children").read_text()
        except OSError:
            continue
        total += sum(int(row.split()[1]) for row in rollup.splitlines() if row.startswith("Pss:")) / 1024
        waiting.extend(map(int, children.split()))
    return total


def score(manifest: Path, out: Path, cores: int) -> Run:
    """Score a manifest on so many cores, watched."""
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    command = [
        "taskset",
        "-c",
        ",".join(map(str, allowed)),
        f"{sys.prefix}/bin/elek",
        "score",
        str(manifest),
        "-o",
        str(out),
    ]
    started, peak = time.monotonic(), 0.0
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        done = threading.Event()
        while not done.wait(POLL_SECONDS):
            peak = max(peak, resident(process.pid))
            if process.poll() is not None:
                done.set()
        if process.returncode not in (0, 1):
            raise RuntimeError(f"elek score ended with {process.returncode}")
    return Run(time.monotonic() - started, peak)


def count_lines(path: Path) -> int:
    """Count the lines of a file."""
    with path.open("rb") as file:
        return sum(1 for _ in file)


def kill_and_resume(manifest: Path, out: Path, kills: int, seconds: float) -> int:
    """Score with a run that is killed at seeded moments; give how often it was killed before it ended."""
    seeded = random.Random(SEED)
    command = [f"{sys.prefix}/bin/elek", "score", str(manifest), "-o", str(out), "--resume"]
    for killed in range(kills):
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(1.0 + seeded.random() * 2 * seconds / kills)
                return killed
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
    subprocess.run(command, stderr=subprocess.DEVNULL, check=False)
    return kills


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, action="append", required=True)
    parser.add_argument("--cores", type=int, action="append")
    parser.add_argument("--kills", type=int, default=0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for n in chosen.lines:
            manifest, out = Path(folder) / f"{n}.csv", Path(folder) / f"{n}.jsonl"
            compose(manifest, n)
            for cores in chosen.cores or CORES:
                run = score(manifest, out, cores)
                lost = n - count_lines(out)
                print(
                    f"{n:,} lines, {cores} cores: {n / run.seconds:,.0f} lines/s, {run.megabytes:,.0f} MB, {lost} lost",
                    flush=True,
                )
            if chosen.kills:
                torn = Path(folder) / "torn.jsonl"
                kills = kill_and_resume(manifest, torn, chosen.kills, run.seconds)
                print(
                    f"{n:,} lines, killed {kills} times: identical {filecmp.cmp(out, torn, shallow=False)}", flush=True
                )
                chosen.kills = 0


if __name__ == "__main__":
    main()

"""The service under load, its client in the same run on the same cores: single lines, batches, ten times too much.

Run it on an idle machine: `.venv/bin/python benchmarks/service_load.py`. It starts `elek serve` itself, in a temporary
folder, with every request in the audit log on disk before it is answered. The scorer called directly, in one thread, is the
peer of the batches.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
sys.path.insert(0, str(REPOSITORY / "tests"))

from elek.manifest import read_manifest  # noqa: E402 (the tests' folder comes first)
from elek.scorer import Scorer  # noqa: E402
from served import Served  # type: ignore[import-not-found]  # it lies in tests/ # noqa: E402

RATE = 300
"""Single-line requests a second that must be answered without an error."""


@dataclass
class Outcome:
    """What a load did: answers by status, seconds of each, and what was no answer at all."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    broken: int = 0

    def told(self) -> str:
        """Give it in words."""
        ms = sorted(s * 1000 for s in self.seconds) or [0.0]
        p99 = ms[min(len(ms) - 1, int(len(ms) * 0.99))]
        counts = ", ".join(f"{status}: {n}" for status, n in sorted(self.statuses.items()))
        return f"{counts}, broken: {self.broken}; p50 {statistics.median(ms):.1f} ms, p99 {p99:.1f} ms, max {ms[-1]:.1f} ms"


class Connection:
    """One kept-alive HTTP connection; no more of HTTP than this needs."""

    def __init__(self, url: str) -> None:
        host, port = url.removeprefix("http://").split(":")
        self._address = (host, int(port))
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: bytes, outcome: Outcome) -> None:
        """Send a request and count its answer."""
        start = time.perf_counter()
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection(*self._address)
            reader, writer = self._streams
            head = f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            fields = dict(line.lower().split(b": ", 1) for line in answer.split(b"\r\n")[1:] if b": " in line)
            await reader.readexactly(int(fields[b"content-length"]))
            outcome.statuses[int(answer[9:12])] += 1
            outcome.seconds.append(time.perf_counter() - start)
            if fields.get(b"connection") == b"close":
                self.close()
        except (OSError, asyncio.IncompleteReadError, KeyError):
            outcome.broken += 1
            self.close()

    def close(self) -> None:
        """Close; the next request opens it again."""
        if self._streams:
            self._streams[1].close()
        self._streams = None


async def at_rate(url: str, bodies: list[bytes], rate: float, seconds: float, connections: int) -> Outcome:
    """Send requests at a fixed rate whatever the answers, as far as the connections reach."""
    outcome, free = Outcome(), asyncio.Queue[Connection]()
    for _ in range(connections):
        free.put_nowait(Connection(url))
    start, tasks = time.perf_counter(), set()

    async def one(body: bytes, connection: Connection) -> None:
        await connection.ask("POST", "/v1/score", body, outcome)
        free.put_nowait(connection)

    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
        task = asyncio.create_task(one(bodies[number % len(bodies)], await free.get()))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)
    while not free.empty():
        free.get_nowait().close()
    return outcome


async def as_fast_as_answered(url: str, body: bytes, seconds: float, connections: int) -> Outcome:
    """Send the next request on a connection when the last was answered."""
    outcome, end = Outcome(), time.perf_counter() + seconds

    async def one() -> None:
        connection = Connection(url)
        while time.perf_counter() < end:
            await connection.ask("POST", "/v1/score", body, outcome)
        connection.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return outcome


async def probe(url: str, seconds: float) -> Outcome:
    """Ask for the service's health ten times a second."""
    outcome, connection, end = Outcome(), Connection(url), time.perf_counter() + seconds
    while time.perf_counter() < end:
        await connection.ask("GET", "/healthz", b"", outcome)
        await asyncio.sleep(0.1)
    connection.close()
    return outcome


async def overload(url: str, bodies: list[bytes], seconds: float) -> tuple[Outcome, Outcome]:
    """Send ten times the rate; give what was answered, and how health answered meanwhile to a process of its own."""
    command = [sys.executable, __file__, "--probe", url, "--seconds", str(seconds)]
    prober = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    outcome = await at_rate(url, bodies, 10 * RATE, seconds, connections=200)
    told, _ = await prober.communicate()
    health = json.loads(told)
    statuses = Counter({int(status): n for status, n in health["statuses"].items()})
    return outcome, Outcome(statuses, health["seconds"], health["broken"])


def sample_lines() -> list[dict[str, str]]:
    """Give the 64 lines of the sample manifest."""
    lines = read_manifest(REPOSITORY / "data/sample/manifest.csv").lines
    return [{"description": line.description, "declared_hs": line.declared_hs or ""} for line in lines]


def direct(lines: list[dict[str, str]], seconds: float) -> float:
    """Give the lines a second of the scorer alone."""
    scorer, done, start = Scorer.load(), 0, time.perf_counter()
    while time.perf_counter() < start + seconds:
        done += len(scorer.score(lines))
    return done / (time.perf_counter() - start)


def main() -> None:
    """Run the three loads and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="of the single-line load; the others take a third")
    parser.add_argument(
        "--probe", metavar="URL", help="only ask for this service's health, and print the answers as JSON"
    )
    options = parser.parse_args()
    if options.probe:
        print(json.dumps(vars(asyncio.run(probe(options.probe, options.seconds)))))
        return
    lines = sample_lines()
    singles = [json.dumps({"lines": [line]}).encode() for line in lines]
    batch = json.dumps({"lines": lines}).encode()
    third = options.seconds / 3
    peer = direct(lines, third)
    with tempfile.TemporaryDirectory() as folder:
        service = Served(Path(folder) / "data", "--open").await_ready()
        try:
            asyncio.run(as_fast_as_answered(service.url, singles[0], 2, 4))
            print(
                "single lines,",
                RATE,
                "a second:",
                asyncio.run(at_rate(service.url, singles, RATE, options.seconds, 64)).told(),
            )
            batches = asyncio.run(as_fast_as_answered(service.url, batch, third, 4))
            rate = batches.statuses[200] * len(lines) / third
            print(
                f"batches of {len(lines)}: {rate:.0f} lines/s, {rate / peer:.2f} of the scorer alone in one thread;",
                batches.told(),
            )
            answered, health = asyncio.run(overload(service.url, singles, third))
            print(f"{10 * RATE} a second asked for:", answered.told())
            print("health meanwhile:", health.told())
        finally:
            service.stop()
        elek = str(Path(sys.executable).with_name("elek"))
        print(
            subprocess.check_output([elek, "audit", "verify", "--data", f"{folder}/data"], text=True).strip(),
            os.cpu_count(),
            "cores",
        )


if __name__ == "__main__":
    main()

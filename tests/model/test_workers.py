"""Workers score in order, give what one process gives, and survive the death of one of them."""

import itertools
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from elek import workers
from elek.manifest import ManifestLine
from elek.scored_chunk import How, score_chunk

CHUNKS = [[ManifestLine(f"насос {c} {i}", line_id=f"{c}-{i}") for i in range(40)] for c in range(24)]


@pytest.fixture
def two_cores(monkeypatch):
    monkeypatch.setattr(workers, "n_cores", lambda: 2)
    monkeypatch.setattr(workers, "SMALL", 2)


def children():
    done = subprocess.run(
        ["pgrep", "-P", str(os.getpid()), "-f", "spawn_main"], capture_output=True, text=True, check=False
    )
    return [int(pid) for pid in done.stdout.split()]


def test_workers_give_in_order_what_one_process_gives(scorer, two_cores):
    given = list(workers.score_chunks(scorer, None, How(), iter(CHUNKS)))
    assert [chunk for chunk, _ in given] == CHUNKS
    assert [scored for _, scored in given] == [score_chunk(scorer, chunk, How()) for chunk in CHUNKS]


def test_a_worker_that_dies_costs_no_line(scorer, two_cores):
    stream = workers.score_chunks(scorer, None, How(), itertools.chain(CHUNKS, CHUNKS))
    given = [next(stream)]

    def kill() -> None:
        for pid in children()[:1]:
            os.kill(pid, signal.SIGKILL)

    kill()
    given.extend(stream)
    assert [line.line_id for chunk, _ in given for line in chunk] == [
        line.line_id for chunk in CHUNKS + CHUNKS for line in chunk
    ]
    assert b"".join(s.text for _, s in given[:24]) == b"".join(score_chunk(scorer, c, How()).text for c in CHUNKS)


def test_workers_end_when_their_parent_is_killed(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(
        "import itertools, time\n"
        "from elek import Scorer, workers\n"
        "from elek.manifest import ManifestLine\n"
        "from elek.scored_chunk import How\n"
        "if __name__ == '__main__':\n"
        "    workers.n_cores = lambda: 2\n"
        "    stream = workers.score_chunks(Scorer.load(), None, How(), itertools.repeat([ManifestLine('pump', line_id='1')]))\n"
        "    next(stream)\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        born = subprocess.run(
            ["pgrep", "-P", str(parent.pid), "-f", "spawn_main"], capture_output=True, text=True, check=False
        )
        pids = [int(pid) for pid in born.stdout.split()]
        assert len(pids) == 1
        parent.kill()
    waited = threading.Event()
    for _ in range(600):
        if not any(_alive(pid) for pid in pids):
            waited.set()
            break
        time.sleep(0.1)
    assert waited.is_set()


def _alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().split(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False

"""Workers: chunks of goods lines scored on every core, given back in order.

This process reads and writes, and scores too when it would only wait: there is a worker for each core but one. Small manifests
need none.
"""

import gc
import itertools
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, fields
from multiprocessing.connection import Connection
from operator import attrgetter
from pathlib import Path
from queue import SimpleQueue

from elek.errors import ElekError
from elek.manifest import ManifestLine
from elek.parent import end_with_parent
from elek.scored_chunk import How, ScoredChunk, score_chunk
from elek.scorer import Scorer

SMALL = 8
"""Chunks that one process scores sooner than workers start."""

WAITING = 2
"""Chunks for each worker that it scores or that wait for it."""

AHEAD = 4
"""Chunks for each core that are kept at most, scored or not, before the one that is due."""

HEARD_WITHIN = 0.001
"""Seconds after which Python's scoring in this process lets the threads on that read what workers answer; else they wait for it."""

MAX_DEATHS = 3
"""Times that a worker is started again for one chunk."""

Chunk = list[ManifestLine]

_values = attrgetter(*(f.name for f in fields(ManifestLine)))


def n_cores() -> int:
    """Count the cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def collect_seldom() -> None:
    """Let this process seldom look for objects that refer to each other: lines and records, of which there are many, do not."""
    gc.set_threshold(50_000, 20, 100)


def score_chunks(
    scorer: Scorer, folder: Path | None, how: How, chunks: Iterator[Chunk]
) -> Iterator[tuple[Chunk, ScoredChunk]]:
    """Score chunks, in order.

    Parameters
    ----------
    scorer : Scorer
        Of this process.
    folder : Path or None
        Of the same bundle; each worker loads it.
    how : How
    chunks : iterator of list of ManifestLine

    Yields
    ------
    (list of ManifestLine, ScoredChunk)

    Raises
    ------
    ElekError
        If a worker keeps dying.
    """
    first = list(itertools.islice(chunks, SMALL))
    chunks = itertools.chain(first, chunks)
    if len(first) < SMALL or n_cores() == 1:
        for chunk in chunks:
            yield chunk, score_chunk(scorer, chunk, how)
        return
    yield from _by_workers(_Job(scorer.bundle.digest, folder, how), scorer, chunks)


@dataclass(frozen=True)
class _Job:
    """What a worker needs to begin."""

    digest: str
    folder: Path | None
    how: How


class _Worker:
    """A process that scores; one that dies costs time, not lines.

    It has a pipe of its own, whose other end is open nowhere else, so that its death is seen even in the middle of a chunk.
    """

    def __init__(self, job: _Job) -> None:
        self._job = job
        self._stopped = False
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, self._job), daemon=True)
        self._process.start()
        theirs.close()

    def score(self, chunk: Chunk) -> ScoredChunk:
        """Score a chunk in the process, which is started again when it dies."""
        rows = [_values(line) for line in chunk]
        for _ in range(MAX_DEATHS + 1):
            try:
                self._pipe.send(rows)
                answer: ScoredChunk | Exception = self._pipe.recv()
            except (EOFError, OSError):
                if self._stopped:
                    raise
                self._start()
                continue
            if isinstance(answer, Exception):
                raise answer
            return answer
        raise ElekError("workers keep dying, mostly for lack of memory; close other programs, or run on one core")

    def stop(self) -> None:
        """End the process, whatever it does."""
        self._stopped = True
        self._process.kill()
        self._process.join()


def _by_workers(job: _Job, scorer: Scorer, chunks: Iterator[Chunk]) -> Iterator[tuple[Chunk, ScoredChunk]]:
    """Keep every worker busy, and this process too."""
    workers = [_Worker(job) for _ in range(n_cores() - 1)]
    idle: SimpleQueue[_Worker] = SimpleQueue()
    for worker in workers:
        idle.put(worker)

    def ask(chunk: Chunk) -> ScoredChunk:
        worker = idle.get()
        try:
            return worker.score(chunk)
        finally:
            idle.put(worker)

    threads = ThreadPoolExecutor(len(workers))
    interval = sys.getswitchinterval()
    sys.setswitchinterval(HEARD_WITHIN)
    pending: deque[tuple[Chunk, Future[ScoredChunk]]] = deque()
    most = n_cores() * AHEAD
    try:
        while True:
            free = len(workers) * WAITING - sum(not future.done() for _, future in pending)
            for chunk in itertools.islice(chunks, max(0, min(free, most - len(pending)))):
                pending.append((chunk, threads.submit(ask, chunk)))
            if not pending:
                return
            if not pending[0][1].done() and len(pending) < most and (mine := next(chunks, None)):
                pending.append((mine, Future()))
                pending[-1][1].set_result(score_chunk(scorer, mine, job.how))
            else:
                due, future = pending.popleft()
                yield due, future.result()
    finally:
        for worker in workers:
            worker.stop()
        threads.shutdown(cancel_futures=True)
        sys.setswitchinterval(interval)


def _work(pipe: Connection, job: _Job) -> None:
    """Answer every chunk that comes, in a new process; it ends when its parent ends, however that happens."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    collect_seldom()
    try:
        scorer = Scorer.load(job.folder)
        if scorer.bundle.digest != job.digest:
            raise ElekError("the bundle was changed while it was in use; start again")
        while True:
            pipe.send(score_chunk(scorer, [ManifestLine(*row) for row in pipe.recv()], job.how))
    except (EOFError, OSError):
        return  # the other process has ended
    except Exception as error:  # the edge of this process: whoever asked for the chunk raises it
        pipe.send(error)

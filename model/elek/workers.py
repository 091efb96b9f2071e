"""Workers: chunks of goods lines scored on every core, given back in order.

This process reads and writes, and scores too when it would only wait: there is a worker for each core but one. Small manifests
need none.
"""

import itertools
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import fields
from operator import attrgetter
from pathlib import Path

from elek.errors import ElekError
from elek.manifest import ManifestLine
from elek.parent import end_with_parent
from elek.scored_chunk import How, ScoredChunk, score_chunk
from elek.scorer import Scorer

SMALL = 8
"""Chunks that one process scores sooner than workers start."""

WAITING = 3
"""Chunks for each worker that it scores or has waiting."""

AHEAD = 4
"""Chunks for each core that are kept at most, scored or not, before the one that is due."""

MAX_DEATHS = 3
"""Times that the workers are started again after one of them died."""

Chunk = list[ManifestLine]

_values = attrgetter(*(f.name for f in fields(ManifestLine)))
_worker: tuple[Scorer, How] | None = None


def n_cores() -> int:
    """Count the cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


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
        If workers keep dying.
    """
    first = list(itertools.islice(chunks, SMALL))
    if len(first) < SMALL or n_cores() == 1:
        for chunk in itertools.chain(first, chunks):
            yield chunk, score_chunk(scorer, chunk, how)
    else:
        yield from _by_workers(scorer, folder, how, itertools.chain(first, chunks))


def _by_workers(
    scorer: Scorer, folder: Path | None, how: How, chunks: Iterator[Chunk]
) -> Iterator[tuple[Chunk, ScoredChunk]]:
    """Keep every worker busy, and this process too; a worker that dies costs time, not lines."""
    pending: deque[tuple[Chunk, Future[ScoredChunk]]] = deque()
    pool = _pool(scorer.bundle.digest, folder, how)
    deaths, most = 0, n_cores() * AHEAD
    try:
        while True:
            free = (n_cores() - 1) * WAITING - sum(not future.done() for _, future in pending)
            for chunk in itertools.islice(chunks, max(0, min(free, most - len(pending)))):
                pending.append((chunk, _submit(pool, chunk)))
            if not pending:
                return
            if not pending[0][1].done() and len(pending) < most and (mine := next(chunks, None)):
                pending.append((mine, _scored(score_chunk(scorer, mine, how))))
                continue
            try:
                scored = pending[0][1].result()
            except BrokenProcessPool as error:
                deaths += 1
                if deaths > MAX_DEATHS:
                    raise ElekError(
                        "workers keep dying, mostly for lack of memory; close other programs, or run on one core"
                    ) from error
                pool.shutdown(wait=False, cancel_futures=True)
                pool = _pool(scorer.bundle.digest, folder, how)
                pending = deque((c, f if _is_scored(f) else _submit(pool, c)) for c, f in pending)
                continue
            yield pending.popleft()[0], scored
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _pool(digest: str, folder: Path | None, how: How) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(n_cores() - 1, mp_context=context, initializer=_start, initargs=(digest, folder, how))


def _submit(pool: ProcessPoolExecutor, chunk: Chunk) -> "Future[ScoredChunk]":
    """Send a chunk; a pool that is found broken gives its error from the future, as any other."""
    try:
        return pool.submit(_score, [_values(line) for line in chunk])
    except BrokenProcessPool as error:
        future: Future[ScoredChunk] = Future()
        future.set_exception(error)
        return future


def _scored(chunk: ScoredChunk) -> "Future[ScoredChunk]":
    future: Future[ScoredChunk] = Future()
    future.set_result(chunk)
    return future


def _is_scored(future: "Future[ScoredChunk]") -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _start(digest: str, folder: Path | None, how: How) -> None:
    """Load the bundle in a new worker; it ends when its parent ends, however that happens."""
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    scorer = Scorer.load(folder)
    if scorer.bundle.digest != digest:
        raise ElekError("the bundle was changed while it was in use; start again")
    _worker = (scorer, how)


def _score(rows: list[tuple[str | None, ...]]) -> ScoredChunk:
    assert _worker is not None
    scorer, how = _worker
    return score_chunk(scorer, [ManifestLine(*row) for row in rows], how)  # type: ignore[arg-type]  # fields in their order

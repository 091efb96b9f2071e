"""ManifestScorer: one thread that scores waiting manifests, oldest first. A manifest cut off by a stop is scored anew."""

import itertools
import json
import logging
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from elek.errors import ElekError
from elek.manifest import ManifestLine, read_manifest
from elek.scorer import Scorer
from elek_serving.audit.log import AuditLog
from elek_serving.audit.record import Entry, Work
from elek_serving.current_bundle import CurrentBundle
from elek_serving.error_log import log_place
from elek_serving.metrics import Metrics
from elek_serving.retention import Retention
from elek_serving.scored_lines import rounded
from elek_serving.settings import Settings
from elek_serving.store.database import Database, StoreError, now, storable
from elek_serving.store.lines import LineRow, digest, line_values
from elek_serving.store.manifests import ManifestRow, unscored

CHUNK = 128
"""Lines scored and stored at once: short enough that requests come in between."""

PART = 5000
"""Lines in one audit record; a longer manifest has several."""

IDLE_SECONDS = 60.0
"""How often to look for work nobody announced: another service may share the store."""

_LOG = logging.getLogger("elek.manifests")


class ManifestScorer:
    """Scores what waits.

    Parameters
    ----------
    settings : Settings
    database : Database
    log : AuditLog
    bundle : CurrentBundle
    metrics : Metrics
    """

    def __init__(
        self, settings: Settings, database: Database, log: AuditLog, bundle: CurrentBundle, metrics: Metrics
    ) -> None:
        self._settings, self._database, self._log = settings, database, log
        self._bundle, self._metrics = bundle, metrics
        self._retention = Retention(settings, database, log)
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="elek-manifests", daemon=True)

    def start(self) -> None:
        """Start with what an earlier run left."""
        self._wake.set()
        self._thread.start()

    def wake(self) -> None:
        """Say that a manifest waits."""
        self._wake.set()

    def stop(self) -> None:
        """Stop after the chunk at hand."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(IDLE_SECONDS)
            self._wake.clear()
            try:
                self._retention.apply()
                self._score_waiting()
            except Exception as error:  # outer edge of the thread: the next round tries again
                log_place(_LOG, "manifests", error)

    def _score_waiting(self) -> None:
        with self._database.read() as session:
            waiting = unscored(session)
        for manifest_id in waiting:
            if self._stop.is_set():
                return
            try:
                self.score(manifest_id)
            except (ElekError, OSError) as error:
                told = (
                    str(error) if isinstance(error, ElekError) else "the uploaded file cannot be read; upload it again"
                )
                self._log.write(_failed(manifest_id, told), key=f"manifest-failed:{manifest_id}")

    def score(self, manifest_id: int) -> None:
        """Score one manifest and enter its lines, its counts and its audit records."""
        with self._database.write() as session:
            row = session.get_one(ManifestRow, manifest_id)
            session.execute(delete(LineRow).where(LineRow.manifest_id == manifest_id))
            row.state, row.lines_read = "scoring", 0
        path = self._settings.data / "manifests" / f"{row.sha256}{row.ending}"
        scorer = self._bundle.get().scorer
        counts: Counter[str] = Counter()
        manifest = read_manifest(path)
        for number, chunk in _chunks(manifest.lines):
            if self._stop.is_set():
                return
            if number + len(chunk) > self._settings.max_manifest_lines:
                most = self._settings.max_manifest_lines
                raise StoreError(f"the manifest has more than {most} lines; split it and upload the parts")
            counts.update(self._enter(manifest_id, scorer, number, chunk))
        self._enter_records(row, scorer.bundle.digest, Outcome(manifest.report, dict(counts)))

    def _enter_records(self, row: ManifestRow, bundle: str, outcome: "Outcome") -> None:
        """Write the audit records; with the last one the manifest is scored."""
        parts = max(1, -(-sum(outcome.counts.values()) // PART))
        for part in range(1, parts + 1):
            with self._database.read() as session:
                lines = [row_facts(line) for line in part_lines(session, row.id, part)]
            facts = {"manifest": row.id, "sha256": row.sha256, "part": part, "parts": parts, "lines": lines}
            entry = Entry("manifest_scored", row.actor, facts, bundle=bundle)
            work = _finished(entry, outcome) if part == parts else entry
            self._log.write(work, key=f"manifest:{row.id}:{part}:{bundle}")

    def _enter(self, manifest_id: int, scorer: Scorer, before: int, chunk: list[ManifestLine]) -> list[str]:
        """Score and store a chunk; give its verdicts."""
        scored = [
            replace(s, error=goods.error) if goods.error else s
            for goods, s in zip(chunk, scorer.score(chunk), strict=True)
        ]
        rows = [
            {"manifest_id": manifest_id, "row": before + n, **line_values(goods, line)}
            for n, (goods, line) in enumerate(zip(chunk, scored, strict=True), start=1)
        ]
        with self._database.write() as session:
            session.execute(insert(LineRow), rows)
            session.get_one(ManifestRow, manifest_id).lines_read = before + len(chunk)
        self._metrics.scored(line.verdict for line in scored)
        return [line.verdict or "error" for line in scored]


@dataclass(frozen=True)
class Outcome:
    """What reading and scoring a manifest gave: what was found, and lines by verdict."""

    report: str
    counts: dict[str, int]


def part_lines(session: Session, manifest_id: int, part: int) -> Iterable[LineRow]:
    """Give the lines of one audit record of a manifest, in order."""
    first = (part - 1) * PART
    query = select(LineRow).where(LineRow.manifest_id == manifest_id, LineRow.row > first, LineRow.row <= first + PART)
    return session.scalars(query.order_by(LineRow.row))


def row_facts(line: LineRow) -> dict[str, Any]:
    """Give what an audit record says of a stored line; as `elek_serving.scored_lines.line_facts` for a request."""
    return {
        "line": digest(line.input),
        "text": line.text_digest,
        "verdict": line.verdict,
        "scores": rounded(line.controlled, line.misdeclared, line.vague),
    }


def _finished(entry: Entry, outcome: Outcome) -> Work:
    def work(session: Session) -> Entry:
        row = session.get_one(ManifestRow, entry.facts["manifest"])
        row.state, row.scored_at, row.bundle = "scored", now(), entry.bundle
        row.report, row.counts_json = storable(outcome.report), json.dumps(outcome.counts)
        return entry

    return work


def _failed(manifest_id: int, told: str) -> Work:
    def work(session: Session) -> Entry:
        row = session.get_one(ManifestRow, manifest_id)
        session.execute(delete(LineRow).where(LineRow.manifest_id == manifest_id))
        row.state, row.error, row.lines_read = "failed", storable(told)[:500], 0
        return Entry("manifest_failed", row.actor, {"manifest": manifest_id, "sha256": row.sha256})

    return work


def _chunks(lines: Iterator[ManifestLine]) -> Iterator[tuple[int, list[ManifestLine]]]:
    """Cut lines into chunks, each with the number of lines before it."""
    before = 0
    while chunk := list(itertools.islice(lines, CHUNK)):
        yield before, chunk
        before += len(chunk)

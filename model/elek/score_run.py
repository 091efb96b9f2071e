"""Score run: a manifest in, the scored file and its consignments out, resumed when asked, with a summary at the end."""

import itertools
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from elek import __version__
from elek.budget import Budget, Queue
from elek.consignments import Consignments
from elek.errors import ManifestError
from elek.manifest import Manifest, ManifestLine, read_manifest
from elek.part_file import Identity, PartFile, digest_file, replacing
from elek.scored_chunk import CHUNK, How, Seen, see
from elek.scored_file import check_output, publish, queued_lines
from elek.scored_tables import MAX_XLSX_LINES
from elek.scorer import Scorer
from elek.summary import Summary
from elek.workers import score_chunks

Progress = Callable[[int], None]
"""Called with the number of lines scored so far."""


@dataclass(frozen=True)
class ScoreOptions:
    """What `elek score` was asked for.

    Attributes
    ----------
    manifest : Path
    out : Path or None
        None prints JSONL to standard output.
    bundle : Path or None
    named : mapping of str to str
    encoding : str or None
    how : How
    budget : Budget or None
    resume : bool
    """

    manifest: Path
    out: Path | None = None
    bundle: Path | None = None
    named: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    how: How = field(default_factory=How)
    budget: Budget | None = None
    resume: bool = False


@dataclass(frozen=True)
class Judged:
    """Where the records of consignments lie, and how many have each kind of finding."""

    path: Path
    findings: Mapping[str, int]


@dataclass(frozen=True)
class ScoreReport:
    """What a run found, for people.

    Attributes
    ----------
    manifest : Manifest
    summary : Summary
    queue : Queue or None
    metrics : mapping
        Of the bundle.
    judged : Judged or None
        What was found of consignments; None without consignments.
    resumed : int
        Lines that an earlier run had scored.
    """

    manifest: Manifest
    summary: Summary
    queue: Queue | None
    metrics: Mapping[str, object]
    judged: Judged | None = None
    resumed: int = 0


def score_to_file(options: ScoreOptions, tell: Callable[[str], None], progress: Progress) -> ScoreReport:
    """Score a manifest into a file.

    Parameters
    ----------
    options : ScoreOptions
        With `out`.
    tell : callable
        Called with what was found in the manifest.
    progress : callable

    Returns
    -------
    ScoreReport

    Raises
    ------
    ElekError
        If the manifest, the bundle or the output cannot be used, or the run to resume was another one.
    """
    assert options.out is not None
    check_output(options.out, options.manifest)
    manifest = read_manifest(options.manifest, options.named, options.encoding)
    tell(manifest.report)
    scorer = Scorer.load(options.bundle)
    part = PartFile(options.out, _identity(options, scorer), options.resume)
    try:
        report = _score_into(part, options, manifest, scorer, progress)
    except ManifestError:
        part.close(keep=False)
        raise
    except BaseException:
        part.close(keep=True)
        raise
    part.close(keep=False)
    return report


def _identity(options: ScoreOptions, scorer: Scorer) -> Identity:
    said = {
        "map": dict(options.named),
        "encoding": options.encoding,
        "top": options.how.top,
        "evidence": options.how.evidence,
        "budget": [options.budget.lines, options.budget.share] if options.budget else None,
    }
    return Identity(digest_file(options.manifest), scorer.bundle.digest, json.dumps(said, sort_keys=True), __version__)


def _score_into(
    part: PartFile, options: ScoreOptions, manifest: Manifest, scorer: Scorer, progress: Progress
) -> ScoreReport:
    summary, queue = Summary(), Queue(options.budget) if options.budget else None
    consignments = Consignments(scorer.bundle.digest) if "consignment_id" in manifest.columns else None
    metrics = scorer.bundle.index.get("metrics", {})

    def add(seen: list[Seen]) -> None:
        for counted in (summary, queue, consignments):
            if counted is not None:
                counted.add(seen)
        progress(summary.lines)

    resumed = part.rows
    for chunk in _replayed(part, manifest.lines):
        add(chunk)
    summary.restart_clock()
    limit = MAX_XLSX_LINES if part.out.suffix.lower() == ".xlsx" else None
    if not part.complete:
        for lines, scored in score_chunks(scorer, options.bundle, options.how, _chunks(manifest.lines)):
            part.write(scored.text, len(lines))
            add(scored.seen)
            if limit and part.rows > limit:
                raise ManifestError(f"'{part.out.name}' can hold {limit:,} lines; write CSV or Parquet")
        part.save(complete=True)
    if queue is not None:
        queue.sort()
    judged = _publish_consignments(part.out, consignments) if consignments is not None else None
    if part.path.exists():
        publish(part, queue, options.how.evidence)
    return ScoreReport(manifest, summary, queue, metrics, judged, resumed)


def _chunks(lines: Iterator[ManifestLine]) -> Iterator[list[ManifestLine]]:
    while chunk := list(itertools.islice(lines, CHUNK)):
        yield chunk


def _replayed(part: PartFile, lines: Iterator[ManifestLine]) -> Iterator[list[Seen]]:
    """See the lines of an earlier run again, from the part file; takes their goods lines from the manifest."""
    if part.rows:
        scored = ((goods, json.loads(line)) for line, goods in zip(part.lines(), lines, strict=False))
        while seen := [see(goods, record) for goods, record in itertools.islice(scored, CHUNK)]:
            yield seen


def _publish_consignments(out: Path, consignments: Consignments) -> Judged | None:
    path = out.with_name(f"{out.name}.consignments.jsonl")
    try:
        if not consignments.n_lines:
            return None
        with replacing(path) as temporary, temporary.open("w", encoding="utf-8", errors="replace") as file:
            for record in consignments.records():
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
        return Judged(path, dict(consignments.counts))
    finally:
        consignments.close()


def score_to_stream(
    options: ScoreOptions, stream: IO[bytes], tell: Callable[[str], None], progress: Progress
) -> ScoreReport:
    """Score a manifest into a stream of JSONL; consignments are judged only when an output file is named.

    Parameters
    ----------
    options : ScoreOptions
        Without `out`.
    stream : binary file
    tell, progress : callable

    Returns
    -------
    ScoreReport

    Raises
    ------
    ElekError
    """
    manifest = read_manifest(options.manifest, options.named, options.encoding)
    tell(manifest.report)
    scorer = Scorer.load(options.bundle)
    summary, queue = Summary(), Queue(options.budget) if options.budget else None
    with tempfile.TemporaryFile() as waiting:
        target = waiting if queue is not None else stream
        for _, scored in score_chunks(scorer, options.bundle, options.how, _chunks(manifest.lines)):
            target.write(scored.text)
            summary.add(scored.seen)
            if queue is not None:
                queue.add(scored.seen)
            progress(summary.lines)
        if queue is not None:
            queue.sort()
            waiting.seek(0)
            stream.writelines(queued_lines(waiting, queue))
    stream.flush()
    return ScoreReport(manifest, summary, queue, scorer.bundle.index.get("metrics", {}))

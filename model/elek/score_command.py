"""The command `elek score`: its options, what it prints, and its exit codes.

What it runs is imported when it is called, so that the other commands start without it.
"""

import itertools
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from elek.errors import ElekError

if TYPE_CHECKING:
    from elek.report import Reporter
    from elek.score_run import ScoreOptions, ScoreReport

DONE, LINES_WITH_ERRORS, CANNOT_RUN = 0, 1, 3
MAX_TABLE_LINES = 1_000


def score(
    manifest: Annotated[Path, typer.Argument(help="CSV or JSONL; XLSX, XLS, ODS and Parquet with the extra tables.")],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="JSONL, CSV, XLSX or Parquet by ending; default prints JSONL.")
    ] = None,
    bundle: Annotated[Path | None, typer.Option("--bundle", help="Folder of a bundle; default is the starter.")] = None,
    named: Annotated[list[str], typer.Option("--map", help="FIELD=COLUMN, may be repeated.")] = [],  # noqa: B006 (typer needs a list; never changed)
    encoding: Annotated[str | None, typer.Option(help="Goes before detection.")] = None,
    top: Annotated[int, typer.Option(min=1, max=100, help="Length of the ranked lists.")] = 5,
    budget: Annotated[
        str | None, typer.Option(help="Lines a desk can look at: 200 or 2%; adds `queued` and `rank`.")
    ] = None,
    evidence: Annotated[bool, typer.Option("--evidence", help="Add to every line what moved its scores.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Continue a run that was killed.")] = False,
    engine: Annotated[str, typer.Option(help="local, or ray: files or a glob into a folder of Parquet.")] = "local",
    address: Annotated[
        str | None, typer.Option(help="Of a Ray cluster; without it the ray engine starts one here.")
    ] = None,
    table: Annotated[bool, typer.Option("--table", help="Print a table for people instead of JSONL.")] = False,
) -> None:
    """Score every line of a manifest."""
    from elek.budget import Budget
    from elek.report import Reporter
    from elek.score_run import ScoreOptions
    from elek.scored_chunk import How

    if resume and out is None:
        raise typer.BadParameter("needs an output file: -o OUT", param_hint="--resume")
    if table and (out or budget or evidence):
        raise typer.BadParameter(
            "prints a table and nothing else; leave -o, --budget and --evidence out", param_hint="--table"
        )
    if engine not in ("local", "ray"):
        raise typer.BadParameter(f"'{engine}' is not local or ray", param_hint="--engine")
    reporter = Reporter()
    try:
        if engine == "ray":
            _score_with_ray(manifest, out, bundle, top, address)
            return
        options = ScoreOptions(
            manifest=manifest,
            out=out,
            bundle=bundle,
            named=_parse_map(named),
            encoding=encoding,
            how=How(top, evidence),
            budget=Budget.parse(budget) if budget else None,
            resume=resume,
        )
        report = _run(options, reporter, table)
    except ElekError as error:
        reporter.refuse(str(error))
        raise typer.Exit(CANNOT_RUN) from error
    except BrokenPipeError as error:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(DONE) from error
    except OSError as error:
        reporter.refuse(f"'{error.filename or manifest}': {error.strerror or error}")
        raise typer.Exit(CANNOT_RUN) from error
    except KeyboardInterrupt as error:
        reporter.refuse("stopped" + (f"; continue with --resume, '{out}' is not written yet" if out else ""))
        raise typer.Exit(CANNOT_RUN) from error
    reporter.show(report)
    raise typer.Exit(LINES_WITH_ERRORS if report.summary.errors else DONE)


def _score_with_ray(manifest: Path, out: Path | None, bundle: Path | None, top: int, address: str | None) -> None:
    from elek.engine_ray import RayJob, score_with_ray
    from elek.workers import n_cores

    if out is None:
        raise typer.BadParameter("the ray engine needs an output folder: -o FOLDER", param_hint="--engine")
    n_lines = score_with_ray(RayJob(str(manifest), out, bundle, top, address, max(1, n_cores() - 1)))  # one core reads
    typer.echo(f"{n_lines:,} lines in {out}", err=True)


def _run(options: "ScoreOptions", reporter: "Reporter", table: bool) -> "ScoreReport":
    from elek.score_run import score_to_file, score_to_stream
    from elek.workers import collect_seldom

    collect_seldom()
    with reporter.progress() as progress:
        if table:
            return _show_table(options, reporter)
        if options.out:
            return score_to_file(options, reporter.tell, progress)
        return score_to_stream(options, sys.stdout.buffer, reporter.tell, progress)


def _show_table(options: "ScoreOptions", reporter: "Reporter") -> "ScoreReport":
    """Print the first lines as a table for people."""
    from elek.manifest import read_manifest
    from elek.report import show_lines
    from elek.score_run import ScoreReport
    from elek.scored_chunk import see
    from elek.scorer import Scorer
    from elek.summary import Summary

    manifest = read_manifest(options.manifest, options.named, options.encoding)
    reporter.tell(manifest.report)
    scorer = Scorer.load(options.bundle)
    lines = list(itertools.islice(manifest.lines, MAX_TABLE_LINES))
    summary = Summary()
    scored = scorer.score(lines, top=options.how.top)
    summary.add(see(goods, line.to_record()) for goods, line in zip(lines, scored, strict=True))
    show_lines(list(zip(lines, scored, strict=True)))
    if next(manifest.lines, None) is not None:
        reporter.tell(f"only the first {MAX_TABLE_LINES:,} lines are shown; write all of them with -o OUT.csv")
    return ScoreReport(manifest, summary, None, {})


def _parse_map(named: list[str]) -> dict[str, str]:
    pairs = [item.partition("=") for item in named]
    wrong = next((item for item, (_, equals, _) in zip(named, pairs, strict=True) if not equals), None)
    if wrong is not None:
        raise typer.BadParameter(f"'{wrong}' is not FIELD=COLUMN", param_hint="--map")
    return {field: column for field, _, column in pairs}

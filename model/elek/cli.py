"""The `elek` command: score, explain, bundle; the other packages add their commands by entry points."""

import io
import itertools
import json
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from elek import bundle_commands
from elek.errors import ElekError
from elek.goods import GoodsLine, ScoredLine
from elek.manifest import Manifest, read_manifest
from elek.report import Summary, show_evidence, show_lines
from elek.scored_file import check_ending, replacing, write_scored
from elek.scorer import Scorer

DONE, LINES_WITH_ERRORS, USAGE, CANNOT_RUN = 0, 1, 2, 3
CHUNK = 512
WIDE = 170
"""Columns of a table that is piped or logged."""
EXTRAS = {"train": "training", "serve": "serving", "audit": "serving", "user": "serving"}
ABOUT = {
    "train": "Train, retrain, evaluate, promote.",
    "serve": "Answer over HTTP, and show the reviewer's desk.",
    "audit": "Verify, prove, replay and export the audit log.",
    "user": "Add people and API keys.",
}

BundleOption = Annotated[Path | None, typer.Option("--bundle", help="Folder of a bundle; default is the starter.")]

app = typer.Typer(
    help="A sieve for goods descriptions: what they name, whether the code fits, whether they say enough.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(bundle_commands.app, name="bundle")


@app.command()
def score(
    manifest: Annotated[Path, typer.Argument(help="CSV or JSONL; XLSX, ODS and Parquet with the extra tables.")],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="JSONL or CSV by ending; default prints JSONL.")
    ] = None,
    bundle: BundleOption = None,
    named: Annotated[list[str], typer.Option("--map", help="FIELD=COLUMN, may be repeated.")] = [],  # noqa: B006 (typer needs a list; never changed)
    encoding: Annotated[str | None, typer.Option(help="Goes before detection.")] = None,
    top: Annotated[int, typer.Option(min=1, max=100, help="Length of the ranked lists.")] = 5,
    table: Annotated[bool, typer.Option("--table", help="Print a table for people instead of JSONL.")] = False,
) -> None:
    """Score every line of a manifest."""
    console = Console(stderr=True)
    try:
        if out:
            check_ending(out)
        read = read_manifest(manifest, _parse_map(named), encoding)
        scorer = Scorer.load(bundle)
        console.print(read.report, soft_wrap=True, markup=False)
        summary = Summary(keep=table)
        if table:
            for batch in _batches(scorer, read, top, summary):
                summary.add([line for _, line in batch])
            show_lines(Console(width=None if sys.stdout.isatty() else WIDE), summary.kept)
        elif out:
            with replacing(out) as file:
                write_scored(file, _scored(scorer, read, top, summary), out.suffix.lower() == ".csv", summary.add)
        else:
            if isinstance(sys.stdout, io.TextIOWrapper):
                sys.stdout.reconfigure(encoding="utf-8", errors="replace")
            write_scored(sys.stdout, _scored(scorer, read, top, summary), False, summary.add)
    except ElekError as error:
        console.print(f"{error}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(CANNOT_RUN) from error
    if read.extra:
        console.print("ignored columns: " + ", ".join(read.extra), markup=False, soft_wrap=True)
    summary.show(console)
    raise typer.Exit(LINES_WITH_ERRORS if summary.errors else DONE)


def _batches(
    scorer: Scorer, read: Manifest, top: int, summary: Summary
) -> Iterator[list[tuple[GoodsLine, ScoredLine]]]:
    while chunk := list(itertools.islice(read.lines, CHUNK)):
        scored = scorer.score(chunk, top=top)
        if summary.keep:
            summary.kept.extend(zip(chunk, scored, strict=True))
        yield list(zip(chunk, scored, strict=True))


def _scored(scorer: Scorer, read: Manifest, top: int, summary: Summary) -> Iterator[list[ScoredLine]]:
    return ([line for _, line in batch] for batch in _batches(scorer, read, top, summary))


@app.command()
def explain(
    text: Annotated[str, typer.Argument(help="A goods description.")],
    declared_hs: Annotated[str | None, typer.Option("--declared-hs", help="The declared code.")] = None,
    bundle: BundleOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Score one description and show what moved its scores."""
    from elek.evidence import explain as find_evidence

    try:
        evidence = find_evidence(Scorer.load(bundle), GoodsLine(text, declared_hs=declared_hs, line_id="1"))
    except ElekError as error:
        Console(stderr=True).print(f"{error}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(CANNOT_RUN) from error
    if as_json:
        typer.echo(json.dumps(evidence.to_record(), ensure_ascii=False, indent=1))
    else:
        show_evidence(Console(), evidence)
    raise typer.Exit(LINES_WITH_ERRORS if evidence.line.status == "error" else DONE)


def _parse_map(named: list[str]) -> dict[str, str]:
    pairs = [item.partition("=") for item in named]
    wrong = next((item for item, (_, equals, _) in zip(named, pairs, strict=True) if not equals), None)
    if wrong is not None:
        raise typer.BadParameter(f"'{wrong}' is not FIELD=COLUMN", param_hint="--map")
    return {field: column for field, _, column in pairs}


def _register() -> None:
    """List the commands of the other packages; each is loaded only when called."""
    settings = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
    for entry in sorted(entry_points(group="elek.commands"), key=lambda e: e.name):
        app.command(
            entry.name, help=ABOUT.get(entry.name, entry.name), context_settings=settings, add_help_option=False
        )(_runner(entry))


def _runner(entry: EntryPoint) -> Callable[[typer.Context], None]:
    """Give the command that loads another package's commands; without its extra it exits 3 and names it."""

    def run(context: typer.Context) -> None:
        try:
            loaded = entry.load()
            command = typer.main.get_command(loaded if isinstance(loaded, typer.Typer) else _as_app(loaded))
            command(args=context.args, prog_name=f"elek {entry.name}", standalone_mode=True)
        except ModuleNotFoundError as error:
            extra = EXTRAS.get(entry.name, entry.name)
            message = (
                f"`elek {entry.name}` needs the extra '{extra}' ({error.name} is missing): pip install 'elek[{extra}]'"
            )
            Console(stderr=True).print(message, style="red", soft_wrap=True, markup=False)
            raise typer.Exit(CANNOT_RUN) from error

    return run


def _as_app(function: Any) -> typer.Typer:
    one = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    one.command()(function)
    return one


def main() -> None:
    """Run the command line."""
    _register()
    app()

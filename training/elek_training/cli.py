"""The `elek train` sub-commands."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from elek.errors import ElekError
from elek_training import labels_cli, measure_cli, promote_cli, retrain_cli
from elek_training.measure_cli import show_figures

app = typer.Typer(
    help="Train: labelled lines in, one bundle out.", no_args_is_help=True, pretty_exceptions_enable=False
)

app.add_typer(labels_cli.app)
app.add_typer(measure_cli.app)
app.add_typer(retrain_cli.app)
app.add_typer(promote_cli.app)

Lines = Annotated[
    list[Path], typer.Option("--lines", help="Labelled CSV; may be given several times.", exists=True, dir_okay=False)
]


@app.command()
def fit(
    out: Annotated[Path, typer.Option("--out", help="Folder of the bundle; replaced when the run succeeds.")],
    lines: Lines = [],  # noqa: B006 (typer needs a list; it is never changed)
    config: Annotated[str, typer.Option("--config", help="ngram, smoke, or a TOML file.")] = "ngram",
    track: Annotated[bool, typer.Option(help="Write the run to mlruns/mlflow.db under the current folder.")] = True,
) -> None:
    """Train on catalogue, nomenclature and your labelled lines, and write a bundle."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from elek_training.config import read_config
    from elek_training.pipeline import train
    from elek_training.sources import gather
    from elek_training.tracking import Run

    console = Console(stderr=True)
    try:
        settings = read_config(config)
        run = Run(out.name, Path("mlruns") if track else None)
        with run.step("read and compose lines"):
            sources = gather(settings, list(lines))
        for cause, n in sources.changed.items():
            console.print(f"{n:,} labels: {cause}")
        trained = train(sources, settings, out, run)
    except ElekError as error:
        console.print(f"{error}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(3) from error
    show_figures(console, f"{out}  {trained.digest[:19]}…, held-out measures", trained.metrics)
    typer.echo(str(out))


@app.command("import")
def import_official(
    kind: Annotated[str, typer.Argument(help="tnved, annex1, ccl, hts, chpl or fpo.")],
    file: Annotated[Path, typer.Argument(help="The downloaded file.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="CSV of labelled lines.")],
) -> None:
    """Read an official text into labelled lines for `fit --lines`."""
    from elek_training.importers import read_official, write_labelled

    try:
        n = write_labelled(read_official(kind, file), out)
    except ElekError as error:
        Console(stderr=True).print(f"{error}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(3) from error
    typer.echo(f"{n:,} lines written to {out}")


@app.command("blind-check")
def blind_check(
    action: Annotated[str, typer.Argument(help="draw writes a sheet of names; compare reads it back, filled in.")],
    sheet: Annotated[Path, typer.Argument(help="CSV.")],
) -> None:
    """Let a reader who sees only names choose heading and entry, and compute the agreement."""
    from elek_training.blind_check import compare, write_sheet

    try:
        if action == "draw":
            typer.echo(f"{write_sheet(sheet):,} goods written to {sheet}; fill in heading and control")
            return
        if action != "compare":
            raise typer.BadParameter(f"'{action}' is neither draw nor compare", param_hint="action")
        found = compare(sheet)
    except ElekError as error:
        Console(stderr=True).print(f"{error}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(3) from error
    for sentence in found.disagreements:
        typer.echo(sentence)
    for name, m in (("heading", found.heading), ("controlled or not", found.controlled)):
        typer.echo(f"{name}: {m.value:.3f} agree, 95 % interval {m.low:.3f} to {m.high:.3f}, n {m.n}")


@app.command()
def catalogue(
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Count the goods catalogue and check it; exit 1 when something is wrong."""
    from elek_training.catalogue_check import check
    from elek_training.catalogue_report import show

    report = check()
    if as_json:
        typer.echo(json.dumps(report.as_dict(), ensure_ascii=False, indent=1))
    else:
        show(report, Console())
    raise typer.Exit(1 if report.problems else 0)

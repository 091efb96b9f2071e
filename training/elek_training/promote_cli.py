"""The `elek train` sub-commands that put bundles into service and show runs."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from elek.errors import ElekError
from elek.signature import read_private_key

if TYPE_CHECKING:
    from elek_training.promotion import Ground

app = typer.Typer()

Published = Annotated[Path, typer.Option("--published", help="Folder that services watch.")]
Key = Annotated[
    Path,
    typer.Option("--key", envvar="ELEK_SIGNING_KEY", help="Ed25519 private key, as `elek bundle keygen` makes one."),
]
By = Annotated[str, typer.Option("--by", help="Name of the person who answers for it.")]
Reason = Annotated[str, typer.Option("--reason", help="Their reason, kept in the signed record.")]
Runs = Annotated[Path, typer.Option("--runs", help="Folder of MLflow runs.")]
Track = Annotated[bool, typer.Option(help="Move the MLflow alias champion too.")]
PUBLISHED, RUNS = Path("bundles/published"), Path("mlruns")


@app.command()
def promote(
    bundle: Annotated[Path, typer.Argument(help="Folder of the bundle.")],
    key: Key,
    gate: Annotated[
        Path | None, typer.Option("--gate", help="Gate record of `retrain` or `compare`.", exists=True)
    ] = None,
    by: By = "",
    reason: Reason = "",
    published: Published = PUBLISHED,
    runs: Runs = RUNS,
    track: Track = True,
) -> None:
    """Put a bundle into service: on a passing gate record, or on a named person's word."""
    from elek_training.promotion import promote as put

    try:
        record = put(bundle, published, _ground(by, reason, gate), read_private_key(key))
    except ElekError as error:
        Console(stderr=True).print(f"{error}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(3) from error
    _finish(record, published, runs if track else None)


@app.command()
def rollback(
    key: Key, by: By = "", reason: Reason = "", published: Published = PUBLISHED, runs: Runs = RUNS, track: Track = True
) -> None:
    """Put the bundle that was in service before back into service."""
    from elek_training.promotion import roll_back

    try:
        record = roll_back(published, _ground(by, reason, None), read_private_key(key))
    except ElekError as error:
        Console(stderr=True).print(f"{error}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(3) from error
    _finish(record, published, runs if track else None)


@app.command()
def ui(
    runs: Runs = RUNS,
    host: Annotated[str, typer.Option(help="Address to listen on; runs are for trusted people only.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 5000,
) -> None:
    """Open the MLflow pages on the runs of this folder."""
    from elek_training.registry import tracking_client

    tracking_client(runs)
    typer.echo(f"http://{host}:{port}", err=True)
    command = [sys.executable, "-m", "mlflow", "server", "--host", host, "--port", str(port), "--backend-store-uri"]
    command += [
        f"sqlite:///{runs.resolve() / 'mlflow.db'}",
        "--artifacts-destination",
        str(runs.resolve() / "artifacts"),
    ]
    raise typer.Exit(subprocess.run(command, check=False, env={**os.environ, "DO_NOT_TRACK": "true"}).returncode)


def _ground(by: str, reason: str, gate: Path | None) -> "Ground":
    from elek_training.promotion import Ground

    if bool(by) != bool(reason):
        raise typer.BadParameter("--by and --reason go together: who answers, and why", param_hint="--by")
    return Ground(datetime.now(UTC), by, reason, gate)


def _finish(record: Path, published: Path, runs: Path | None) -> None:
    from elek_training.published import read_champion_file
    from elek_training.registry import set_alias

    now = read_champion_file(published)
    if now is None:
        raise typer.Exit(3)
    if runs:
        set_alias(runs, now.folder, "champion")
    Console(stderr=True).print(
        f"in service: {now.bundle}; services that watch '{published}' swap within seconds", markup=False
    )
    typer.echo(str(record))

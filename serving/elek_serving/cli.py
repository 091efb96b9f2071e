"""The `elek serve` command."""

from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from elek.errors import ElekError
from elek_serving.app import create_app
from elek_serving.settings import Settings


def serve(
    host: Annotated[
        str, typer.Option(help="Address to bind; put a TLS proxy in front before binding another.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8080,
    bundle: Annotated[
        Path | None, typer.Option("--bundle", help="Folder of a bundle; default ELEK_BUNDLE or the starter.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the store; default ELEK_DATA or elek-data.")] = None,
) -> None:
    """Answer over HTTP: POST /v1/score, /healthz, /readyz."""
    chosen = {"bundle": bundle, "data": data}
    settings = Settings().model_copy(update={name: value for name, value in chosen.items() if value is not None})
    try:
        app = create_app(settings)
    except ElekError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(3) from error
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)

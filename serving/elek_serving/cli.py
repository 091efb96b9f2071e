"""The `elek serve` command."""

import gc
import logging
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn

from elek_serving.app import create_app
from elek_serving.demo import FOLDER, prepare_demo, welcome
from elek_serving.opening import telling
from elek_serving.service import Service
from elek_serving.settings import Settings
from elek_serving.store.database import StoreError
from elek_serving.store.users import list_users

LOOPBACK = ("127.0.0.1", "::1", "localhost")
MAX_CONNECTIONS = 1024
STOP_SECONDS = 10
SWITCH_SECONDS = 0.0001
"""How long one thread may keep the others from Python: answers must not wait while lines are scored."""


def serve(
    host: Annotated[
        str, typer.Option(help="Address to bind; beyond this machine it needs ELEK_PUBLIC_URL.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8080,
    bundle: Annotated[Path | None, typer.Option(help="Folder of a bundle; default ELEK_BUNDLE or the starter.")] = None,
    bundles: Annotated[Path | None, typer.Option(help="Folder that promotions are published to; watched.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the store; default ELEK_DATA or elek-data.")] = None,
    open: Annotated[bool, typer.Option("--open", help="Answer the API without keys; on this machine only.")] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="People of every role and a sample manifest in elek-demo.")
    ] = False,
) -> None:
    """Answer over HTTP and show the reviewer's desk."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    given: dict[str, Any] = {"bundle": bundle, "bundles": bundles, "data": data or (FOLDER if demo else None)}
    given["open"] = (open or demo) or None
    with telling():
        settings = Settings().model_copy(update={name: value for name, value in given.items() if value is not None})
        check_binding(host, settings)
        app = create_app(settings)
        service: Service = app.state.service
        address = settings.public_url or f"http://{'localhost' if host in LOOPBACK else host}:{port}"
        if demo:
            typer.echo(welcome(address, prepare_demo(service), settings.data), err=True)
        else:
            _advise(service, address)
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.freeze()  # labels and routes stay for ever: walking over them again and again would hold up answers
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        loop="asyncio",
        limit_concurrency=MAX_CONNECTIONS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


def check_binding(host: str, settings: Settings) -> None:
    """Refuse to be reachable from elsewhere without TLS in front, or without keys.

    Raises
    ------
    StoreError
    """
    if host in LOOPBACK:
        return
    if settings.open:
        raise StoreError(f"--open and --demo answer without keys, so only on this machine; bind 127.0.0.1, not {host}")
    if not (settings.public_url or "").startswith("https://"):
        raise StoreError(
            f"bound to {host}, passwords and keys would travel in the clear; put a TLS proxy in front and set ELEK_PUBLIC_URL to "
            "its https address"
        )


def _advise(service: Service, address: str) -> None:
    with service.database.read() as session:
        users = list_users(session)
    typer.echo(
        f"elek answers at {address}, bundle {service.bundle.get().digest[:19]}, data in {service.settings.data}",
        err=True,
    )
    if not users and not service.settings.open:
        typer.echo(
            "There are no users yet: elek user add NAME --role reviewer; elek user key NAME --scope score", err=True
        )

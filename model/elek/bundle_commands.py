"""The commands under `elek bundle`: look at a bundle, verify it, make a pair of signing keys."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from elek.bundle import Bundle
from elek.errors import ElekError
from elek.scorer import Scorer

CANNOT_RUN = 3

FolderArgument = Annotated[Path | None, typer.Argument(help="Default is the starter.")]

app = typer.Typer(help="Look at a bundle, or verify it.", no_args_is_help=True)


@app.command()
def show(folder: FolderArgument = None) -> None:
    """Print the model card and the index of a bundle."""
    bundle = _verified(folder, None).bundle
    typer.echo(bundle.files["card.md"].decode("utf-8"))
    facts = {k: v for k, v in bundle.index.items() if k not in ("files", "metrics")}
    typer.echo(json.dumps({"digest": bundle.digest, **facts}, ensure_ascii=False, indent=1))


@app.command()
def verify(
    folder: FolderArgument = None,
    key: Annotated[
        str | None, typer.Option("--key", help="Public key that must have signed it: a path, hex or base64.")
    ] = None,
) -> None:
    """Check every file, the golden lines and, with a key, the signature; exit 3 when something is wrong."""
    bundle = _verified(folder, key).bundle
    signed = "signature verified, " if key else ""
    typer.echo(f"{bundle.digest} verified, {signed}{len(bundle.golden())} golden lines reproduced")


@app.command()
def keygen(path: Annotated[Path, typer.Argument(help="Private key; the public one goes to PATH.pub.")]) -> None:
    """Make a pair of Ed25519 keys for signing bundles."""
    from elek.signature import generate_key

    try:
        public = generate_key(path)
    except ElekError as error:
        raise _refused(error) from error
    typer.echo(f"wrote {path} (keep it secret) and {path}.pub; trust it with ELEK_TRUST_KEY={path}.pub")
    typer.echo(public.public_bytes_raw().hex())


def _verified(folder: Path | None, key: str | None) -> Scorer:
    try:
        return Scorer(Bundle.load(folder, trust_key=key))
    except ElekError as error:
        raise _refused(error) from error


def _refused(error: ElekError) -> typer.Exit:
    Console(stderr=True).print(f"{error}", style="red", soft_wrap=True, markup=False)
    return typer.Exit(CANNOT_RUN)

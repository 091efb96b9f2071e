"""The `elek audit` command."""

import typer

app = typer.Typer(help="Verify, prove, replay and export the audit log.", no_args_is_help=True)


@app.callback()
def audit() -> None:
    """Verify, prove, replay and export the audit log."""

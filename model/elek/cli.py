"""The `elek` command: score, explain, bundle; the other packages add their commands by entry points."""

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from elek import bundle_commands
from elek.bench_command import bench
from elek.explain_command import explain
from elek.score_command import score

DONE, LINES_WITH_ERRORS, USAGE, CANNOT_RUN = 0, 1, 2, 3
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


app.command()(score)


app.command()(explain)
app.command()(bench)


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

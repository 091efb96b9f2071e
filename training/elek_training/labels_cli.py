"""The `elek train` sub-commands about labels."""

import json
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from elek.errors import ElekError

if TYPE_CHECKING:
    from elek_training.givers import Held
    from elek_training.intake import Intake
    from elek_training.training_set import Selection

app = typer.Typer()

Store = Annotated[Path, typer.Option("--store", help="Folder of the label store.")]
Quarantine = Annotated[
    int | None, typer.Option("--quarantine-days", min=0, help="Days that a new label waits; default: seizures 0, desk 7.")
]  # fmt: skip
Rules = Annotated[Path | None, typer.Option("--rules", help="TOML of intake rules.", exists=True, dir_okay=False)]
STORE = Path("data/labels")
_SHOWN = 40


@app.command()
def intake(
    file: Annotated[str, typer.Argument(help="CSV or XLSX of seizures.")] = "",
    from_desk: Annotated[str, typer.Option("--from-desk", help="Address or JSONL file of the desk's export.")] = "",
    named: Annotated[list[str], typer.Option("--map", help="FIELD=COLUMN, may be repeated.")] = [],  # noqa: B006 (typer needs a list; never changed)
    store: Store = STORE,
    quarantine_days: Quarantine = None,
    rules: Rules = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Take seizures or desk decisions into the label store; exit 1 and nothing stored when a row has a problem."""
    from elek_training.intake import rules_with, take_in, trainable
    from elek_training.label_store import LabelStore

    console = Console(stderr=True)
    if bool(file) == bool(from_desk):
        raise typer.BadParameter("give either a file of seizures or --from-desk", param_hint="FILE")
    now, labels = datetime.now(UTC), LabelStore(store)
    try:
        found = take_in(file or from_desk, labels, now, parse_map(named))
        selection = trainable(labels, rules_with(quarantine_days, rules), now)
    except ElekError as error:
        console.print(f"{error}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(3) from error
    if as_json:
        typer.echo(json.dumps(found.as_dict() | {"training": selection.as_dict()}, ensure_ascii=False, indent=1))
    else:
        show_intake(found, Console())
        show_selection(selection, Console())
    raise typer.Exit(1 if found.problems else 0)


Giver = Annotated[str, typer.Argument(help='As `intake` names it, for example "shipper ACME" or "reviewer A. Serik".')]
By = Annotated[str, typer.Option("--by", help="Name of the person who stands for it.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept with the labels.")]


@app.command("let-in")
def let_in(giver: Giver, by: By, reason: Reason, store: Store = STORE) -> None:
    """Let in the labels that a giver has brought until now; what it brings later is judged anew."""
    _rule(giver, True, by, reason, store)


@app.command()
def hold(giver: Giver, by: By, reason: Reason, store: Store = STORE) -> None:
    """Hold every label of a giver, also those to come, until it is let in."""
    _rule(giver, False, by, reason, store)


def _rule(giver: str, is_let_in: bool, by: str, reason: str, folder: Path) -> None:
    from elek_training.givers import givers_of
    from elek_training.label_store import LabelStore, Ruling

    store = LabelStore(folder)
    if not by.strip() or not reason.strip():
        raise typer.BadParameter("a ruling needs a name and a reason", param_hint="--by, --reason")
    try:
        n = sum(giver in givers_of(one.label) for one in store.read())
        if not n:
            raise ElekError(f"no label of '{giver}' in '{folder}'; write the giver as `elek train intake` names it")
        at = datetime.now(UTC).isoformat(timespec="seconds")
        version = store.rule(Ruling(giver, is_let_in, by.strip(), reason.strip(), at))
    except ElekError as error:
        Console(stderr=True).print(f"{error}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(3) from error
    typer.echo(f"{giver}: {n:,} labels {'let in' if is_let_in else 'held'}; label store version {version[:16]}")


def parse_map(named: list[str]) -> dict[str, str]:
    """Read FIELD=COLUMN pairs."""
    for pair in named:
        if "=" not in pair:
            raise typer.BadParameter(f"'{pair}' is not FIELD=COLUMN", param_hint="--map")
    return dict(pair.split("=", 1) for pair in named)


def show_intake(found: "Intake", console: Console) -> None:
    """Print what was read, or what stands in the way."""
    from elek_training.intake import count_givers

    if found.problems:
        table = Table(title=f"{len(found.problems):,} problems; nothing was stored", title_justify="left")
        for column in ("row", "column", "value", "remedy"):
            table.add_column(column, overflow="fold")
        for problem in found.problems[:_SHOWN]:
            table.add_row(str(problem.row), problem.column, problem.value[:60], problem.remedy)
        console.print(table)
        if len(found.problems) > _SHOWN:
            console.print(f"… and {len(found.problems) - _SHOWN:,} more; --json lists them all")
        return
    for field, header in found.columns.items():
        console.print(f"{field} = '{header}'", markup=False, style="dim")
    for cause, n in found.changed.items():
        console.print(f"{n:,}: {cause}", markup=False)
    behind = ", ".join(f"{n:,} {what}" for what, n in count_givers(found.labels).items())
    known = "; the store held these labels before, nothing was added" if found.known else ""
    console.print(f"{len(found.labels):,} labels from {behind}{known}", markup=False)
    console.print(f"label store version {found.version[:16]}", markup=False)


def show_selection(selection: "Selection", console: Console) -> None:
    """Print what training would take today."""
    table = Table(title="of all labels in the store, today", title_justify="left")
    table.add_column("what happens")
    table.add_column("labels", justify="right")
    table.add_row("trained on or tested on", f"{len(selection.lines):,}")
    table.add_row("canary: never trained on, always tested on", f"{len(selection.canary):,}")
    for cause, n in selection.left_out.items():
        table.add_row(f"left out: {cause}", f"{n:,}")
    console.print(table)
    show_held(selection.held, console)
    for giver, n in selection.capped.most_common(5):
        console.print(f"{giver}: {n:,} labels over its share; look at them before they teach anything", markup=False)


def show_held(held: "dict[str, Held]", console: Console) -> None:
    """Print whose labels wait for a person, why, and what lets them in."""
    for giver, waiting in held.items():
        console.print(
            f"{giver}: {waiting.labels:,} labels are held and teach nothing: {waiting.why}. "
            f"Look at them. If they are right: elek train let-in {quote(giver)} --by NAME --reason TEXT",
            style="yellow", markup=False, soft_wrap=True,
        )  # fmt: skip

"""The `elek user` command: people and machines, and their API keys. Works beside a running service."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from elek_serving.opening import data_settings, open_database, open_log, telling
from elek_serving.store.api_keys import Scope, add_key, list_keys, revoke_key
from elek_serving.store.users import Language, NewUser, Role, add_user, change_password, list_users, set_disabled

ACTOR = "command line"
DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder; default ELEK_DATA or elek-data.")]

app = typer.Typer(help="Add people and API keys.", no_args_is_help=True, pretty_exceptions_enable=False)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Letters, digits, '.', '-', '_'.")],
    role: Annotated[Role, typer.Option(help="What the user may do; service is a machine.")] = "reviewer",
    language: Annotated[Language, typer.Option(help="Language of the desk.")] = "en",
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from stdin.")] = False,
    data: DataOption = None,
) -> None:
    """Add a user; asks for the password."""
    with telling():
        new = NewUser(name, role, None if role == "service" else _ask_password(password_stdin), language)
        with open_log(data_settings(data)) as log:
            log.write(add_user(new, ACTOR))
    typer.echo(f"added {name} ({role})", err=True)


@app.command()
def key(
    name: Annotated[str, typer.Argument(help="Whose key.")],
    scope: Annotated[list[Scope], typer.Option(help="What it may do; repeats.")],
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it lasts.")] = 90,
    data: DataOption = None,
) -> None:
    """Make an API key and print it once."""
    with telling():
        new = add_key(name, scope, days, ACTOR)
        with open_log(data_settings(data)) as log:
            log.write(new.work)
    typer.echo("keep this key; it is not shown again", err=True)
    typer.echo(new.text)


@app.command("revoke-key")
def revoke(key_id: Annotated[str, typer.Argument(help="The middle part of the key.")], data: DataOption = None) -> None:
    """Take an API key back."""
    with telling(), open_log(data_settings(data)) as log:
        log.write(revoke_key(key_id, ACTOR))


@app.command()
def password(
    name: str,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from stdin.")] = False,
    data: DataOption = None,
) -> None:
    """Set a new password; every session of the user ends."""
    with telling(), open_log(data_settings(data)) as log:
        log.write(change_password(name, _ask_password(password_stdin), ACTOR))


@app.command()
def disable(name: str, data: DataOption = None) -> None:
    """Take the right to sign in and to use API keys."""
    with telling(), open_log(data_settings(data)) as log:
        log.write(set_disabled(name, True, ACTOR))


@app.command()
def enable(name: str, data: DataOption = None) -> None:
    """Give the right to sign in back."""
    with telling(), open_log(data_settings(data)) as log:
        log.write(set_disabled(name, False, ACTOR))


@app.command("list")
def show(data: DataOption = None) -> None:
    """List users and their API keys."""
    with telling(), open_database(data_settings(data)) as database, database.read() as session:
        users, keys = list_users(session), list_keys(session)
    table = Table("user", "role", "language", "API keys")
    for user in users:
        own = [
            f"{k.id} {k.scopes} until {k.expires_at:%Y-%m-%d}"
            for k, owner in keys
            if owner.id == user.id and not k.revoked_at
        ]
        table.add_row(user.name + (" (disabled)" if user.disabled else ""), user.role, user.language, "\n".join(own))
    Console().print(table)


def _ask_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password (12 characters or more)", hide_input=True, confirmation_prompt=True, err=True))

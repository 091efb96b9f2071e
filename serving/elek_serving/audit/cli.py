"""The `elek audit` command: verify, prove, check, replay, export."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from rich.console import Console

from elek.signature import read_public_key
from elek_serving.audit.checkpoint import CHECKPOINTS, LOG_KEY, AuditError, Checkpoint, parse
from elek_serving.audit.export import Held, records_in, records_of, write_export
from elek_serving.audit.proof import Proof, prove
from elek_serving.audit.replay import replay
from elek_serving.audit.verify import verify
from elek_serving.labels_export import decision_labels
from elek_serving.opening import data_settings, open_database, telling

WRONG = 1
"""Exit code when something does not hold."""

DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder; default ELEK_DATA or elek-data.")]
LogOption = Annotated[Path | None, typer.Option("--log", help="An export instead of the store.")]
CheckpointsOption = Annotated[
    list[Path] | None, typer.Option("--checkpoints", help="Checkpoint file; repeats, for copies held elsewhere.")
]
KeyOption = Annotated[
    str | None, typer.Option("--key", help="Public key: file, hex or base64; default of the data folder.")
]

app = typer.Typer(
    help="Verify, prove, replay and export the audit log.", no_args_is_help=True, pretty_exceptions_enable=False
)


@app.command("verify")
def verify_log(
    log: LogOption = None, checkpoints: CheckpointsOption = None, key: KeyOption = None, data: DataOption = None
) -> None:
    """Check every record and checkpoint; exit 1 when something does not hold."""
    with telling():
        held = _records(log, data)
        found = verify(held, _checkpoints(checkpoints, data), _public_key(key, data))
    console = Console(stderr=True)
    for fault in found.faults:
        console.print(fault, style="red", soft_wrap=True, markup=False)
    if not found.holds:
        raise typer.Exit(WRONG)
    typer.echo(f"{found.records} records hold, {found.covered} of them under {found.checkpoints} signed checkpoints")
    typer.echo(f"root {found.root}")


@app.command("prove")
def prove_record(
    seq: Annotated[int, typer.Argument(min=0, help="Number of the record.")],
    log: LogOption = None,
    checkpoints: CheckpointsOption = None,
    data: DataOption = None,
) -> None:
    """Print the proof that a record is in the log; `elek audit check` checks it with the public key alone."""
    with telling():
        proof = prove(seq, _records(log, data), _checkpoints(checkpoints, data))
    typer.echo(proof.to_json(), nl=False)


@app.command()
def check(proof: Annotated[Path, typer.Argument(help="A file of `elek audit prove`.")], key: KeyOption = None) -> None:
    """Check a proof; exit 1 when it does not hold."""
    with telling():
        read = Proof.from_json(_text(proof))
        holds = read.holds(_public_key(key, None))
    typer.echo(f"record {read.seq} {'is' if holds else 'is NOT'} under the signed checkpoint {read.checkpoint.size}")
    raise typer.Exit(0 if holds else WRONG)


@app.command("replay")
def replay_log(
    seq: Annotated[int | None, typer.Argument(min=0, help="Number of one record; default all.")] = None,
    data: DataOption = None,
) -> None:
    """Score stored texts again with the recorded bundles; exit 1 when anything differs."""
    settings = data_settings(data)
    with telling(), open_database(settings) as database:
        found = replay(database, settings.data, seq)
    console = Console(stderr=True)
    for what in found.differs:
        console.print(what, style="red", soft_wrap=True, markup=False)
    typer.echo(f"{found.records} records replayed, {found.lines} lines scored again, {len(found.differs)} differ")
    if found.removed:
        typer.echo(
            f"{found.removed} records could not be replayed: their texts were removed when the retention time was over"
        )
    raise typer.Exit(WRONG if found.differs else 0)


@app.command()
def export(
    out: Annotated[Path | None, typer.Option("-o", "--out", help="File for the records; default stdout.")] = None,
    decisions: Annotated[Path | None, typer.Option(help="Write the standing decisions to this file instead.")] = None,
    data: DataOption = None,
) -> None:
    """Write the records, one a line; or the decisions that `elek train intake --from-desk` reads."""
    target = decisions or out
    with telling(), open_database(data_settings(data)) as database:
        file = target.open("wb") if target else sys.stdout.buffer
        if decisions:
            with database.read() as session:
                count = sum(bool(file.write(line.encode())) for line in decision_labels(session))
        else:
            count = write_export(records_of(database), file)
        file.flush()
        if target:
            os.fsync(file.fileno())
            file.close()
    typer.echo(f"{count} {'decisions' if decisions else 'records'} written", err=True)


def _records(log: Path | None, data: Path | None) -> list[Held]:
    if log is not None:
        return list(records_in(log))
    with open_database(data_settings(data)) as database:
        return list(records_of(database))


def _checkpoints(files: list[Path] | None, data: Path | None) -> list[Checkpoint]:
    return [c for file in files or [data_settings(data).data / CHECKPOINTS] for c in parse(_text(file))]


def _public_key(key: str | None, data: Path | None) -> Ed25519PublicKey:
    return read_public_key(key or data_settings(data).data / f"{LOG_KEY}.pub")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AuditError(f"'{file}' cannot be read; give the path of the file") from error

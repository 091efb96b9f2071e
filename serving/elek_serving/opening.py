"""Opening: the store and its log, as every command opens them; and how a command tells of an error."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console

from elek.errors import ElekError
from elek_serving.audit.checkpoint import Signer
from elek_serving.audit.log import AuditLog
from elek_serving.settings import Settings
from elek_serving.store.database import Database, StoreError

CANNOT_RUN = 3


def data_settings(data: Path | None) -> Settings:
    """Give the settings, with another data folder when it is given."""
    return Settings(data=data) if data else Settings()


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """Open a store that is there already; a wrong folder makes no new one.

    Raises
    ------
    StoreError
        If there is none.
    """
    if settings.database_url is None and not (settings.data / "elek.db").exists():
        raise StoreError(f"there is no store in '{settings.data}'; name its folder with --data")
    database = Database(settings.url)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def open_log(settings: Settings) -> Iterator[AuditLog]:
    """Open the store's audit log to append to, beside a running service or without one; closed with a checkpoint."""
    database = Database(settings.url)
    try:
        log = AuditLog(database, Signer(settings.data), settings.checkpoint_seconds)
        try:
            yield log
        finally:
            log.close()
    finally:
        database.close()


@contextmanager
def telling() -> Iterator[None]:
    """Turn an error of ours into its message and exit code 3."""
    try:
        yield
    except ElekError as error:
        Console(stderr=True).print(f"{error}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(CANNOT_RUN) from error

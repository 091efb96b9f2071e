"""Database: the engine, its transactions and the column types that mean the same on SQLite and PostgreSQL."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from elek.errors import ElekError

WRITE_LOCK = 0x656C656B
"""Number of the PostgreSQL advisory lock that one writing transaction holds."""


class StoreError(ElekError):
    """A store that cannot be opened or does not hold what is asked for."""


class Base(DeclarativeBase):
    """Base of every table."""


class Moment(TypeDecorator[datetime]):
    """A UTC time; aware in Python whatever the database keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone."""
        if value is None:
            return None
        assert value.tzinfo is not None
        return value.astimezone(UTC) if dialect.name == "postgresql" else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


def now() -> datetime:
    """Give the time, UTC."""
    return datetime.now(UTC)


def storable(words: str) -> str:
    """Replace what PostgreSQL cannot keep in a text: NUL and halves of surrogate pairs.

    Examples
    --------
    >>> storable("a" + chr(0) + "b") == "a" + chr(0xFFFD) + "b"
    True
    """
    return words.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Database:
    """An open store, SQLite (WAL, synchronous=FULL) or PostgreSQL.

    Parameters
    ----------
    url : str
        SQLAlchemy URL with its driver, as `Settings.url` gives it.

    Raises
    ------
    StoreError
        If the database cannot be reached or migrated.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        if self.url.get_backend_name() not in ("sqlite", "postgresql"):
            raise StoreError(f"database '{self.url.get_backend_name()}' is unknown; use postgresql://… or leave it out")
        if self.is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.engine = self._engine()
        self._writing = threading.Lock()  # threads wait here in turn; SQLite would let them poll
        try:
            self._migrate()
        except OperationalError as error:
            shown = self.url.render_as_string(hide_password=True)
            raise StoreError(f"the database {shown} cannot be used ({str(error.orig).strip()[:200]})") from error

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite."""
        return self.url.get_backend_name() == "sqlite"

    def _engine(self) -> Engine:
        if not self.is_sqlite:
            return create_engine(self.url, pool_pre_ping=True, pool_size=8, max_overflow=16, hide_parameters=True)
        engine = create_engine(
            self.url,
            connect_args={"check_same_thread": False, "timeout": 30},
            pool_size=8,
            max_overflow=32,
            hide_parameters=True,  # an error's text would hold descriptions
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _migrate(self) -> None:
        """Bring the tables to this version's form; two processes that start together do it one after the other."""
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
        with self.engine.execution_options(elek_write=True).begin() as connection:
            self._lock(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def _lock(self, connection: Connection) -> None:
        if not self.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": WRITE_LOCK})

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session to read with; one snapshot, nothing is written."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a session to write with; one at a time over all processes, committed when the block ends well."""
        engine = self.engine.execution_options(elek_write=True)
        with self._writing, Session(engine, expire_on_commit=False) as session, session.begin():
            self._lock(session.connection())
            yield session

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("elek_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

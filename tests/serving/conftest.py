"""Fixture strategy: every store test runs on SQLite and on a real PostgreSQL that the tests start in a temporary folder.

Without PostgreSQL its half is skipped with a line that says how to get it; under ELEK_REQUIRE_SERVICES=1 that fails instead.
"""

import itertools
import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

pytest.importorskip("fastapi")

import argon2

from elek_serving.settings import Settings
from elek_serving.store import users
from serving_factory import Store


@pytest.fixture(scope="session", autouse=True)
def quick_passwords():
    """Passwords are hashed with little effort; the effort that is shipped has a test of its own."""
    little = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(users, "_HASHER", little)
        patch.setattr(users, "_NOBODY", little.hash("nobody"))
        yield


def missing(what: str, package: str) -> None:
    """Skip for want of a Debian package, or fail where that is asked for."""
    told = f"{what} is not installed; get it with: apt-get install -y {package}"
    if os.environ.get("ELEK_REQUIRE_SERVICES"):
        pytest.fail(told)
    pytest.skip(told)


def postgres_tool(name: str) -> str | None:
    """Find a program of PostgreSQL; Debian keeps them out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name)


def in_memory() -> str | None:
    """Name a folder in memory with room for the databases of a run, which a disk is slow to remove; None where there is none."""
    shared = Path("/dev/shm")
    return str(shared) if shared.is_dir() and shutil.disk_usage(shared).free > 2**30 else None


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """URL of a PostgreSQL of our own, on a socket in a temporary folder; it never runs as root."""
    initdb, pg_ctl = postgres_tool("initdb"), postgres_tool("pg_ctl")
    if not initdb or not pg_ctl:
        missing("PostgreSQL", "postgresql")
    folder = Path(tempfile.mkdtemp(prefix="elek-pg-", dir=in_memory()))
    become = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        become = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    data = folder / "data"
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=200"
    run = {"check": True, "cwd": folder, "stdout": subprocess.DEVNULL}
    subprocess.run([*become, initdb, "-D", data, "-A", "trust", "-U", "elek", "--no-sync", "-E", "UTF8"], **run)
    subprocess.run([*become, pg_ctl, "-D", data, "-o", options, "-w", "-l", folder / "log", "start"], **run)
    yield f"postgresql://elek@/{{}}?host={folder}"
    subprocess.run([*become, pg_ctl, "-D", data, "-m", "fast", "stop"], **run)
    shutil.rmtree(folder)


_NUMBERS = itertools.count()


def new_postgres(url: str) -> str:
    """Make an empty database; give its URL."""
    import psycopg

    name = f"t{next(_NUMBERS)}"
    with psycopg.connect(url.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return url.format(name)


@pytest.fixture(scope="session")
def empty_postgres(request):
    """Makes an empty database and gives its URL; PostgreSQL starts with the first."""
    return lambda: new_postgres(request.getfixturevalue("postgres"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, empty_postgres):
    """None for SQLite in the data folder, or the URL of an empty PostgreSQL database."""
    return None if request.param == "sqlite" else empty_postgres()


@pytest.fixture
def store(tmp_path, database_url):
    store = Store(tmp_path / "elek-data", database_url)
    yield store
    store.close()


@pytest.fixture
def copy_database(empty_postgres):
    """Copy a database as docs/service.md says; takes the service's settings and a folder, gives the settings of the copy."""

    def copy(settings, backup):
        if settings.database_url is None:
            with closing(sqlite3.connect(settings.data / "elek.db")) as connection:
                connection.execute("VACUUM INTO ?", (str(backup / "elek.db"),))
            return Settings(data=backup)
        url = empty_postgres()
        dump = subprocess.run([postgres_tool("pg_dump"), settings.database_url], check=True, capture_output=True)
        subprocess.run([postgres_tool("psql"), "-q", url], input=dump.stdout, check=True, stdout=subprocess.DEVNULL)
        return Settings(data=backup, database_url=url)

    return copy

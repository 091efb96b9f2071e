"""Part files: scored lines on their way to the output, with a ledger from which a killed run is continued.

Beside ``out.jsonl`` lie ``.out.jsonl.part``, the lines so far, and ``.out.jsonl.ledger``, how many of them are safe on disk.
"""

import contextlib
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from elek.errors import ManifestError

if sys.platform != "win32":
    import fcntl

FORMAT = 1
EVERY_SECONDS = 1.0
"""Time between two entries in the ledger; what was scored since the last one is scored again."""


@dataclass(frozen=True)
class Identity:
    """What must be the same for a run to be continued.

    Attributes
    ----------
    manifest, bundle : str
        Digests.
    options : str
        Everything else that changes the output, as JSON.
    version : str
        Of elek.
    """

    manifest: str
    bundle: str
    options: str
    version: str


def digest_file(path: Path) -> str:
    """Give the sha256 of a file's bytes."""
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


class PartFile:
    """Scored lines that are not yet the output.

    Parameters
    ----------
    out : Path
        The output; its folder is made.
    identity : Identity
    resume : bool
        Continue an earlier run, when there is one.

    Attributes
    ----------
    rows : int
        Lines that are in it.
    complete : bool
        Whether the earlier run had scored every line.

    Raises
    ------
    ManifestError
        If another run writes this output, or the run to continue was of other files or options.
    """

    def __init__(self, out: Path, identity: Identity, resume: bool) -> None:
        out.parent.mkdir(parents=True, exist_ok=True)
        self.out = out
        self.path = out.with_name(f".{out.name}.part")
        self._ledger = out.with_name(f".{out.name}.ledger")
        self._identity = identity
        self.rows, size, self.complete = self._read_ledger() if resume else (0, 0, False)
        if self.complete and not self.path.exists() and out.exists() and out.stat().st_size == size:
            os.replace(out, self.path)  # killed between becoming the output and leaving the ledger
        self._file = self._open()
        if not resume:
            self._ledger.unlink(missing_ok=True)  # before the part file is cut, so that a kill leaves no wrong ledger
        if self._file.seek(0, os.SEEK_END) < size:
            self._file.close()
            raise ManifestError(f"'{self.path}' is shorter than its ledger says; start again without --resume")
        self._file.truncate(size)
        self._file.seek(size)
        self._saved = time.monotonic()

    def _open(self) -> IO[bytes]:
        file = open(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644), "r+b", buffering=1 << 20)  # noqa: SIM115 (kept open)
        if sys.platform != "win32":
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                file.close()
                raise ManifestError(
                    f"another run is writing '{self.out}'; wait for it or name another output"
                ) from error
        return file

    def _read_ledger(self) -> tuple[int, int, bool]:
        if not self._ledger.exists():
            return 0, 0, False
        try:
            raw: dict[str, Any] = json.loads(self._ledger.read_text(encoding="utf-8"))
            rows, size, complete, before = int(raw["rows"]), int(raw["bytes"]), bool(raw["complete"]), raw["run"]
        except (ValueError, KeyError, TypeError) as error:
            raise ManifestError(f"'{self._ledger}' cannot be read; start again without --resume") from error
        now = {"format": FORMAT, **asdict(self._identity)}
        changed = next((name for name, value in now.items() if before.get(name) != value), None)
        if changed:
            what = {"manifest": "the manifest", "bundle": "the bundle", "options": "the options"}.get(changed, "elek")
            raise ManifestError(
                f"cannot resume '{self.out}': {what} changed since that run began; start again without --resume"
            )
        return rows, size, complete

    def lines(self) -> Iterator[bytes]:
        """Give the lines that are in it."""
        self._file.flush()
        with self.path.open("rb") as file:
            yield from file

    def write(self, text: bytes, rows: int) -> None:
        """Add lines; now and then make them safe and say so in the ledger."""
        self._file.write(text)
        self.rows += rows
        if time.monotonic() - self._saved >= EVERY_SECONDS:
            self.save(complete=False)

    def save(self, *, complete: bool) -> None:
        """Make every line safe on disk and enter it in the ledger."""
        self._file.flush()
        os.fsync(self._file.fileno())
        entry: Mapping[str, Any] = {
            "run": {"format": FORMAT, **asdict(self._identity)},
            "rows": self.rows,
            "bytes": self._file.tell(),
            "complete": complete,
        }
        write_whole(self._ledger, json.dumps(entry).encode())
        self._saved = time.monotonic()
        self.complete = complete

    def move(self) -> None:
        """Make it the output."""
        os.replace(self.path, self.out)
        sync_folder(self.out.parent)

    def close(self, *, keep: bool) -> None:
        """Close it; without `keep`, nothing of it stays."""
        self._file.close()
        if not keep:
            self._ledger.unlink(missing_ok=True)
            self.path.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a file's new name safe on disk, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; move what was written there into place on success, remove it on failure."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file so that it is there whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)

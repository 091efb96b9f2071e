"""Manifest upload: a file's bytes into the data folder under their digest, then entered in the store to be scored."""

import os
import tempfile
from collections.abc import AsyncIterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from elek.tables import ENDINGS
from elek_serving.audit.record import Record
from elek_serving.service import Service
from elek_serving.store.database import StoreError
from elek_serving.store.manifests import NewManifest, add_manifest, count_unscored

READS = frozenset({".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json", *ENDINGS})


class BusyError(StoreError):
    """Too many manifests wait to be scored."""


@dataclass(frozen=True)
class Sender:
    """Who sends a manifest: actor as written in the log, id of the user, and the idempotency key."""

    actor: str
    user_id: int | None
    key: str | None = None


def manifest_file(service: Service, digest: str, ending: str) -> Path:
    """Give the path of an uploaded manifest."""
    return service.settings.data / "manifests" / f"{digest}{ending}"


async def keep_upload(service: Service, name: str, chunks: AsyncIterable[bytes]) -> tuple[Path, str, int]:
    """Write an upload to the data folder, whole or not at all.

    Returns
    -------
    (Path, str, int)
        Where it lies, its digest, its size in bytes.

    Raises
    ------
    StoreError
        If its name has an ending that is not read.
    """
    ending = ending_of(name)
    folder = service.settings.data / "manifests"
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, unfinished = tempfile.mkstemp(prefix=".upload-", dir=folder)
    hashed, size = sha256(), 0
    try:
        with os.fdopen(descriptor, "wb") as file:
            async for chunk in chunks:
                hashed.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        target = manifest_file(service, hashed.hexdigest(), ending)
        os.replace(unfinished, target)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    return target, hashed.hexdigest(), size


def enter_upload(service: Service, name: str, kept: tuple[Path, str, int], sender: Sender) -> Record:
    """Enter a kept upload, to be scored; the record's facts hold its number as `manifest`.

    Raises
    ------
    BusyError
        If too many manifests wait.
    """
    path, digest, size = kept
    with service.database.read() as session:
        if count_unscored(session) >= service.settings.max_waiting_manifests:
            raise BusyError("too many manifests wait to be scored; send it again in a minute")
    new = NewManifest(name, path.suffix, digest, size, sender.actor, sender.user_id)
    record = service.log.write(add_manifest(new), sender.key, digest)
    service.manifests.wake()
    return record


def ending_of(name: str) -> str:
    """Give the ending of a file's name, by which its format is known; no ending is CSV.

    Examples
    --------
    >>> ending_of("../Манифест.XLSX"), ending_of("list")
    ('.xlsx', '.csv')
    """
    ending = Path(name.replace("\\", "/").replace("\0", "")).suffix.lower() or ".csv"
    if ending not in READS:
        raise StoreError(f"files ending in '{ending[:12]}' are not read; send one of {', '.join(sorted(READS))}")
    return ending

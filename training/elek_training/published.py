"""Published bundles: the folder that running services watch. A kill at any moment leaves one whole champion.

``champion.json`` names the bundle in service; ``bundles/<hex>/`` holds whole, signed bundles by digest;
``promotions/000007.json`` says who put which bundle into service, why, and by which gate record, with its Ed25519 signature
beside it. They are written in the order bundle, record, champion, each whole before the next; what a kill left behind is
removed before the next change.
"""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from elek.bundle import STARTER, Bundle
from elek.errors import ElekError
from elek.signature import sign_bundle, sign_bytes
from elek_training.durable import sync_folder, write_whole

CHAMPION = "champion.json"


class PublishError(ElekError):
    """A promotion or rollback that must not happen; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class InService:
    """What `champion.json` says: digest, folder, and number of the promotion."""

    bundle: str
    folder: Path
    number: int


def read_champion_file(published: Path) -> InService | None:
    """Read `champion.json`; None before the first promotion."""
    path = published / CHAMPION
    if not path.is_file():
        return None
    raw = json.loads(path.read_text(encoding="utf-8"))
    return InService(raw["bundle"], published / raw["folder"], int(Path(raw["promotion"]).stem))


def champion_folder(published: Path) -> Path:
    """Folder of the bundle in service; the starter before the first promotion."""
    now = read_champion_file(published)
    return now.folder if now else STARTER


def read_promotions(published: Path) -> list[dict[str, Any]]:
    """Read the promotion records that took effect, oldest first."""
    now = read_champion_file(published)
    numbers = range(1, now.number + 1) if now else range(0)
    return [json.loads((published / _record(n)).read_text(encoding="utf-8")) for n in numbers]


def before_champion(published: Path) -> str:
    """Digest of the bundle that a rollback brings back.

    Raises
    ------
    PublishError
        If nothing was in service before.
    """
    served: list[str] = []
    for record in read_promotions(published):
        if record["kind"] == "rollback":
            served.pop()
        else:
            served.append(record["bundle"])
    if len(served) < 2:
        raise PublishError(f"no bundle was in service in '{published}' before this one; promote one instead")
    return served[-2]


def add_bundle(folder: Path, published: Path, key: Ed25519PrivateKey) -> str:
    """Copy a bundle under its digest and sign the copy; gives the digest."""
    digest = Bundle.load(folder).digest
    place = published / "bundles" / digest.removeprefix("sha256:")
    if place.is_dir():
        Bundle.load(place)
        return digest
    copy = place.with_name(f".{place.name}")
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    for name in sorted(p.name for p in folder.iterdir() if p.name != "bundle.sig"):
        write_whole(copy / name, (folder / name).read_bytes())
    if Bundle.load(copy).digest != digest:
        raise PublishError(f"'{folder}' changed while it was copied; promote it again")
    sign_bundle(copy, key)
    sync_folder(copy)
    os.rename(copy, place)
    sync_folder(place.parent)
    return digest


def put_in_service(published: Path, facts: Mapping[str, Any], key: Ed25519PrivateKey) -> Path:
    """Write the signed record of a promotion or rollback, and make its bundle the champion.

    Parameters
    ----------
    published : Path
        Already holds the bundle.
    facts : mapping
        `kind`, `bundle`, `previous`, `by`, `reason`, `gate`, `at`.
    key : Ed25519PrivateKey

    Returns
    -------
    Path
        The record.
    """
    now = read_champion_file(published)
    name = _record((now.number if now else 0) + 1)
    content = canonical(facts)
    write_whole(published / Path(name).with_suffix(".sig"), sign_bytes(content, key).hex().encode())
    write_whole(published / name, content)
    folder = f"bundles/{str(facts['bundle']).removeprefix('sha256:')}"
    write_whole(
        published / CHAMPION, canonical({"format": 1, "bundle": facts["bundle"], "folder": folder, "promotion": name})
    )
    return published / name


def canonical(facts: Mapping[str, Any]) -> bytes:
    """Write JSON in one form only: keys sorted, no blanks, UTF-8."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def remove_leftovers(published: Path) -> None:
    """Remove what a kill left: half-copied bundles, temporary files, records that never took effect."""
    now = read_champion_file(published)
    last = now.number if now else 0
    for path in published.glob("bundles/.*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in [*published.glob(f".{CHAMPION}.*"), *published.glob("promotions/.*")]:
        path.unlink()
    for path in published.glob("promotions/[0-9]*.*"):
        if int(path.stem) > last:
            path.unlink()


def _record(number: int) -> str:
    return f"promotions/{number:06d}.json"

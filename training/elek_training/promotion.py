"""Promotion and rollback: who puts which bundle into service, on what ground."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from elek.bundle import Bundle
from elek_training.durable import only_writer
from elek_training.gate import read_record
from elek_training.published import (
    PublishError,
    add_bundle,
    before_champion,
    champion_folder,
    put_in_service,
    read_champion_file,
    remove_leftovers,
)


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a bundle goes into service.

    Attributes
    ----------
    at : datetime
        Aware.
    by, reason : str
        A named person and their words; both or, with a passing gate, neither.
    gate : Path or None
        Record that `elek train compare` or `retrain` wrote.
    """

    at: datetime
    by: str = ""
    reason: str = ""
    gate: Path | None = None


def promote(folder: Path, published: Path, ground: Ground, key: Ed25519PrivateKey) -> Path:
    """Put a bundle into service.

    Parameters
    ----------
    folder : Path
        Folder of the bundle.
    published : Path
        Folder that services watch.
    ground : Ground
        A passing gate record of this bundle against the champion in service, or a named person with a reason.
    key : Ed25519PrivateKey

    Returns
    -------
    Path
        The signed promotion record.

    Raises
    ------
    PublishError
        If the ground does not hold, or the bundle is in service already.
    """
    with only_writer(published):
        remove_leftovers(published)
        digest = Bundle.load(folder).digest
        now = read_champion_file(published)
        if now and now.bundle == digest:
            raise PublishError(f"{digest[:19]}… is the champion already")
        gate = _passing(ground, digest, Bundle.load(champion_folder(published)).digest)
        add_bundle(folder, published, key)
        return put_in_service(published, _facts("promote", digest, now.bundle if now else None, ground, gate), key)


def roll_back(published: Path, ground: Ground, key: Ed25519PrivateKey) -> Path:
    """Put the bundle that was in service before the champion back; gives the signed record."""
    with only_writer(published):
        remove_leftovers(published)
        digest = before_champion(published)
        now = read_champion_file(published)
        Bundle.load(published / "bundles" / digest.removeprefix("sha256:"))
        return put_in_service(published, _facts("rollback", digest, now.bundle if now else None, ground, None), key)


def _passing(ground: Ground, digest: str, champion: str) -> dict[str, Any] | None:
    """Give the gate record when it passes or a person answers for it."""
    record = read_record(ground.gate) if ground.gate else None
    if record is not None and record["challenger"] != digest:
        raise PublishError(
            f"the gate record judges {record['challenger'][:19]}…, not this bundle {digest[:19]}…; compare this one"
        )
    if ground.by and ground.reason:
        return record
    if record is None:
        raise PublishError(
            "a promotion needs a passing gate record (--gate FILE), or a named person with a reason (--by NAME --reason TEXT)"
        )
    if record["champion"] != champion:
        raise PublishError(
            f"the gate compared with {record['champion'][:19]}…, but {champion[:19]}… is in service now; compare again"
        )
    if record["answer"] != "better":
        raise PublishError(
            f"the gate says '{record['answer']}'; keep the champion, or answer for it with --by NAME --reason TEXT"
        )
    return record


def _facts(kind: str, digest: str, previous: str | None, ground: Ground, gate: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "kind": kind,
        "bundle": digest,
        "previous": previous,
        "by": ground.by,
        "reason": ground.reason,
        "gate": gate,
        "at": ground.at.isoformat(timespec="seconds"),
    }

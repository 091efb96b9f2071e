"""Served bundles: every bundle that ever answered, kept by digest so that its answers can be scored again."""

import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from elek.bundle import Bundle
from elek_serving.store.database import Base, Moment, StoreError, now


class ServedBundle(Base):
    """A bundle that answered."""

    __tablename__ = "served_bundles"

    digest: Mapped[str] = mapped_column(String(80), primary_key=True)
    folder: Mapped[str] = mapped_column(Text)
    first_at: Mapped[datetime] = mapped_column(Moment)
    last_at: Mapped[datetime] = mapped_column(Moment)


def kept_folder(data: Path, digest: str) -> Path:
    """Give the folder in which a bundle is kept."""
    return data / "bundles" / digest.removeprefix("sha256:")


def keep_bundle(data: Path, bundle: Bundle, raw: dict[str, bytes]) -> Path:
    """Write a verified bundle's files under its digest; whole or not at all.

    Parameters
    ----------
    data : Path
    bundle : Bundle
    raw : dict of str to bytes
        Index and, if there is one, signature, as read.
    """
    target = kept_folder(data, bundle.digest)
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=".keeping-", dir=target.parent))
    for name, content in {**bundle.files, **raw}.items():
        with (unfinished / name).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    try:
        unfinished.rename(target)
    except OSError:
        shutil.rmtree(unfinished)
        if not target.is_dir():  # else another process was first
            raise
    return target


def enter_bundle(session: Session, digest: str, folder: Path) -> None:
    """Enter that a bundle answers from now."""
    row = session.get(ServedBundle, digest)
    if row is None:
        session.add(ServedBundle(digest=digest, folder=str(folder), first_at=now(), last_at=now()))
    else:
        row.last_at = now()


def find_bundle(session: Session, digest: str) -> Path:
    """Give the folder of a bundle that answered once, or raise StoreError."""
    row = session.get(ServedBundle, digest)
    if row is None or not Path(row.folder).is_dir():
        raise StoreError(f"bundle {digest} is not kept here; put it back under its digest in the data folder")
    return Path(row.folder)

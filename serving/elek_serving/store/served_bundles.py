"""Served bundles: every bundle that ever answered, kept by digest so that its answers can be scored again."""

import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from elek.bundle import Bundle
from elek.errors import BundleError
from elek_serving.store.database import Base, Moment, StoreError, now


class ServedBundle(Base):
    """A bundle that answered."""

    __tablename__ = "served_bundles"

    digest: Mapped[str] = mapped_column(String(80), primary_key=True)
    first_at: Mapped[datetime] = mapped_column(Moment)
    last_at: Mapped[datetime] = mapped_column(Moment)


def kept_folder(data: Path, digest: str) -> Path:
    """Give the folder in which a bundle is kept."""
    return data / "bundles" / digest.removeprefix("sha256:")


def keep_bundle(data: Path, source: Path, digest: str) -> Path:
    """Copy a bundle to its digest's folder, whole or not at all; give that folder.

    Raises
    ------
    BundleError
        If what lies at `source` is not, or no longer, the bundle of this digest.
    """
    target = kept_folder(data, digest)
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=".keeping-", dir=target.parent))
    try:
        for file in source.iterdir():
            copied = Path(shutil.copy(file, unfinished, follow_symlinks=False))
            with copied.open("rb") as content:
                os.fsync(content.fileno())
        if Bundle.load(unfinished, trust_key="").digest != digest:
            raise BundleError(f"the bundle at '{source}' changed while it was copied; promote it again")
        unfinished.rename(target)
    except OSError:
        if not target.is_dir():  # else another process was first
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return target


def enter_bundle(session: Session, digest: str) -> None:
    """Enter that a bundle answers from now."""
    row = session.get(ServedBundle, digest)
    if row is None:
        session.add(ServedBundle(digest=digest, first_at=now(), last_at=now()))
    else:
        row.last_at = now()


def find_bundle(data: Path, digest: str) -> Path:
    """Give the folder of a bundle that answered once, or raise StoreError."""
    folder = kept_folder(data, digest)
    if not folder.is_dir():
        raise StoreError(f"bundle {digest} is not kept here; put it back under its digest in the data folder")
    return folder

"""Manifests: uploaded files of goods lines and how far their scoring is. The file lies in the data folder, not in the store."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from elek_serving.audit.record import Entry, Work
from elek_serving.store.database import Base, Moment, now, storable

State = Literal["waiting", "scoring", "scored", "failed"]
MAX_NAME = 200


class ManifestRow(Base):
    """One uploaded manifest."""

    __tablename__ = "manifests"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(MAX_NAME))
    ending: Mapped[str] = mapped_column(String(10))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    actor: Mapped[str] = mapped_column(String(80))
    uploaded_at: Mapped[datetime] = mapped_column(Moment, index=True)
    state: Mapped[str] = mapped_column(String(10), index=True)
    lines_read: Mapped[int]
    scored_at: Mapped[datetime | None] = mapped_column(Moment)
    report: Mapped[str | None] = mapped_column(Text)
    error: Mapped[str | None] = mapped_column(Text)
    bundle: Mapped[str | None] = mapped_column(String(80))
    counts_json: Mapped[str | None] = mapped_column(Text)

    @property
    def counts(self) -> dict[str, int]:
        """Lines by verdict; `error` counts those that could not be scored."""
        return dict(json.loads(self.counts_json or "{}"))


@dataclass(frozen=True)
class NewManifest:
    """A file that was uploaded.

    Attributes
    ----------
    name : str
        As the sender calls it.
    ending : str
        ``.csv``, ``.jsonl``, ``.xlsx``, …
    sha256 : str
        Hex digest of the file.
    size : int
        Bytes.
    actor : str
    user_id : int or None
    """

    name: str
    ending: str
    sha256: str
    size: int
    actor: str
    user_id: int | None = None


def add_manifest(new: NewManifest) -> Work:
    """Enter an uploaded file, waiting to be scored; the record's facts hold its id as `manifest`."""

    def work(session: Session) -> Entry:
        row = ManifestRow(
            name=storable(new.name)[:MAX_NAME],
            ending=new.ending,
            sha256=new.sha256,
            size=new.size,
            uploaded_by=new.user_id,
            actor=new.actor,
            uploaded_at=now(),
            state="waiting",
            lines_read=0,
        )
        session.add(row)
        session.flush()
        facts: dict[str, Any] = {"manifest": row.id, "sha256": new.sha256, "size": new.size}
        return Entry("manifest_uploaded", new.actor, facts)

    return work


def find_manifest(session: Session, manifest_id: int) -> ManifestRow | None:
    """Find a manifest."""
    return session.get(ManifestRow, manifest_id) if 0 < manifest_id < 2**31 else None


def list_manifests(session: Session, limit: int = 50) -> list[ManifestRow]:
    """Give the newest manifests, newest first."""
    return list(session.scalars(select(ManifestRow).order_by(ManifestRow.id.desc()).limit(limit)))


def unscored(session: Session) -> list[int]:
    """Give the ids of manifests still to be scored, oldest first."""
    query = select(ManifestRow.id).where(ManifestRow.state.in_(("waiting", "scoring"))).order_by(ManifestRow.id)
    return list(session.scalars(query))


def count_unscored(session: Session) -> int:
    """Count manifests still to be scored."""
    query = select(func.count()).where(ManifestRow.state.in_(("waiting", "scoring")))
    return session.scalar(query) or 0

"""Retention: takes away texts that are older than the operator keeps them. Audit records and scores stay."""

import time
from datetime import timedelta

from sqlalchemy import delete, select, update

from elek_serving.audit.log import AuditLog
from elek_serving.audit.record import Entry
from elek_serving.settings import Settings
from elek_serving.store.answers import forget_answers
from elek_serving.store.database import Database, now
from elek_serving.store.inputs import Input
from elek_serving.store.lines import LineRow
from elek_serving.store.manifests import ManifestRow

EVERY_SECONDS = 3600.0


class Retention:
    """Removes texts once an hour.

    Parameters
    ----------
    settings : Settings
        `retention_days` and `data`.
    database : Database
    log : AuditLog
        What was removed is written down.
    """

    def __init__(self, settings: Settings, database: Database, log: AuditLog) -> None:
        self._settings, self._database, self._log = settings, database, log
        self._due = 0.0

    def apply(self) -> None:
        """Remove what is due, when an hour has gone by."""
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + EVERY_SECONDS
        with self._database.write() as session:
            forget_answers(session)
        if self._settings.retention_days:
            self.remove_texts(self._settings.retention_days)

    def remove_texts(self, days: int) -> int:
        """Remove texts that are older than some days; give how many lines and requests lost theirs.

        A removed text is gone from requests, lines and the uploaded files; digests, scores, decisions and records stay, so the
        log still verifies. Replay then says that the text is no longer kept.
        """
        before = now() - timedelta(days=days)
        old = select(ManifestRow.id).where(
            ManifestRow.uploaded_at < before, ManifestRow.state.in_(("scored", "failed"))
        )
        with self._database.write() as session:
            requests = session.execute(delete(Input).where(Input.at < before))
            lines = session.execute(
                update(LineRow)
                .where(LineRow.manifest_id.in_(old), LineRow.input != "")
                .values(input="", description="", text="", line_id="", consignment_id=None)
            )
            kept = select(ManifestRow.sha256).where(ManifestRow.uploaded_at >= before)
            gone = session.execute(
                select(ManifestRow.sha256, ManifestRow.ending).where(
                    ManifestRow.id.in_(old), ManifestRow.sha256.not_in(kept)
                )
            ).all()
        for sha256, ending in gone:
            (self._settings.data / "manifests" / f"{sha256}{ending}").unlink(missing_ok=True)
        removed = int(requests.rowcount) + int(lines.rowcount)  # type: ignore[attr-defined]  # a delete gives a CursorResult
        if removed:
            self._log.write(Entry("texts_removed", "system", {"days": days, "texts": removed}))
        return removed

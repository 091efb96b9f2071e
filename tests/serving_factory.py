"""Makes serving's test data: an open store, its people, a line in its queue."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from elek.goods import GoodsLine
from elek.scorer import Scorer
from elek_serving.app import create_app
from elek_serving.audit.checkpoint import Signer
from elek_serving.audit.log import AuditLog
from elek_serving.audit.record import Entry
from elek_serving.settings import Settings
from elek_serving.store.api_keys import Scope, add_key
from elek_serving.store.database import Database, now
from elek_serving.store.decisions import Person
from elek_serving.store.lines import LineRow, line_values
from elek_serving.store.manifests import ManifestRow, NewManifest, add_manifest
from elek_serving.store.users import NewUser, Role, add_user, need_user

PASSWORD = "a long enough password"


class Store:
    """A store with its log, as `elek serve` opens them."""

    def __init__(self, folder: Path, url: str | None) -> None:
        self.settings = Settings(data=folder, database_url=url)
        self.database = Database(self.settings.url)
        self.log = AuditLog(self.database, Signer(folder), seconds=0.2)

    def person(self, name: str, role: Role = "reviewer") -> Person:
        """A new user who may decide."""
        self.log.write(add_user(NewUser(name, role, PASSWORD), "test"))
        with self.database.read() as session:
            return Person(need_user(session, name).id, name, role)

    def close(self) -> None:
        self.log.close()
        self.database.close()


def add_line(store: Store, scorer: Scorer, goods: GoodsLine) -> int:
    """Put one scored line into the store; give its number."""
    manifest = store.log.write(add_manifest(NewManifest("m.csv", ".csv", "0" * 64, 1, "test"))).facts["manifest"]
    with store.database.write() as session:
        row = LineRow(manifest_id=manifest, row=1, **line_values(goods, scorer.score([goods])[0]))
        session.add(row)
        session.flush()
        return row.id


def add_scored_manifest(log: AuditLog, scorer: Scorer, lines: Sequence[GoodsLine], name: str = "m.csv") -> list[int]:
    """Enter lines as a scored manifest; give their numbers."""
    scored = scorer.score(lines)
    ids: list[int] = []

    def work(session: Session) -> Entry:  # one transaction: the background never sees the manifest waiting
        entry = add_manifest(NewManifest(name, ".csv", "0" * 64, 1, "test"))(session)
        row = session.get_one(ManifestRow, entry.facts["manifest"])
        row.state, row.lines_read, row.scored_at, row.counts_json = "scored", len(lines), now(), "{}"
        rows = [
            LineRow(manifest_id=row.id, row=n, **line_values(goods, line))
            for n, (goods, line) in enumerate(zip(lines, scored, strict=True), start=1)
        ]
        session.add_all(rows)
        session.flush()
        ids.extend(r.id for r in rows)
        return entry

    log.write(work)
    return ids


@contextmanager
def serving(settings: Settings) -> Iterator[TestClient]:
    """A client of a running app."""
    with TestClient(create_app(settings), base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


def api_key(client: TestClient, name: str, role: Role, *scopes: Scope) -> dict[str, str]:
    """Make a user and an API key of theirs; give the header that shows it."""
    log = client.app.state.service.log
    log.write(add_user(NewUser(name, role, None if role == "service" else PASSWORD), "test"))
    new = add_key(name, list(scopes), 1, "test")
    log.write(new.work)
    return {"Authorization": f"Bearer {new.text}"}


def scored_manifest(client: TestClient, content: bytes, headers: dict[str, str], name: str = "m.csv") -> dict[str, Any]:
    """Upload a manifest and wait until it is scored or has failed."""
    sent = client.post(f"/v1/manifests?name={name}", content=content, headers={**headers, "content-type": "text/csv"})
    assert sent.status_code == 202, sent.text
    for _ in range(600):
        shown = client.get(sent.headers["Location"], headers=headers).json()
        if shown["state"] in ("scored", "failed"):
            return shown
        time.sleep(0.05)
    raise AssertionError(shown)

"""Makes serving's test data: an open store, its people, a line in its queue."""

from __future__ import annotations

from pathlib import Path

from elek.goods import GoodsLine
from elek.scorer import Scorer
from elek_serving.audit.checkpoint import Signer
from elek_serving.audit.log import AuditLog
from elek_serving.settings import Settings
from elek_serving.store.database import Database
from elek_serving.store.decisions import Person
from elek_serving.store.lines import LineRow, line_values
from elek_serving.store.manifests import NewManifest, add_manifest
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

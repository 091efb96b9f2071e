"""Label store: every label ever taken in, in content-addressed parts and versions; nothing is changed or removed.

``parts/<sha256>.parquet`` holds the labels of one intake, ``versions/<sha256>.json`` lists the parts with the time each came in
and the rulings on givers, and ``HEAD`` names the newest version. A kill leaves the old version or the new one.
"""

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from elek.errors import ElekError
from elek_training.durable import only_writer, write_whole
from elek_training.label import Label

DEFAULT = Path("data/labels")
_SCHEMA = pa.schema([(f.name, pa.string()) for f in fields(Label)])


class StoreError(ElekError):
    """A label store that is damaged; the message names the file."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A label and when it came into the store (ISO, UTC)."""

    label: Label
    received_at: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a named person said of a giver: its labels are let in, or held.

    Attributes
    ----------
    giver : str
        As `givers_of` names it.
    is_let_in : bool
        True lets in what the giver had brought by then; False holds all of it, also what comes later.
    by, reason : str
    at : str
        ISO, UTC.
    """

    giver: str
    is_let_in: bool
    by: str
    reason: str
    at: str


@dataclass(frozen=True, slots=True)
class Added:
    """What an intake did: the store's version, and whether it held the same labels before."""

    version: str
    known: bool


class LabelStore:
    """The labels in a folder.

    Parameters
    ----------
    folder : Path
        Made at the first intake.
    """

    def __init__(self, folder: Path = DEFAULT) -> None:
        self.folder = folder

    @property
    def version(self) -> str:
        """Digest of the newest version; empty for an empty store."""
        head = self.folder / "HEAD"
        return head.read_text(encoding="ascii").strip() if head.is_file() else ""

    def add(self, labels: Sequence[Label], received_at: datetime) -> Added:
        """Take in labels as one part.

        Parameters
        ----------
        labels : sequence of Label
        received_at : datetime
            Aware. Quarantine counts from here.

        Returns
        -------
        Added
            The same labels in the same order are taken in once; their first time of arrival stays.
        """
        content = _parquet(labels)
        part = hashlib.sha256(content).hexdigest()
        with only_writer(self.folder):
            listed = self._listed(self.version)
            if part in {p["part"] for p in listed["parts"]}:
                return Added(self.version, known=True)
            write_whole(self.folder / "parts" / f"{part}.parquet", content)
            listed["parts"].append({"part": part, "received_at": received_at.isoformat(timespec="seconds")})
            return Added(self._write(listed), known=False)

    def rule(self, ruling: Ruling) -> str:
        """Record a ruling; gives the new version."""
        with only_writer(self.folder):
            listed = self._listed(self.version)
            return self._write(listed | {"rulings": [*listed.get("rulings", []), asdict(ruling)]})

    def rulings(self) -> list[Ruling]:
        """Read every ruling of the newest version, oldest first."""
        return [Ruling(**ruling) for ruling in self._listed(self.version).get("rulings", [])]

    def read(self, version: str | None = None) -> list[Stored]:
        """Read every label of a version, oldest intake first; None is the newest version.

        Raises
        ------
        StoreError
            If a part or version is missing or changed.
        """
        found = []
        for entry in self._listed(self.version if version is None else version)["parts"]:
            content = self._verified(self.folder / "parts" / f"{entry['part']}.parquet")
            table = pq.read_table(io.BytesIO(content), schema=_SCHEMA)
            found += [Stored(Label(**row), entry["received_at"]) for row in table.to_pylist()]
        return found

    def digests(self) -> dict[str, str]:
        """Name the newest version, for tracking."""
        return {"label store": self.version} if self.version else {}

    def _listed(self, version: str) -> dict[str, Any]:
        if not version:
            return {"format": 1, "parts": []}
        return dict(json.loads(self._verified(self.folder / "versions" / f"{version}.json")))

    def _write(self, listed: dict[str, Any]) -> str:
        """Write a version that follows the newest one, and name it; gives its digest."""
        raw = json.dumps(listed | {"parent": self.version}, sort_keys=True).encode()
        version = hashlib.sha256(raw).hexdigest()
        write_whole(self.folder / "versions" / f"{version}.json", raw)
        write_whole(self.folder / "HEAD", version.encode())
        return version

    def _verified(self, path: Path) -> bytes:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise StoreError(f"label store: '{path}' cannot be read ({error}); restore it from a copy") from error
        if hashlib.sha256(content).hexdigest() != path.stem:
            raise StoreError(f"label store: '{path}' was changed after it was written; restore it from a copy")
        return content


def _parquet(labels: Sequence[Label]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([asdict(label) for label in labels], schema=_SCHEMA), out)
    return out.getvalue()

"""Log export: the records as JSONL, exactly the bytes that are hashed; and reading them back from a file or the store."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import select

from elek_serving.audit.checkpoint import AuditError
from elek_serving.audit.merkle import leaf_hash
from elek_serving.audit.record import AuditRow, Record
from elek_serving.store.database import Database


@dataclass(frozen=True)
class Held:
    """A record as some holder of the log has it: its bytes, and what the holder says of its place and hash.

    Attributes
    ----------
    content : bytes
    seq : int
    leaf : bytes or None
        None in an export, which holds nothing but the bytes.
    """

    content: bytes
    seq: int
    leaf: bytes | None = None

    @property
    def record(self) -> Record:
        """The record, its leaf hash computed from the bytes."""
        return Record(self.seq, self.content, leaf_hash(self.content))


def records_of(database: Database) -> Iterator[Held]:
    """Give the records of a store, in order."""
    with database.read() as session:
        query = select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=1000)
        for row in session.scalars(query):
            yield Held(row.json.encode("utf-8"), row.seq, row.leaf)
            session.expunge(row)


def records_in(file: Path) -> Iterator[Held]:
    """Give the records of an export, in the order of its lines.

    Raises
    ------
    AuditError
        If the file cannot be read, or its last line is cut.
    """
    try:
        with file.open("rb") as lines:
            for seq, line in enumerate(lines):
                if not line.endswith(b"\n"):
                    raise AuditError(f"line {seq + 1} of '{file}' is cut; export the log again")
                yield Held(line[:-1], seq)
    except OSError as error:
        raise AuditError(f"'{file}' cannot be read ({error.strerror}); export the log again") from error


def write_export(records: Iterable[Held], out: IO[bytes]) -> int:
    """Write records, one a line; give how many."""
    count = 0
    for held in records:
        out.write(held.content + b"\n")
        count += 1
    return count

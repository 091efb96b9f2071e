"""AuditLog: the one way anything is appended. A single thread commits what waits, together, and signs checkpoints.

What it appends and the rows that belong to it are one transaction: either both are on disk or neither.
"""

import logging
import queue
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from elek_serving.audit.checkpoint import AuditError, Signer
from elek_serving.audit.merkle import Tree
from elek_serving.audit.record import Asked, AuditRow, Entry, Record, Work
from elek_serving.error_log import log_place
from elek_serving.store.database import Database, now
from elek_serving.store.inputs import Input

GROUP = 64
"""Records committed together at most."""

_LOG = logging.getLogger("elek.audit")

# Made once, on the tables: the cost of a commit is the pace of single requests.
_INSERT_RECORDS, _INSERT_INPUTS = insert(cast(Table, AuditRow.__table__)), insert(cast(Table, Input.__table__))
_LAST = select(func.coalesce(func.max(AuditRow.__table__.c.seq), -1))


class KeyReusedError(AuditError):
    """An idempotency key that came before with another request."""


@dataclass(frozen=True)
class Append:
    """Something to append.

    Attributes
    ----------
    work : Work or Entry
    key : str or None
        Idempotency key: the second call with it gets the first one's record and changes nothing.
    request : str or None
        What was asked, in any form; a key that comes again with another request is refused.
    inputs : str or None
        JSON of the goods lines that were scored, kept beside the record for `elek audit replay`.
    """

    work: Work | Entry
    key: str | None = None
    request: str | None = None
    inputs: str | None = None


@dataclass
class _Waiting:
    append: Append
    future: Future[Record] = field(default_factory=Future)


class AuditLog:
    """The log, open for appending.

    Parameters
    ----------
    database : Database
    signer : Signer
    seconds : float
        Longest time a record stays without a checkpoint.

    Raises
    ------
    AuditError
        If the log does not lead to its newest checkpoint.
    """

    def __init__(self, database: Database, signer: Signer, seconds: float = 5.0) -> None:
        self._database, self._signer, self._seconds = database, signer, seconds
        self._tree = Tree()
        self._signed, self._due, self._closed = 0, 0.0, False
        self._open_tree()
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="elek-audit", daemon=True)
        self._thread.start()

    def submit(self, append: Append) -> Future[Record]:
        """Queue something to append; the future gives its record once that is on disk."""
        waiting = _Waiting(append)
        if self._closed:
            waiting.future.set_exception(AuditError("the service is stopping; ask again in a moment"))
        else:
            self._queue.put(waiting)
        return waiting.future

    def write(self, work: Work | Entry, key: str | None = None, request: str | None = None) -> Record:
        """Append and wait until it is on disk.

        Parameters
        ----------
        work : Work or Entry
        key : str, optional
            Idempotency key.
        request : str, optional
            What was asked; told apart when the key comes again.

        Returns
        -------
        Record
            With `repeated` when the key was there already.

        Raises
        ------
        KeyReusedError
            If the key came before with another request.
        StoreError
            What `work` raises; then nothing is written.
        AuditError
            If the database could not commit. Ask again with the same key: what was written is not written twice.
        """
        return self.submit(Append(work, key, request)).result()

    @property
    def waiting(self) -> int:
        """Records not yet committed."""
        return self._queue.qsize()

    def close(self) -> None:
        """Commit what waits, sign a last checkpoint, stop."""
        self._closed = True
        self._queue.put(None)
        self._thread.join()

    def _open_tree(self) -> None:
        last = self._signer.last()
        with self._database.read() as session:
            leaves = session.execute(select(AuditRow.leaf).order_by(AuditRow.seq).execution_options(yield_per=10_000))
            for (leaf,) in leaves:
                self._tree.add(leaf)
                if last and self._tree.size == last.size and self._tree.root() != last.root:
                    raise AuditError(f"the log does not lead to checkpoint {last.size}; see `elek audit verify`")
        if last and last.size > self._tree.size:
            raise AuditError(
                f"the log has {self._tree.size} records, its newest checkpoint {last.size}: records are missing. "
                f"Restore database and '{self._signer.file}' from the same backup; see `elek audit verify`"
            )
        self._signed = last.size if last else 0

    def _run(self) -> None:
        closing = False
        while not closing:
            group = self._next_group()
            closing = bool(group) and group[-1] is None
            waiting = [w for w in group if w is not None and w.future.set_running_or_notify_cancel()]
            try:
                if waiting:
                    self._commit(waiting)
                if closing or time.monotonic() >= self._due:
                    self._checkpoint()
            except Exception as error:  # outer edge of the thread: it must live on, and nobody may wait for ever
                log_place(_LOG, "append", error)
                told = AuditError("the record may not be on disk; ask again with the same idempotency key")
                told.__cause__ = error
                for w in waiting:
                    if not w.future.done():
                        w.future.set_exception(told)

    def _next_group(self) -> list[_Waiting | None]:
        """Wait for the first, then take what is there already: the commit before it is the time others had to come."""
        try:
            group = [self._queue.get(timeout=self._seconds)]
            while group[-1] is not None and len(group) < GROUP and not self._queue.empty():
                group.append(self._queue.get_nowait())
        except queue.Empty:
            return []
        return group

    def _commit(self, waiting: list[_Waiting]) -> None:
        """Append in one transaction; tell each its outcome after the commit."""
        with self._database.write() as session:
            group = _Group(session, self._caught_up(session), now())
            outcomes = [group.add(w.append) for w in waiting]
            group.insert()
        self._tree = group.tree
        for w, outcome in zip(waiting, outcomes, strict=True):
            if isinstance(outcome, Record):
                w.future.set_result(outcome)
            else:
                w.future.set_exception(outcome)

    def _caught_up(self, session: Session) -> Tree:
        """Give a copy of the tree with what other processes appended since."""
        size = session.connection().scalar(_LAST) or 0
        tree = self._tree.copy()
        if size + 1 < tree.size:
            raise AuditError(f"the log had {tree.size} records and has {size + 1}; see `elek audit verify`")
        if size + 1 > tree.size:
            for leaf in session.scalars(select(AuditRow.leaf).where(AuditRow.seq >= tree.size).order_by(AuditRow.seq)):
                tree.add(leaf)
        return tree

    def _checkpoint(self) -> None:
        if self._tree.size > self._signed:
            self._signer.append(self._tree.size, self._tree.root())
            self._signed = self._tree.size
            self._due = time.monotonic() + self._seconds


class _Group:
    """Records of one transaction: each entry's own rows at once, the records together at the end."""

    def __init__(self, session: Session, tree: Tree, at: datetime) -> None:
        self.tree = tree
        self._session, self._at = session, at
        self._rows: list[dict[str, Any]] = []
        self._inputs: list[dict[str, Any]] = []
        self._keys: dict[str, Record] = {}

    def add(self, append: Append) -> Record | Exception:
        """Give the record, or what keeps it from being written."""
        request = None if append.request is None else sha256(append.request.encode("utf-8", "replace")).hexdigest()
        before = self._before(append.key)
        if before is not None:
            if before.body.get("request") != request:
                return KeyReusedError("this idempotency key came before with another request; use a new key")
            return replace(before, repeated=True)
        try:
            entry = append.work if isinstance(append.work, Entry) else self._work(append.work)
            record = Record.make(self.tree.size, self._at, entry, Asked(append.key, request))
        except Exception as error:  # the work's own error goes to whoever asked for it; the others' records stand
            return error
        self.tree.add(record.leaf)
        self._rows.append(
            {
                "seq": record.seq,
                "json": record.content.decode("utf-8"),
                "leaf": record.leaf,
                "key": append.key,
                "kind": entry.kind,
                "actor": entry.actor,
                "at": self._at,
            }
        )
        if append.key is not None:
            self._keys[append.key] = record
        if append.inputs is not None:
            self._inputs.append({"seq": record.seq, "lines": append.inputs, "at": self._at})
        return record

    def _before(self, key: str | None) -> Record | None:
        if key is None:
            return None
        if key in self._keys:
            return self._keys[key]
        row = self._session.scalar(select(AuditRow).where(AuditRow.key == key))
        return None if row is None else Record.of(row)

    def _work(self, work: Work) -> Entry:
        with self._session.begin_nested():
            entry = work(self._session)
            self._session.flush()
        return entry

    def insert(self) -> None:
        """Write the records."""
        if self._rows:
            self._session.connection().execute(_INSERT_RECORDS, self._rows)
        if self._inputs:
            self._session.connection().execute(_INSERT_INPUTS, self._inputs)

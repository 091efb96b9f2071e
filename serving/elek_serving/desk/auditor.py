"""The auditor's view: the log, record by record, with the proof of each and its replay."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy import func, select
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException

from elek_serving.access import Running
from elek_serving.audit.record import AuditRow, Record
from elek_serving.desk.page import Auditor, desk_router, show

PAGE = 100
router = desk_router()


@dataclass(frozen=True)
class LogFilter:
    """What to show of the log: kind and actor, empty for any; records before a number, newest first."""

    kind: str = ""
    actor: str = ""
    before: int = 2**31 - 1

    @classmethod
    def read(cls, query: QueryParams) -> Self:
        """Read it from an address."""
        before = query.get("before", "")
        number = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else cls.before
        return cls(query.get("kind", "")[:32], query.get("actor", "").strip()[:80], number)

    def older(self, before: int) -> str:
        """Give the address of the records before a number."""
        return "/audit?" + urlencode({"kind": self.kind, "actor": self.actor, "before": before}, errors="replace")


@router.get("/audit")
def log_page(request: Request, service: Running, who: Auditor) -> HTMLResponse:
    """Show the log, newest first."""
    asked = LogFilter.read(request.query_params)
    query = select(AuditRow).where(AuditRow.seq < asked.before)
    if asked.kind:
        query = query.where(AuditRow.kind == asked.kind)
    if asked.actor:
        query = query.where(AuditRow.actor == asked.actor)
    with service.database.read() as session:
        rows = session.scalars(query.order_by(AuditRow.seq.desc()).limit(PAGE)).all()
        kinds = list(session.scalars(select(AuditRow.kind).distinct().order_by(AuditRow.kind)))
        size = session.scalar(select(func.count()).select_from(AuditRow)) or 0
    records = [(row, Record.of(row)) for row in rows]
    return show(
        request, "audit.html", who, asked=asked, records=records, kinds=kinds, size=size, more=len(rows) == PAGE
    )


@router.get("/audit/{seq}")
def record_page(request: Request, service: Running, who: Auditor, seq: int) -> HTMLResponse:
    """Show one record with its bytes and its leaf hash."""
    with service.database.read() as session:
        row = session.get(AuditRow, seq) if 0 <= seq < 2**31 else None
    if row is None:
        raise HTTPException(404)
    return show(request, "record.html", who, row=row, record=Record.of(row))

"""The print page: one line with its evidence, decisions and audit records on one sheet, for the file."""

from datetime import timedelta

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from elek_serving.access import Running
from elek_serving.audit.record import AuditRow, Entry, Record
from elek_serving.desk.line_view import view_line
from elek_serving.desk.page import LineReader, desk_router, show
from elek_serving.store.database import now
from elek_serving.store.decisions import Decision

router = desk_router()
CLOCK = timedelta(seconds=60)
"""How far the times of a decision and of its record can be apart: a group's records carry the time their commit began."""


@router.get("/lines/{line_id}/print")
def print_page(request: Request, service: Running, who: LineReader, line_id: int) -> HTMLResponse:
    """Show a line as a sheet for the file."""
    view = view_line(service, line_id, who.person)
    if view is None:
        raise HTTPException(404)
    facts = {"line": line_id, "text": view.line.text_digest}
    shown = service.log.write(Entry("line_shown", who.person.name, facts, bundle=view.line.bundle))
    with service.database.read() as session:
        records = [_record_of(session, decision) for decision in view.decisions]
    return show(request, "print.html", who, view=view, line=view.line, records=records, shown=shown, printed_at=now())


def _record_of(session: Session, decision: Decision) -> Record | None:
    """Find the audit record of a decision."""
    query = select(AuditRow).where(AuditRow.kind == "decided", AuditRow.actor == decision.reviewer)
    near = query.where(AuditRow.at >= decision.at - CLOCK, AuditRow.at <= decision.at + CLOCK)
    records = map(Record.of, session.scalars(near.order_by(AuditRow.seq)))
    return next((record for record in records if record.facts.get("decision") == decision.id), None)

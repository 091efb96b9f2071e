"""The queue: which goods lines to look at, most risky first, and the way to the next one that nobody holds."""

from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elek_serving.access import Running
from elek_serving.desk.budget import todays_budget
from elek_serving.desk.page import Anyone, Decider, LineReader, desk_router, home, show
from elek_serving.desk.queue_filter import OPEN, SCRIPTS, STATES, VERDICTS, QueueFilter, done_line
from elek_serving.store.claims import Claim, take_claim
from elek_serving.store.database import now
from elek_serving.store.decisions import Decision
from elek_serving.store.lines import LineRow
from elek_serving.store.manifests import find_manifest
from elek_serving.store.users import User

PAGE = 50
"""Lines on one page."""

router = desk_router()


@dataclass(frozen=True)
class QueueRow:
    """A line as the queue shows it: who holds it, and whether it is inside today's budget."""

    line: LineRow
    holder: str | None
    mine: bool
    in_budget: bool


@router.get("/")
def start(who: Anyone) -> Response:
    """Lead to the page that a role starts at."""
    return RedirectResponse(home(who.person.role), 303)


@router.get("/queue")
def queue(request: Request, service: Running, who: LineReader) -> HTMLResponse:
    """Show the queue."""
    asked = QueueFilter.read(request.query_params)
    with service.database.read() as session:
        budget = todays_budget(session, service.settings.budget_a_day)
        total = session.scalar(select(func.count()).select_from(asked.choose().order_by(None).subquery())) or 0
        lines = session.scalars(asked.choose().offset((asked.page - 1) * PAGE).limit(PAGE)).all()
        holders = _holders(session, [line.id for line in lines])
        rows = [_row(line, holders, who.person.id, budget.holds(line)) for line in lines]
        counts = _counts(session, asked)
        manifest = find_manifest(session, asked.manifest) if asked.manifest else None
    return show(
        request,
        "queue.html",
        who,
        asked=asked,
        rows=rows,
        total=total,
        last_page=-(-total // PAGE),
        done=done_line(request.query_params),
        budget=budget,
        counts=counts,
        manifest=manifest,
        verdicts=VERDICTS,
        states=STATES,
        scripts=SCRIPTS,
    )


@router.get("/queue/next")
def next_line(request: Request, service: Running, who: Decider) -> Response:
    """Take the first open line that nobody holds and that this person may decide, and lead to it."""
    asked = QueueFilter.read(request.query_params)
    query = f"?{asked.query}" if asked.query else ""
    line_id = claim_next(service, who, asked)
    if line_id is None:
        return RedirectResponse(f"/queue{query}", 303)
    return RedirectResponse(f"/lines/{line_id}{query}", 303)


def claim_next(service: Running, who: Decider, asked: QueueFilter) -> int | None:
    """Claim the first line that this person may decide; None when there is none."""
    wanted = asked if asked.state in OPEN else asked.with_(state="open")
    mine = select(Decision.id).where(Decision.user_id == who.person.id)
    held = select(Claim.line_id).where(Claim.user_id != who.person.id, Claim.until > now())
    query = wanted.choose().where(LineRow.id.not_in(held))
    query = query.where((LineRow.state != "second") | LineRow.decision_id.not_in(mine))
    if who.person.role != "supervisor":
        query = query.where(LineRow.state != "disputed")
    with service.database.write() as session:
        line = session.scalar(query.limit(1))
        if line is None or not take_claim(session, line.id, who.person.id):
            return None
        return line.id


def _row(line: LineRow, holders: dict[int, tuple[int, str]], me: int, in_budget: bool) -> QueueRow:
    holder = holders.get(line.id)
    return QueueRow(line, holder[1] if holder else None, bool(holder and holder[0] == me), in_budget)


def _holders(session: Session, line_ids: list[int]) -> dict[int, tuple[int, str]]:
    """Give who holds each line."""
    query = select(Claim.line_id, User.id, User.name).join(User, User.id == Claim.user_id)
    rows = session.execute(query.where(Claim.line_id.in_(line_ids), Claim.until > now()))
    return {line_id: (user_id, name) for line_id, user_id, name in rows}


def _counts(session: Session, asked: QueueFilter) -> dict[str, int]:
    """Count lines by verdict, with every other part of the filter as asked."""
    inner = asked.with_(verdict="").choose().order_by(None).subquery()
    rows = session.execute(select(inner.c.verdict, func.count()).group_by(inner.c.verdict))
    return {verdict or "error": n for verdict, n in rows}

"""The line page: one goods line with its evidence, and the form to decide it."""

from dataclasses import dataclass, field

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from elek_serving.access import Running, SignedIn, own_form
from elek_serving.audit.record import Entry
from elek_serving.desk.line_view import LineView, view_line
from elek_serving.desk.page import Decider, LineReader, desk_router, show
from elek_serving.desk.queue_filter import QueueFilter, done_line
from elek_serving.service import Service
from elek_serving.store.claims import drop_claim, holder, take_claim
from elek_serving.store.decisions import DECIDES, Person
from elek_serving.store.reasons import MAX_WORDS, REASONS
from elek_serving.store.users import User

router = desk_router()


@dataclass(frozen=True)
class Typed:
    """What a reviewer typed into the decide form, kept when it is shown again."""

    choice: str = ""
    words: str = ""
    correct_hs: str = ""
    correct_entry: str = ""
    undo_words: str = ""


@dataclass(frozen=True)
class Shown:
    """How a line page is shown.

    Attributes
    ----------
    typed : Typed
    fault : str
        What is wrong with the form, in the reader's language; empty when nothing is.
    status : int
    """

    typed: Typed = field(default_factory=Typed)
    fault: str = ""
    status: int = 200


@router.get("/lines/{line_id}")
def line_page(request: Request, service: Running, who: LineReader, line_id: int) -> HTMLResponse:
    """Show a line, written down as shown; who may decide it holds it from now."""
    return show_line(request, service, who, line_id)


@router.post("/lines/{line_id}/release", dependencies=[Depends(own_form)])
def release(request: Request, service: Running, who: Decider, line_id: int) -> Response:
    """Give a line back to the queue."""
    with service.database.write() as session:
        drop_claim(session, line_id, who.person.id)
    asked = QueueFilter.read(request.query_params)
    return RedirectResponse(f"/queue?{asked.query}" if asked.query else "/queue", 303)


def show_line(
    request: Request, service: Service, who: SignedIn, line_id: int, shown: Shown | None = None
) -> HTMLResponse:
    """Give a line's page.

    Parameters
    ----------
    request : Request
    service : Service
    who : SignedIn
    line_id : int
    shown : Shown, optional
        What was typed and what is wrong with it.
    """
    shown = shown or Shown()
    view = view_line(service, line_id, who.person)
    if view is None:
        raise HTTPException(404)
    obstacle = _obstacle(view, who.person)
    held_by = None if obstacle else _hold(service, view, who.person)
    facts = {"line": line_id, "text": view.line.text_digest}
    service.log.write(Entry("line_shown", who.person.name, facts, bundle=view.line.bundle))
    return show(
        request,
        "line.html",
        who,
        shown.status,
        view=view,
        line=view.line,
        held_by=held_by,
        obstacle="held" if held_by else obstacle,
        may_undo=_may_undo(view, who.person),
        needs_second=view.line.verdict in service.rules.second_eyes,
        reasons=REASONS,
        max_words=MAX_WORDS,
        entries=[e for e in service.bundle.get().scorer.labels.entries if e.entry != "none"],
        asked=QueueFilter.read(request.query_params),
        typed=shown.typed,
        fault=shown.fault,
        done=done_line(request.query_params),
    )


def _hold(service: Service, view: LineView, person: Person) -> str | None:
    """Claim a line for who may decide it; give the name of another who holds it."""
    with service.database.write() as session:
        if take_claim(session, view.line.id, person.id):
            return None
        other = session.get(User, holder(session, view.line.id))
        return other.name if other else None


def _obstacle(view: LineView, person: Person) -> str:
    """Name what keeps a person from ever deciding a line as it stands; empty when nothing does."""
    if view.line.state == "decided":
        return "decided"
    if person.role not in DECIDES:
        return "role"
    if view.line.state == "disputed" and person.role != "supervisor":
        return "disputed"
    first = view.decisions[-1].user_id if view.decisions else None
    return "second" if view.line.state == "second" and first == person.id else ""


def _may_undo(view: LineView, person: Person) -> bool:
    if not view.decisions or view.line.decision_id is None or person.role not in DECIDES:
        return False
    return person.role == "supervisor" or view.decisions[-1].user_id == person.id

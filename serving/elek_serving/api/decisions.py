"""Decisions over HTTP: for those who decide in a program of their own, and for retraining."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import select
from starlette.exceptions import HTTPException

from elek_serving.access import Running
from elek_serving.api.callers import caller_with
from elek_serving.api.idempotency import IdempotencyKey, scoped
from elek_serving.audit.record import Work
from elek_serving.labels_export import decision_labels
from elek_serving.schemas import PROBLEMS, DecisionIn, DecisionOut
from elek_serving.service import Service
from elek_serving.store.api_keys import Caller
from elek_serving.store.decisions import NewDecision, Person, decide, undo
from elek_serving.store.lines import LineRow

router = APIRouter(prefix="/v1/decisions", tags=["decisions"], responses=PROBLEMS)


@router.post("", status_code=201, summary="Decide a line")
def make(
    asked: DecisionIn,
    response: Response,
    service: Running,
    caller: Annotated[Caller, caller_with("decisions")],
    idempotency_key: IdempotencyKey = None,
) -> DecisionOut:
    """Decide a line of a scored manifest as the reviewer whose key this is; `undo` takes back the standing decision.

    It is on disk, with its audit record, before this answers.
    """
    if caller.user_id is None:
        raise HTTPException(403, "A decision needs the API key of a reviewer")
    person = Person(caller.user_id, caller.user, caller.role)
    work = _work(asked, _line_number(service, asked), person, service)
    record = service.log.write(work, scoped("decide", caller, idempotency_key), asked.model_dump_json())
    if record.repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return DecisionOut(decision=record.facts["decision"], state=record.facts["state"], seq=record.seq)


@router.get(
    "",
    summary="Decisions as labels",
    response_class=StreamingResponse,
    responses={200: {"description": "JSONL", "content": {"application/jsonl": {"schema": {"type": "string"}}}}},
)
def labels(service: Running, caller: Annotated[Caller, caller_with("labels")]) -> StreamingResponse:
    """Give the standing decisions, oldest first; `elek train intake --from-desk` reads them."""
    return StreamingResponse(_jsonl(service), media_type="application/jsonl")


def _jsonl(service: Service) -> Iterator[str]:
    with service.database.read() as session:
        yield from decision_labels(session)


def _line_number(service: Service, asked: DecisionIn) -> int:
    query = select(LineRow.id).where(LineRow.manifest_id == asked.manifest, LineRow.row == asked.row)
    with service.database.read() as session:
        number = session.scalar(query)
    if number is None:
        raise HTTPException(404, f"there is no row {asked.row} in manifest {asked.manifest}")
    return number


def _work(asked: DecisionIn, line: int, person: Person, service: Service) -> Work:
    if asked.decision == "undo":
        return undo(line, asked.words, person)
    if asked.correct_entry and asked.correct_entry not in service.bundle.get().scorer.labels.entry_index:
        raise HTTPException(422, "correct_entry: it is no entry of the control list; write one such as 3A001, or none")
    new = NewDecision(line, asked.decision, asked.reason, asked.words, asked.correct_hs, asked.correct_entry)
    return decide(new, person, service.rules)

"""The auditor's view: the log, record by record, with the proof of each and its replay."""

from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import func, select
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException

from elek.signature import read_public_key
from elek_serving.access import Running, SignedIn, own_form
from elek_serving.audit.checkpoint import CHECKPOINTS, LOG_KEY, AuditError, Checkpoint, parse
from elek_serving.audit.export import records_of
from elek_serving.audit.proof import Proof, prove
from elek_serving.audit.record import AuditRow, Record
from elek_serving.audit.replay import Replayed, replay_record
from elek_serving.audit.verify import Verified, verify
from elek_serving.desk.page import Auditor, desk_router, show
from elek_serving.service import Service

PAGE = 100
SHOWN = 20_000
"""Characters of a record that are shown; the record of a large manifest is longer."""

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


@dataclass(frozen=True)
class Checked:
    """What checking one record found: whether its proof holds, under which checkpoint, and what scoring again gave."""

    proof: Proof | None
    holds: bool
    fault: str
    replayed: Replayed


@router.get("/audit")
def log_page(request: Request, service: Running, who: Auditor) -> HTMLResponse:
    """Show the log, newest first."""
    return _log(request, service, who)


@router.post("/audit/verify", dependencies=[Depends(own_form)])
def verify_log(request: Request, service: Running, who: Auditor) -> HTMLResponse:
    """Check every record against every checkpoint, and show the outcome."""
    found = verify(records_of(service.database), _checkpoints(service), _public_key(service))
    return _log(request, service, who, found)


@router.get("/audit/{seq}")
def record_page(request: Request, service: Running, who: Auditor, seq: int) -> HTMLResponse:
    """Show one record with its bytes and its leaf hash."""
    return _record(request, service, who, seq)


@router.post("/audit/{seq}/check", dependencies=[Depends(own_form)])
def check_record(request: Request, service: Running, who: Auditor, seq: int) -> HTMLResponse:
    """Prove that a record is in the log, score its lines again, and show the outcome."""
    record = _need(service, seq)
    replayed = Replayed()
    replay_record(service.database, service.settings.data, record, replayed)
    try:
        proof = prove(seq, list(records_of(service.database)), _checkpoints(service))
    except AuditError as error:
        return _record(request, service, who, seq, Checked(None, False, str(error), replayed))
    return _record(request, service, who, seq, Checked(proof, proof.holds(_public_key(service)), "", replayed))


@router.get("/audit/{seq}/proof")
def proof_file(service: Running, who: Auditor, seq: int) -> Response:
    """Give a record's proof as a file for `elek audit check`."""
    proof = prove(seq, list(records_of(service.database)), _checkpoints(service))
    headers = {"Content-Disposition": f'attachment; filename="record-{seq}.proof.json"'}
    return Response(proof.to_json(), media_type="application/json", headers=headers)


def _log(request: Request, service: Service, who: SignedIn, verified: Verified | None = None) -> HTMLResponse:
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
    values: dict[str, Any] = {
        "asked": asked,
        "kinds": kinds,
        "size": size,
        "more": len(rows) == PAGE,
        "verified": verified,
    }
    return show(request, "audit.html", who, records=[(row, Record.of(row)) for row in rows], **values)


def _record(
    request: Request, service: Service, who: SignedIn, seq: int, checked: Checked | None = None
) -> HTMLResponse:
    record = _need(service, seq)
    content = record.content.decode()
    values: dict[str, Any] = {"content": content[:SHOWN], "cut": len(content) > SHOWN, "checked": checked}
    return show(request, "record.html", who, record=record, body=record.body, **values)


def _need(service: Service, seq: int) -> Record:
    with service.database.read() as session:
        row = session.get(AuditRow, seq) if 0 <= seq < 2**31 else None
    if row is None:
        raise HTTPException(404)
    return Record.of(row)


def _checkpoints(service: Service) -> list[Checkpoint]:
    file = service.settings.data / CHECKPOINTS
    return list(parse(file.read_text(encoding="utf-8"))) if file.exists() else []


def _public_key(service: Service) -> Ed25519PublicKey:
    return read_public_key(service.settings.data / f"{LOG_KEY}.pub")

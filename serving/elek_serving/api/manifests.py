"""Manifests over HTTP: upload, progress, the scored file."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from elek_serving.access import Running
from elek_serving.api.callers import caller_with
from elek_serving.api.idempotency import IdempotencyKey, scoped
from elek_serving.manifest_upload import BusyError, Sender, enter_upload, keep_upload
from elek_serving.schemas import PROBLEMS, ManifestOut
from elek_serving.service import Service
from elek_serving.store.api_keys import Caller
from elek_serving.store.lines import manifest_lines
from elek_serving.store.manifests import ManifestRow, find_manifest

router = APIRouter(prefix="/v1/manifests", tags=["manifests"], responses=PROBLEMS)

UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
            "text/csv": {
                "schema": {"type": "string"},
                "example": "description,declared_hs\nКВАДРОКОПТЕР DJI MAVIC 3,950300\n",
            },
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.post("", status_code=202, summary="Send a manifest", openapi_extra=UPLOAD)
async def upload(
    request: Request,
    response: Response,
    service: Running,
    caller: Annotated[Caller, caller_with("manifests")],
    name: Annotated[
        str, Query(max_length=200, description="The file's name, when the body is the file.")
    ] = "manifest.csv",
    idempotency_key: IdempotencyKey = None,
) -> ManifestOut:
    """Send a manifest as a form's `file` or as the body itself; it is scored in the background.

    CSV, JSONL, XLSX, ODS or Parquet by the name's ending. GET the address in `Location` for progress.
    """
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form(max_files=1, max_fields=10) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise HTTPException(422, "file: the form has no file of this name; send the manifest as `file`")
            name = file.filename or name
            kept = await keep_upload(service, name, _parts(file))
    else:
        kept = await keep_upload(service, name, request.stream())
    sender = Sender(caller.actor, caller.user_id, scoped("manifest", caller, idempotency_key))
    try:
        record = await run_in_threadpool(enter_upload, service, name, kept, sender)
    except BusyError as error:
        raise HTTPException(429, str(error), {"Retry-After": "60"}) from error
    response.headers["Location"] = f"/v1/manifests/{record.facts['manifest']}"
    if record.repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return await run_in_threadpool(_shown, service, record.facts["manifest"])


@router.get("/{manifest_id}", summary="How far is it")
def progress(manifest_id: int, service: Running, caller: Annotated[Caller, caller_with("manifests")]) -> ManifestOut:
    """Say how far a manifest is; once it is scored, how many lines have which verdict."""
    return _shown(service, manifest_id)


@router.get(
    "/{manifest_id}/scored",
    summary="The scored lines",
    response_class=StreamingResponse,
    responses={200: {"description": "JSONL", "content": {"application/jsonl": {"schema": {"type": "string"}}}}},
)
def scored(
    manifest_id: int, service: Running, caller: Annotated[Caller, caller_with("manifests")]
) -> StreamingResponse:
    """Give the scored file: JSONL, one line for every row, in order."""
    shown = _shown(service, manifest_id)
    if shown.state != "scored":
        raise HTTPException(
            409, f"manifest {manifest_id} is {shown.state}; ask /v1/manifests/{manifest_id} again later"
        )
    headers = {"Content-Disposition": f'attachment; filename="manifest-{manifest_id}.scored.jsonl"'}
    return StreamingResponse(_jsonl(service, manifest_id), media_type="application/jsonl", headers=headers)


def _jsonl(service: Service, manifest_id: int) -> Iterator[str]:
    with service.database.read() as session:
        for line in manifest_lines(session, manifest_id):
            yield line.record_json + "\n"


def _shown(service: Service, manifest_id: int) -> ManifestOut:
    with service.database.read() as session:
        row = find_manifest(session, manifest_id)
    if row is None:
        raise HTTPException(404, f"there is no manifest {manifest_id}")
    return manifest_out(row)


def manifest_out(row: ManifestRow) -> ManifestOut:
    """Give a manifest's row as the API shows it."""
    shared = ("id", "name", "state", "counts", "bundle", "report", "error", "sha256", "uploaded_at", "scored_at")
    return ManifestOut(lines=row.lines_read, **{name: getattr(row, name) for name in shared})


async def _parts(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(1 << 16):
        yield chunk

"""The manifests page: uploaded files, how far their scoring is, and the form to upload one."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, File, Form, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from elek_serving.access import Running, SignedIn, own_form
from elek_serving.desk.page import Uploader, desk_router, show
from elek_serving.desk.translations import Translator
from elek_serving.manifest_upload import BusyError, Sender, enter_upload, keep_upload
from elek_serving.service import Service
from elek_serving.store.database import StoreError
from elek_serving.store.manifests import list_manifests

PART = 64 * 1024
router = desk_router()


@router.get("/manifests")
def manifests(request: Request, service: Running, who: Uploader) -> HTMLResponse:
    """List manifests, newest first."""
    return _list(request, service, who)


@router.post("/manifests", dependencies=[Depends(own_form)])
async def upload(
    request: Request,
    service: Running,
    who: Uploader,
    file: Annotated[UploadFile | None, File()] = None,
    once: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Take a manifest, to be scored in the background."""
    if file is None or not file.filename:
        fault = Translator(who.language)("fault.no_file")
        return await run_in_threadpool(_list, request, service, who, fault, 422)
    sender = Sender(who.person.name, who.person.id, f"upload:{who.person.id}:{once}")
    try:
        kept = await keep_upload(service, file.filename, _parts(file))
        await run_in_threadpool(enter_upload, service, file.filename, kept, sender)
    except StoreError as error:
        status = 429 if isinstance(error, BusyError) else 409
        return await run_in_threadpool(_list, request, service, who, str(error), status)
    return RedirectResponse("/manifests", 303)


async def _parts(file: UploadFile) -> AsyncIterator[bytes]:
    while part := await file.read(PART):
        yield part


def _list(request: Request, service: Service, who: SignedIn, fault: str = "", status: int = 200) -> HTMLResponse:
    with service.database.read() as session:
        listed = list_manifests(session)
    return show(request, "manifests.html", who, status, manifests=listed, fault=fault)

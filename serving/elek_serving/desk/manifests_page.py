"""The manifests page: uploaded files, how far their scoring is, and the form to upload one."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from elek_serving.access import Running
from elek_serving.desk.page import Uploader, desk_router, show
from elek_serving.store.manifests import list_manifests

router = desk_router()


@router.get("/manifests")
def manifests(request: Request, service: Running, who: Uploader) -> HTMLResponse:
    """List manifests, newest first."""
    with service.database.read() as session:
        listed = list_manifests(session)
    return show(request, "manifests.html", who, manifests=listed, fault="")

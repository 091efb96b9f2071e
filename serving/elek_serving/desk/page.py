"""Page: what every page of the desk shares: its template, language and navigation, and errors that are pages too."""

import secrets
from collections.abc import Awaitable, Callable
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException

from elek_serving.access import SignedIn, require, signed_in
from elek_serving.audit.checkpoint import AuditError
from elek_serving.desk.marks import mark
from elek_serving.desk.translations import NAMES, Translator, best_language
from elek_serving.desk.wording import FILTERS
from elek_serving.store.database import StoreError

NAVIGATION = (
    ("/audit", "audit", ("auditor",)),
    ("/people", "people", ("admin",)),
    ("/queue", "queue", ("reviewer", "supervisor", "auditor")),
    ("/double-review", "double_review", ("reviewer", "supervisor")),
    ("/manifests", "manifests", ("reviewer", "supervisor", "admin")),
    ("/numbers", "numbers", ("reviewer", "supervisor", "auditor", "admin")),
)
"""Address, name and roles of each page in the navigation; a role's first page is where it starts."""

TEMPLATES = Environment(
    loader=PackageLoader("elek_serving.desk"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters.update(FILTERS, mark=mark)


def remembered(request: Request, who: Annotated[SignedIn, Depends(signed_in)]) -> SignedIn:
    """Give who is signed in, and remember it for an error page; a FastAPI dependency."""
    request.state.who = who
    return who


def allow(*roles: str) -> Any:
    """Give the dependency of pages for these roles."""
    check = require(*roles)

    def let_in(who: Annotated[SignedIn, Depends(remembered)]) -> SignedIn:
        return check(who)

    return Depends(let_in)


Anyone = Annotated[SignedIn, Depends(remembered)]
Decider = Annotated[SignedIn, allow("reviewer", "supervisor")]
LineReader = Annotated[SignedIn, allow("reviewer", "supervisor", "auditor")]
Auditor = Annotated[SignedIn, allow("auditor")]
Admin = Annotated[SignedIn, allow("admin")]
Uploader = Annotated[SignedIn, allow("reviewer", "supervisor", "admin")]


def home(role: str) -> str:
    """Give the page a role starts at."""
    return next(address for address, _, roles in NAVIGATION if role in roles)


def show(request: Request, template: str, who: SignedIn | None, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a page.

    Parameters
    ----------
    request : Request
    template : str
        File in `templates`.
    who : SignedIn or None
        Decides language and navigation.
    status : int
    **values
        What the template shows.
    """
    language = who.language if who else chosen_language(request)
    context = {
        "t": Translator(language),
        "language": language,
        "languages": NAMES,
        "who": who,
        "csrf": who.csrf if who else "",
        "pages": [(a, n) for a, n, roles in NAVIGATION if who and who.person.role in roles],
        "path": request.url.path,
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "once": secrets.token_urlsafe(16),
        "static": static_address,
        **values,
    }
    return HTMLResponse(TEMPLATES.get_template(template).render(context), status)


def chosen_language(request: Request) -> str:
    """Give the language of somebody who is not signed in."""
    asked = request.query_params.get("language", "")
    return asked if asked in NAMES else best_language(request.headers.get("accept-language", ""))


@cache
def static_address(name: str) -> str:
    """Give the address of a file of ours, which changes when its content does."""
    content = files(__package__).joinpath("static", name).read_bytes()
    return f"/static/{name}?v={sha256(content).hexdigest()[:12]}"


def error_page(request: Request, status: int, detail: str = "") -> HTMLResponse:
    """Say what went wrong, in the reader's language; `detail` is the service's own sentence."""
    who = getattr(request.state, "who", None)
    return show(request, "error.html", who, status, number=status, detail=detail)


class DeskRoute(APIRoute):
    """A route whose errors are pages for people."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]  # no Coroutine needed
        """Wrap the route."""
        inner = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await inner(request)
            except StoreError as error:
                return error_page(request, 409, str(error))
            except AuditError as error:
                return error_page(request, 503, str(error))
            except RequestValidationError:
                return error_page(request, 422)
            except HTTPException as error:
                return error_page(request, error.status_code, str(error.detail))

        return told


def desk_router() -> APIRouter:
    """Give a router for pages of the desk; they are no part of the API's description."""
    return APIRouter(route_class=DeskRoute, include_in_schema=False)

"""Sign-in: who is at the desk, and the language they read it in."""

from typing import Annotated

from fastapi import Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from elek_serving.access import (
    NotSignedInError,
    Running,
    SignInRefusedError,
    clear_session,
    own_form,
    set_session,
    sign_in,
    sign_out,
    signed_in,
    start_form,
)
from elek_serving.desk.page import Anyone, desk_router, show
from elek_serving.store.users import LANGUAGES, set_language

router = desk_router()
MAX_FIELD = 300


@router.get("/sign-in")
def sign_in_page(request: Request, service: Running) -> Response:
    """Ask for name and password; whoever is signed in already goes on to the desk."""
    try:
        signed_in(request, service)
    except NotSignedInError:
        return _ask(request)
    return RedirectResponse("/", 303)


@router.post("/sign-in", dependencies=[Depends(own_form)])
def sign_in_form(
    request: Request,
    service: Running,
    name: Annotated[str, Form(max_length=MAX_FIELD)] = "",
    password: Annotated[str, Form(max_length=MAX_FIELD)] = "",
) -> Response:
    """Sign in, or say why not."""
    address = request.client.host if request.client else "unknown"
    try:
        token = sign_in(service, name, password, address)
    except SignInRefusedError as refused:
        return _ask(request, 429 if refused.wait_seconds else 401, refused, name)
    answer = RedirectResponse("/", 303)
    set_session(request, answer, token)
    return answer


@router.post("/sign-out", dependencies=[Depends(own_form)])
def sign_out_form(request: Request, service: Running, who: Anyone) -> Response:
    """Sign out."""
    sign_out(service, request)
    answer = RedirectResponse("/sign-in", 303)
    clear_session(request, answer)
    return answer


@router.post("/language", dependencies=[Depends(own_form)])
def language_form(
    service: Running,
    who: Anyone,
    language: Annotated[str, Form(max_length=8)],
    back: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Remember the language, and lead back."""
    if language in LANGUAGES:
        with service.database.write() as session:
            set_language(session, who.person.id, language)
    return RedirectResponse(_own_address(back), 303)


def _own_address(back: str) -> str:
    r"""Give an address of ours; any other becomes the start page.

    Examples
    --------
    >>> _own_address("/queue?page=2"), _own_address("//evil.example"), _own_address("/\\evil.example")
    ('/queue?page=2', '/', '/')
    """
    plain = back.isascii() and back.isprintable() and "\\" not in back
    return back if plain and back.startswith("/") and not back.startswith("//") else "/"


def _ask(
    request: Request, status: int = 200, refused: SignInRefusedError | None = None, name: str = ""
) -> HTMLResponse:
    """Give the sign-in page with the token that its form needs; what was typed stays, all but the password."""
    cookies = Response()
    token = start_form(request, cookies)
    clear_session(request, cookies)  # a session that is over would be taken for the one the form belongs to
    page = show(request, "sign_in.html", None, status, refused=refused, name=name, csrf=token)
    for cookie in cookies.headers.getlist("set-cookie"):
        page.headers.append("set-cookie", cookie)
    return page

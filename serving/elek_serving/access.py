"""Access to the desk: session cookies, roles, and the proof that a form is ours (token and Origin)."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from elek_serving.audit.record import Entry
from elek_serving.service import Service, running, service_of
from elek_serving.store.database import storable
from elek_serving.store.decisions import Person
from elek_serving.store.sessions import end_session, find_session, form_token, is_stale, start_session, touch
from elek_serving.store.users import MAX_NAME, User, find_user, need_user, password_fits

COOKIE, FORM_COOKIE = "elek-session", "elek-form"
FORM_FIELD = "csrf"

Running = Annotated[Service, Depends(running)]


class NotSignedInError(Exception):
    """Nobody is signed in; the app answers with the way to the sign-in page."""


class SignInRefusedError(Exception):
    """A sign-in that did not work; `wait_seconds` is above 0 when it was not even tried."""

    def __init__(self, wait_seconds: int = 0) -> None:
        super().__init__(wait_seconds)
        self.wait_seconds = wait_seconds


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in.

    Attributes
    ----------
    person : Person
        Id, name and role.
    language : str
    csrf : str
        Goes into every form as the hidden field `csrf`.
    """

    person: Person
    language: str
    csrf: str


def sign_in(service: Service, name: str, password: str, address: str) -> str:
    """Check a password and start a session; both outcomes are written down.

    Returns
    -------
    str
        Token for `set_session`.

    Raises
    ------
    SignInRefusedError
        Wrong name or password, or too many failures before.
    """
    name = storable(name)[:MAX_NAME]
    wait = service.gate.wait_seconds(name, address)
    if wait:
        raise SignInRefusedError(wait)
    with service.database.read() as session:
        user = find_user(session, name)
    if not password_fits(user, password):
        service.gate.failed(name, address)
        service.log.write(Entry("sign_in_failed", "anonymous", {"user": name if user else None, "address": address}))
        raise SignInRefusedError
    service.gate.succeeded(name)
    tokens: list[str] = []

    def work(session: Session) -> Entry:
        tokens.append(start_session(session, need_user(session, name).id))
        return Entry("signed_in", name, {"address": address})

    service.log.write(work)
    return tokens[0]


def sign_out(service: Service, request: Request) -> None:
    """End the session of a request."""
    token = request.cookies.get(cookie_name(request, COOKIE), "")
    signed = _signed_in(request, service)

    def work(session: Session) -> Entry:
        end_session(session, token)
        return Entry("signed_out", signed.person.name)

    service.log.write(work)


def signed_in(request: Request, service: Running) -> SignedIn:
    """Give who is signed in; a FastAPI dependency.

    Raises
    ------
    NotSignedInError
    """
    return _signed_in(request, service)


def require(*roles: str) -> Callable[[SignedIn], SignedIn]:
    """Give the dependency that lets these roles through and answers 403 to others.

    Examples
    --------
    ``who: Annotated[SignedIn, Depends(require("reviewer", "supervisor"))]``
    """

    def check(who: Annotated[SignedIn, Depends(signed_in)]) -> SignedIn:
        if who.person.role not in roles:
            raise HTTPException(403, f"This page is for the roles {', '.join(roles)}; you are {who.person.role}")
        return who

    return check


async def own_form(request: Request) -> None:
    """Refuse a form that did not come from our own page; a FastAPI dependency of every POST of the desk.

    Both must hold: the Origin is ours, and the hidden field `csrf` belongs to the session (on the sign-in page: form cookie).
    """
    if request.headers.get("origin") != own_origin(request):
        raise HTTPException(403, "The form came from another site; open the page again and send it from there")
    token = request.cookies.get(cookie_name(request, COOKIE)) or request.cookies.get(cookie_name(request, FORM_COOKIE))
    given = (await request.form()).get(FORM_FIELD)
    if not token or not isinstance(given, str) or not hmac.compare_digest(form_token(token).encode(), given.encode()):
        raise HTTPException(403, "The form is out of date; open the page again and send it from there")


def own_origin(request: Request) -> str:
    """Give the origin that people reach the desk at."""
    public = service_of(request).settings.public_url
    if public:
        parts = urlsplit(public)
        return f"{parts.scheme}://{parts.netloc}"
    return f"{request.url.scheme}://{request.headers.get('host', '')}"


def cookie_name(request: Request, name: str) -> str:
    """Give a cookie's name; over https with the prefix that ties it to this host."""
    return f"__Host-{name}" if own_origin(request).startswith("https:") else name


def set_session(request: Request, response: Response, token: str) -> None:
    """Give the browser its session."""
    _set(request, response, COOKIE, token)
    response.delete_cookie(cookie_name(request, FORM_COOKIE), path="/")


def clear_session(request: Request, response: Response) -> None:
    """Take the session from the browser."""
    response.delete_cookie(cookie_name(request, COOKIE), path="/")


def start_form(request: Request, response: Response) -> str:
    """Give the sign-in page its form token, and the browser the cookie that belongs to it."""
    token = secrets.token_urlsafe(32)
    _set(request, response, FORM_COOKIE, token)
    return form_token(token)


def _set(request: Request, response: Response, name: str, value: str) -> None:
    full = cookie_name(request, name)
    secure = full.startswith("__Host-")
    response.set_cookie(full, value, path="/", secure=secure, httponly=True, samesite="strict")


def _signed_in(request: Request, service: Service) -> SignedIn:
    token = request.cookies.get(cookie_name(request, COOKIE))
    if not token:
        raise NotSignedInError
    with service.database.read() as session:
        signed = find_session(session, token, service.session_limits)
        user = session.get(User, signed.user_id) if signed else None
    if signed is None or user is None or user.disabled:
        raise NotSignedInError
    if is_stale(signed):
        with service.database.write() as session:
            touch(session, signed.token_hash)
    return SignedIn(Person(user.id, user.name, user.role), user.language, form_token(token))

"""People: who may sign in, and as what; for the admin."""

from typing import Annotated, cast

from fastapi import Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from elek_serving.access import Running, SignedIn, own_form
from elek_serving.desk.page import Admin, desk_router, show
from elek_serving.desk.translations import Translator
from elek_serving.service import Service
from elek_serving.store.database import StoreError
from elek_serving.store.users import (
    MIN_PASSWORD,
    ROLES,
    Language,
    NewUser,
    Role,
    add_user,
    change_password,
    list_users,
    set_disabled,
)

router = desk_router()
FORM = [Depends(own_form)]
PEOPLE = tuple(role for role in ROLES if role != "service")
Field = Annotated[str, Form(max_length=300)]


@router.get("/people")
def people(request: Request, service: Running, who: Admin) -> HTMLResponse:
    """List accounts, with the form that adds one."""
    return _list(request, service, who)


@router.post("/people", dependencies=FORM)
def add(
    request: Request,
    service: Running,
    who: Admin,
    name: Field = "",
    password: Field = "",
    role: Field = "reviewer",
    language: Field = "en",
) -> Response:
    """Add an account."""
    try:
        new = NewUser(name.strip(), cast(Role, role), password, cast(Language, language))
        service.log.write(add_user(new, who.person.name))
    except StoreError as error:
        return _list(request, service, who, str(error), name)
    return RedirectResponse("/people", 303)


@router.post("/people/{name}/password", dependencies=FORM)
def password(request: Request, service: Running, who: Admin, name: str, password: Field = "") -> Response:
    """Set a new password."""
    try:
        service.log.write(change_password(name, password, who.person.name))
    except StoreError as error:
        return _list(request, service, who, str(error))
    return RedirectResponse("/people", 303)


@router.post("/people/{name}/disable", dependencies=FORM)
def disable(request: Request, service: Running, who: Admin, name: str) -> Response:
    """Take the right to sign in; an admin cannot take it from himself."""
    if name == who.person.name:
        return _list(request, service, who, Translator(who.language)("people.not_yourself"))
    service.log.write(set_disabled(name, True, who.person.name))
    return RedirectResponse("/people", 303)


@router.post("/people/{name}/enable", dependencies=FORM)
def enable(service: Running, who: Admin, name: str) -> Response:
    """Give the right to sign in back."""
    service.log.write(set_disabled(name, False, who.person.name))
    return RedirectResponse("/people", 303)


def _list(request: Request, service: Service, who: SignedIn, fault: str = "", name: str = "") -> HTMLResponse:
    with service.database.read() as session:
        users = list_users(session)
    status = 409 if fault else 200
    values = {"users": users, "roles": PEOPLE, "fault": fault, "name": name, "least": MIN_PASSWORD}
    return show(request, "people.html", who, status, **values)

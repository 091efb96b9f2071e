"""Makes the desk's test data: a running app with people and scored lines, and clients that are signed in."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from elek.goods import GoodsLine
from elek.manifest import read_manifest
from elek_serving.app import create_app
from elek_serving.service import Service
from elek_serving.settings import Settings
from elek_serving.store.lines import LineRow
from elek_serving.store.users import Language, NewUser, Role, add_user
from factory import REPOSITORY
from serving_factory import PASSWORD, add_scored_manifest

ORIGIN = "http://localhost"
PEOPLE: dict[str, Role] = {
    "aida": "reviewer",
    "bolat": "reviewer",
    "saule": "supervisor",
    "zhan": "auditor",
    "dana": "admin",
}
SAMPLE = REPOSITORY / "data" / "sample" / "manifest.csv"


class Desk:
    """A running desk."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.service: Service = app.state.service

    def add_people(self, language: Language = "en") -> None:
        for name, role in PEOPLE.items():
            self.service.log.write(add_user(NewUser(name, role, PASSWORD, language), "test"))

    def add_lines(self, lines: Sequence[GoodsLine], name: str = "m.csv") -> list[int]:
        """Enter lines as a scored manifest; give their numbers."""
        return add_scored_manifest(self.service.log, self.service.bundle.get().scorer, lines, name)

    def add_sample(self) -> list[int]:
        return self.add_lines(list(read_manifest(SAMPLE).lines), "manifest.csv")

    def line(self, line_id: int) -> LineRow:
        with self.service.database.read() as session:
            return session.get_one(LineRow, line_id)


class Person:
    """Somebody at the desk, with a client that keeps their cookies."""

    def __init__(self, desk: Desk, name: str) -> None:
        self.desk, self.name = desk, name
        self.client = TestClient(desk.app, base_url=ORIGIN, headers={"origin": ORIGIN}, raise_server_exceptions=False)
        page = self.client.get("/sign-in")
        form = {"csrf": token(page.text), "name": name, "password": PASSWORD}
        answer = self.client.post("/sign-in", data=form, follow_redirects=False)
        assert answer.status_code == 303, answer.text

    def get(self, path: str):
        return self.client.get(path)

    def post(self, path: str, page: str | None = None, **fields: str):
        """Send a form with the token of a page of theirs; redirects are not followed."""
        csrf = token(self.client.get(page or "/numbers").text)
        return self.client.post(path, data={"csrf": csrf, **fields}, follow_redirects=False)

    def decide(self, line_id: int, choice: str, **fields: str):
        once = token(self.client.get(f"/lines/{line_id}").text, "once", "none")
        return self.post(f"/lines/{line_id}/decide", choice=choice, **{"once": once, **fields})


def token(html: str, name: str = "csrf", otherwise: str = "") -> str:
    """Find a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]+)"', html)
    return found[1] if found else otherwise


@contextmanager
def open_desk(folder: Path, **settings: object) -> Iterator[Desk]:
    """A desk for clients inside this process."""
    app = create_app(Settings(data=folder, checkpoint_seconds=0.2, request_seconds=300, **settings))
    with TestClient(app):
        yield Desk(app)


@contextmanager
def serve_desk(folder: Path, **settings: object) -> Iterator[tuple[Desk, str]]:
    """A desk for a browser: the app behind a socket, and its address."""
    app = create_app(Settings(data=folder, checkpoint_seconds=0.2, request_seconds=300, **settings))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Desk(app), f"http://localhost:{port}"
    server.should_exit = True
    thread.join()

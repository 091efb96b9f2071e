"""Fixture strategy: one running desk a module with the people of `desk_factory.PEOPLE`, at full counts on PostgreSQL as well; one
Chromium for all browser tests.

Without Chromium the browser tests are skipped with a line that says how to get it; under ELEK_REQUIRE_SERVICES=1 that fails.
"""

import os
import shutil

import pytest

pytest.importorskip("fastapi")

from counts import SOAK
from desk_factory import PEOPLE, Person, open_desk, serve_desk

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"] if SOAK else ["sqlite"])
def desk(tmp_path_factory, request, empty_postgres):
    url = empty_postgres() if request.param == "postgresql" else None
    rules = {"blind_share": 1.0, "second_eyes": ("too_vague",)}
    with open_desk(tmp_path_factory.mktemp("desk") / "data", database_url=url, **rules) as desk:
        desk.add_people()
        yield desk


@pytest.fixture(scope="module")
def people(desk):
    return {name: Person(desk, name) for name in PEOPLE}


@pytest.fixture(scope="session")
def chromium():
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        told = "Chromium is not installed; get it with: apt-get install -y chromium"
        if os.environ.get("ELEK_REQUIRE_SERVICES"):
            pytest.fail(told)
        pytest.skip(told)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A desk behind a socket, its address, and the numbers of the sample manifest's lines."""
    with serve_desk(tmp_path_factory.mktemp("served") / "data", blind_share=0.0) as (desk, address):
        desk.add_people()
        yield desk, address, desk.add_sample()

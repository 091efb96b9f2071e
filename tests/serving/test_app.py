import json

import pytest

from factory import FIVE_SCRIPTS

pytest.importorskip("fastapi")

from fastapi.testclient import TestClient

from elek_serving.app import create_app
from elek_serving.settings import Settings


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    app = create_app(Settings(data=tmp_path_factory.mktemp("data"), open=True))
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


def test_records_are_those_of_the_scorer(client, scorer):
    lines = [{"description": text, "declared_hs": "8542", "line_id": str(i)} for i, text in enumerate(FIVE_SCRIPTS)]
    answer = client.post("/v1/score", json={"lines": lines, "top": 3})
    assert answer.status_code == 200
    assert answer.json()["lines"] == [s.to_record() for s in scorer.score(lines, top=3)]
    assert answer.json()["bundle"] == scorer.bundle.digest


def test_health_and_readiness(client, scorer):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", "bundle": scorer.bundle.digest}


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"lines": []}, 422, "lines"),
        ({"lines": [{"description": "a"}, {"declared_hs": "1"}]}, 422, "lines[1].description"),
        ({"lines": [{"description": "a", "hs": "1"}]}, 422, "lines[0].hs"),
        ({"lines": [{"description": "a"}] * 257}, 422, "256"),
        ({"lines": [{"description": "a"}], "top": 0}, 422, "top"),
    ],
)
def test_errors_name_the_line_and_field(client, body, status, told):
    answer = client.post("/v1/score", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert told in answer.json()["detail"]


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"[" * 100_000, b'{"lines": [{"description": "\\ud800"}]}', b"\xff\xfe", b'{"lines": "\\ud800"}',
        b'{"lines": [{"description": "a", "\\ud800": 1}]}', b'{"lines": [{"description": 1e999}]}',
        '{"lines": [{"description": "\u200b"}]}'.encode(),
    ],
)  # fmt: skip
def test_hostile_bodies_never_give_a_5xx(client, raw):
    answer = client.post("/v1/score", content=raw, headers={"content-type": "application/json"})
    assert answer.status_code < 500
    json.loads(answer.content)


def test_a_body_over_the_limit_is_413_with_and_without_a_length(client):
    big = b'{"lines": [{"description": "' + b"x" * (2 * 1024 * 1024) + b'"}]}'
    assert client.post("/v1/score", content=big).status_code == 413
    assert client.post("/v1/score", content=iter([big[:100], big[100:]])).status_code == 413


def test_openapi_describes_every_route(client):
    paths = client.get("/openapi.json").json()["paths"]
    assert set(paths) == {"/v1/score", "/healthz", "/readyz"}

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from factory import FIVE_SCRIPTS

pytest.importorskip("fastapi")

from elek_serving.scored_lines import score_request
from elek_serving.settings import Settings
from serving_factory import serving


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with serving(Settings(data=tmp_path_factory.mktemp("data"), open=True)) as client:
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
    assert set(paths) >= {
        "/v1/score",
        "/v1/manifests",
        "/v1/manifests/{manifest_id}",
        "/v1/manifests/{manifest_id}/scored",
        "/v1/decisions",
        "/v1/bundle",
        "/healthz",
        "/readyz",
        "/metrics",
    }


def test_a_description_over_the_limit_is_refused_by_its_line(client):
    answer = client.post("/v1/score", json={"lines": [{"description": "a"}, {"description": "x" * 4097}]})
    assert (answer.status_code, "lines[1].description" in answer.json()["detail"]) == (422, True)


def test_a_host_that_is_not_ours_is_refused_but_health_is_not(client):
    assert client.get("/v1/bundle", headers={"host": "evil.example"}).status_code == 421
    assert client.get("/healthz", headers={"host": "10.0.0.7:8080"}).status_code == 200


def test_every_answer_forbids_scripts_of_others_and_framing(client):
    for path in ("/healthz", "/nowhere", "/openapi.json"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")


def test_the_bundle_that_answers_is_named(client, scorer):
    shown = client.get("/v1/bundle").json()
    assert (shown["bundle"], set(shown["thresholds"])) == (scorer.bundle.digest, {"controlled", "misdeclared", "vague"})


def test_metrics_count_lines_verdicts_and_routes(client):
    before = _metric(client, "elek_lines_scored_total")
    client.post("/v1/score", json={"lines": [{"description": "насос"}, {"description": " "}]})
    assert _metric(client, "elek_lines_scored_total") == before + 2
    assert _metric(client, 'elek_verdicts_total{verdict="error"}') >= 1
    assert _metric(client, 'elek_request_seconds_count{route="/v1/score",status="200"}') >= 1
    assert _metric(client, "elek_bundle_age_seconds") > 0


def _metric(client, name):
    lines = client.get("/metrics").text.splitlines()
    return next((float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name + " ")), 0.0)


@pytest.fixture
def slow_scoring(monkeypatch):
    """Scoring that waits until it is let go."""
    begun, go = threading.Event(), threading.Event()

    def slow(*asked):
        begun.set()
        assert go.wait(60)
        return score_request(*asked)

    monkeypatch.setattr("elek_serving.api.scoring.score_request", slow)
    yield begun, go
    go.set()


ASKED = {"lines": [{"description": "насос"}]}


def test_a_request_over_its_time_is_answered_503(tmp_path, slow_scoring):
    with serving(Settings(data=tmp_path, open=True, request_seconds=0.05)) as client:
        answer = client.post("/v1/score", json=ASKED)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        assert answer.headers["content-type"] == "application/problem+json"
        slow_scoring[1].set()


def test_more_requests_than_may_be_in_flight_are_answered_429_and_health_as_ever(tmp_path, slow_scoring):
    begun, go = slow_scoring
    with serving(Settings(data=tmp_path, open=True, max_in_flight=1)) as client, ThreadPoolExecutor(1) as other:
        first = other.submit(client.post, "/v1/score", json=ASKED)
        assert begun.wait(60)
        answer = client.post("/v1/score", json=ASKED)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
        assert client.get("/healthz").status_code == 200
        go.set()
        assert first.result().status_code == 200
        assert client.post("/v1/score", json=ASKED).status_code == 200

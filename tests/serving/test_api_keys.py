"""API keys: nothing answers without one, each opens only what its scopes say, and a request sent twice is done once."""

import pytest

from elek_serving.settings import Settings
from elek_serving.store.api_keys import add_key, find_caller, revoke_key
from elek_serving.store.database import StoreError
from elek_serving.store.users import set_disabled
from serving_factory import api_key, scored_manifest, serving

ASKED = {"lines": [{"description": "насос центробежный", "declared_hs": "8413"}]}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with serving(Settings(data=tmp_path_factory.mktemp("data"))) as client:
        yield client


ROUTES = [
    ("POST", "/v1/score", "score"),
    ("GET", "/v1/bundle", "score"),
    ("POST", "/v1/manifests", "manifests"),
    ("GET", "/v1/manifests/1", "manifests"),
    ("GET", "/v1/manifests/1/scored", "manifests"),
    ("POST", "/v1/decisions", "decisions"),
    ("GET", "/v1/decisions", "labels"),
    ("GET", "/metrics", "metrics"),
]


def test_the_list_of_routes_is_whole(client):
    paths = client.get("/openapi.json").json()["paths"]
    told = {(m.upper(), p) for p, methods in paths.items() for m in methods if p not in ("/healthz", "/readyz")}
    assert {(m, p.replace("/1", "/{manifest_id}")) for m, p, _ in ROUTES} == told


@pytest.mark.parametrize(("method", "path", "scope"), ROUTES)
def test_no_route_answers_without_a_key_or_with_a_key_of_another_scope(client, method, path, scope):
    body = {
        "/v1/score": ASKED,
        "/v1/decisions": {"manifest": 1, "row": 1, "decision": "confirm", "reason": "inspected"},
    }.get(path)
    assert client.request(method, path, json=body).status_code == 401
    for wrong in ("", "elek", "elek_000000000000_x", "Bearer", "\u00e9"):
        headers = {"Authorization": f"Bearer {wrong}".encode()}
        assert client.request(method, path, json=body, headers=headers).status_code == 401
    others = [s for s in ("score", "manifests", "decisions", "labels", "metrics") if s != scope]
    headers = api_key(client, f"all-but-{scope}-{abs(hash((method, path)))}", "service", *others)
    assert client.request(method, path, json=body, headers=headers).status_code == 403


def test_a_key_works_in_either_header_until_it_is_revoked_or_its_user_disabled(client):
    service = client.app.state.service
    headers = api_key(client, "scanner", "service", "score")
    key = headers["Authorization"].removeprefix("Bearer ")
    assert client.post("/v1/score", json=ASKED, headers=headers).status_code == 200
    assert client.post("/v1/score", json=ASKED, headers={"X-API-Key": key}).status_code == 200
    with service.database.read() as session:
        assert find_caller(session, key).actor == f"key:{key.split('_')[1]}"
    service.log.write(set_disabled("scanner", True, "test"))
    with service.database.read() as session:
        assert find_caller(session, key) is None
    service.log.write(set_disabled("scanner", False, "test"))
    service.log.write(revoke_key(key.split("_")[1], "test"))
    with service.database.read() as session:
        assert find_caller(session, key) is None


def test_a_key_expires(client, monkeypatch):
    from datetime import timedelta

    from elek_serving.store import api_keys

    key = api_key(client, "old", "service", "score")["Authorization"].removeprefix("Bearer ")
    later = api_keys.now() + timedelta(days=1, seconds=1)
    monkeypatch.setattr(api_keys, "now", lambda: later)
    with client.app.state.service.database.read() as session:
        assert find_caller(session, key) is None


def test_the_secret_of_a_key_is_nowhere_in_the_data_folder(client):
    secret = api_key(client, "secretive", "service", "score")["Authorization"].rsplit("_", 1)[1].encode()
    files = [f for f in client.app.state.service.settings.data.rglob("*") if f.is_file()]
    assert files
    assert not any(secret in f.read_bytes() for f in files)


@pytest.mark.parametrize(("scopes", "days"), [([], 1), (["all"], 1), (["score"], 0), (["score"], 9999)])
def test_a_key_without_sense_is_refused(scopes, days):
    with pytest.raises(StoreError):
        add_key("scanner", scopes, days, "test")


def test_a_request_sent_twice_is_one_record_and_one_answer(client):
    headers = {**api_key(client, "twice", "service", "score"), "Idempotency-Key": "a1"}
    first = client.post("/v1/score", json=ASKED, headers=headers)
    records = client.app.state.service.log.write(_mark()).seq
    again = client.post("/v1/score", json=ASKED, headers=headers)
    assert (again.content, again.headers.get("Idempotent-Replayed")) == (first.content, "true")
    assert client.app.state.service.log.write(_mark()).seq == records + 1
    other = client.post("/v1/score", json={"lines": [{"description": "другое"}]}, headers=headers)
    assert other.status_code == 422
    assert "another request" in other.json()["detail"]


def test_two_callers_keys_never_meet(client):
    for name in ("left", "right"):
        headers = {**api_key(client, name, "service", "score"), "Idempotency-Key": "same"}
        answer = client.post("/v1/score", json={"lines": [{"description": name}]}, headers=headers)
        assert (answer.status_code, "Idempotent-Replayed" in answer.headers) == (200, False)


def test_a_manifest_sent_twice_is_one_manifest(client):
    headers = api_key(client, "uploader", "service", "manifests")
    shown = scored_manifest(client, b"description\npump\n", {**headers, "Idempotency-Key": "m1"})
    assert scored_manifest(client, b"description\npump\n", {**headers, "Idempotency-Key": "m1"}) == shown


def test_a_key_that_asks_too_often_is_told_when_to_come_back(tmp_path):
    with serving(Settings(data=tmp_path, requests_per_minute=2)) as client:
        headers = api_key(client, "busy", "service", "score")
        statuses = [client.post("/v1/score", json=ASKED, headers=headers) for _ in range(4)]
        assert [s.status_code for s in statuses] == [200, 200, 429, 429]
        assert 1 <= int(statuses[-1].headers["Retry-After"]) <= 31


def _mark():
    from elek_serving.audit.record import Entry

    return Entry("mark", "test")

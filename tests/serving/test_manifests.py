"""Manifests over HTTP: every row in gives one line out, decisions come back as labels, a stop in the middle loses nothing."""

import json

import pytest

from elek.manifest import read_manifest
from elek_serving.audit.replay import replay
from elek_serving.settings import Settings
from elek_serving.store.manifests import unscored
from factory import REPOSITORY
from serving_factory import api_key, scored_manifest, serving

SAMPLE = (REPOSITORY / "data/sample/manifest.csv").read_bytes()


@pytest.fixture
def client(tmp_path, database_url):
    with serving(Settings(data=tmp_path / "data", database_url=database_url)) as client:
        yield client


def test_the_scored_file_is_what_the_command_line_writes(client, scorer, tmp_path):
    headers = api_key(client, "up", "service", "manifests")
    shown = scored_manifest(client, SAMPLE, headers)
    path = tmp_path / "m.csv"
    path.write_bytes(SAMPLE)
    expected = [s.to_record() for s in scorer.score(list(read_manifest(path).lines))]
    got = client.get(f"/v1/manifests/{shown['id']}/scored", headers=headers)
    lines = [json.loads(line) for line in got.text.splitlines()]
    assert [line["line_id"] for line in lines] == [line["line_id"] for line in expected]
    assert [line["verdict"] for line in lines] == [line["verdict"] for line in expected]
    assert [line["controlled_score"] for line in lines] == pytest.approx(
        [line["controlled_score"] for line in expected], abs=1e-5
    )
    assert (shown["lines"], sum(shown["counts"].values())) == (len(expected), len(expected))


def test_a_form_a_body_and_a_workbook_are_read(client):
    headers = api_key(client, "up", "service", "manifests")
    sent = client.post("/v1/manifests", files={"file": ("список.jsonl", b'{"description": "pump"}\n')}, headers=headers)
    assert (sent.status_code, sent.json()["name"]) == (202, "список.jsonl")
    assert client.post("/v1/manifests", files={"other": ("a.csv", b"x")}, headers=headers).status_code == 422


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [("m.exe", b"x", 409), ("m.xlsx", b"no workbook", 202), ("m.csv", b"a,b,c\n1,2,3\n", 202), ("m.csv", b"", 202)],
)
def test_a_file_that_is_no_manifest_says_why(client, name, content, status):
    headers = {**api_key(client, "up", "service", "manifests"), "content-type": "application/octet-stream"}
    sent = client.post(f"/v1/manifests?name={name}", content=content, headers=headers)
    assert sent.status_code == status
    if status == 202:
        shown = scored_manifest(client, content, headers, name)
        assert shown["state"] == "failed" or shown["lines"] == 0
        assert shown["state"] != "failed" or shown["error"]


def test_a_manifest_that_was_cut_off_is_scored_after_the_restart(tmp_path, database_url):
    settings = Settings(data=tmp_path / "data", database_url=database_url)
    with serving(settings) as client:
        headers = api_key(client, "up", "service", "manifests")
        client.app.state.service.manifests.stop()
        sent = client.post("/v1/manifests", content=SAMPLE, headers={**headers, "content-type": "text/csv"})
        assert sent.json()["state"] == "waiting"
    with serving(settings) as client:
        shown = scored_manifest(client, b"description\npump\n", headers)
        assert shown["state"] == "scored"
        with client.app.state.service.database.read() as session:
            assert unscored(session) == []
        assert client.get(sent.headers["Location"], headers=headers).json()["lines"] == 64


def test_more_manifests_than_may_wait_are_turned_away(tmp_path):
    with serving(Settings(data=tmp_path, max_waiting_manifests=1, open=True)) as client:
        client.app.state.service.manifests.stop()
        assert client.post("/v1/manifests", content=b"description\npump\n").status_code == 202
        answer = client.post("/v1/manifests", content=b"description\npump\n")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")


def test_decisions_over_http_come_back_as_labels_and_replay_holds(client):
    headers = api_key(client, "up", "service", "manifests", "labels")
    aida = api_key(client, "aida", "reviewer", "decisions")
    shown = scored_manifest(client, SAMPLE, headers)
    asked = {"manifest": shown["id"], "row": 3, "decision": "confirm", "reason": "inspected", "correct_hs": "8482.10"}
    assert client.post("/v1/decisions", json=asked, headers=aida).json()["state"] == "decided"
    assert client.post("/v1/decisions", json=asked, headers=aida).status_code == 409
    assert client.post("/v1/decisions", json={**asked, "row": 999}, headers=aida).status_code == 404
    assert (
        client.post("/v1/decisions", json={**asked, "row": 4, "correct_entry": "9Z9"}, headers=aida).status_code == 422
    )
    [label] = [json.loads(line) for line in client.get("/v1/decisions", headers=headers).text.splitlines()]
    assert (label["decision"], label["correct_hs"], label["reviewer"], label["weight"]) == (
        "confirm",
        "848210",
        "aida",
        1.0,
    )
    assert label["description"].startswith("Подшипник")
    found = replay(client.app.state.service.database, client.app.state.service.settings.data)
    assert (found.lines, found.differs) == (64, [])


def test_retention_removes_texts_and_the_log_still_verifies(client):
    from elek_serving.retention import Retention

    service = client.app.state.service
    headers = api_key(client, "up", "service", "manifests", "score")
    shown = scored_manifest(client, SAMPLE, headers)
    client.post("/v1/score", json={"lines": [{"description": "секретный насос"}]}, headers=headers)
    removed = Retention(service.settings, service.database, service.log).remove_texts(0)
    assert removed == 65
    assert not list((service.settings.data / "manifests").iterdir())
    found = replay(service.database, service.settings.data)
    assert (found.lines, found.removed, found.differs) == (0, 2, [])
    assert client.get(f"/v1/manifests/{shown['id']}", headers=headers).json()["lines"] == 64

"""What docs/service.md tells an operator: backup and restore, safe binding, quiet logs, every setting documented."""

import logging
import re
import shutil

import pytest

from elek_serving.audit.checkpoint import Signer, parse
from elek_serving.audit.export import records_of
from elek_serving.audit.replay import replay
from elek_serving.audit.verify import verify
from elek_serving.cli import check_binding
from elek_serving.demo import PEOPLE, prepare_demo
from elek_serving.settings import Settings
from elek_serving.store.database import Database, StoreError
from elek_serving.store.users import find_user, password_fits
from factory import REPOSITORY
from serving_factory import serving


def test_a_backup_of_a_running_service_verifies_replays_and_goes_on_elsewhere(tmp_path, database_url, copy_database):
    settings, backup = Settings(data=tmp_path / "data", database_url=database_url, open=True), tmp_path / "backup"
    backup.mkdir()
    with serving(settings) as client:
        for n in range(5):
            client.post("/v1/score", json={"lines": [{"description": f"насос {n}"}]})
        for name in ("audit.key", "audit.key.pub", "checkpoints"):
            shutil.copy(settings.data / name, backup)
        client.post("/v1/score", json={"lines": [{"description": "подшипник"}]})
        copied = copy_database(settings, backup)
        shutil.copytree(settings.data / "bundles", backup / "bundles")
        client.post("/v1/score", json={"lines": [{"description": "после"}]})
    shutil.rmtree(settings.data)
    with serving(copied.model_copy(update={"open": True})) as client:
        assert client.post("/v1/score", json={"lines": [{"description": "снова"}]}).status_code == 200
    database, signer = Database(copied.url), Signer(backup)
    found = verify(records_of(database), list(parse(signer.file.read_text())), signer.public_key)
    assert (found.faults, found.covered) == ([], found.records)
    replayed = replay(database, backup)
    assert (replayed.lines, replayed.differs) == (7, [])
    database.close()


def test_replay_says_which_bundle_is_no_longer_kept(tmp_path):
    with serving(Settings(data=tmp_path, open=True)) as client:
        client.post("/v1/score", json={"lines": [{"description": "насос"}]})
        shutil.rmtree(tmp_path / "bundles")
        [told] = replay(client.app.state.service.database, client.app.state.service.settings.data).differs
        assert "is not kept here" in told


def test_replay_finds_a_text_that_was_changed_in_the_store(tmp_path):
    from sqlalchemy import update

    from elek_serving.store.inputs import Input

    with serving(Settings(data=tmp_path, open=True)) as client:
        client.post("/v1/score", json={"lines": [{"description": "насос"}]})
        database = client.app.state.service.database
        with database.write() as session:
            session.execute(update(Input).values(lines='[{"description": "other"}]'))
        [told] = replay(database, tmp_path).differs
        assert "is not what was scored" in told


@pytest.mark.parametrize(
    ("host", "settings", "told"),
    [
        ("0.0.0.0", {}, "TLS"),
        ("0.0.0.0", {"public_url": "http://elek.example"}, "TLS"),
        ("10.0.0.7", {"open": True, "public_url": "https://elek.example"}, "without keys"),
    ],
)
def test_the_service_is_not_reachable_from_elsewhere_without_tls_or_without_keys(host, settings, told):
    with pytest.raises(StoreError, match=told):
        check_binding(host, Settings(**settings))
    check_binding("127.0.0.1", Settings(open=True))
    check_binding("0.0.0.0", Settings(public_url="https://elek.example"))


def test_descriptions_are_never_in_logs_or_error_answers(tmp_path, caplog, monkeypatch):
    secret = "совершенно секретный груз"
    caplog.set_level(logging.DEBUG)
    with serving(Settings(data=tmp_path, open=True)) as client:
        client.post("/v1/score", json={"lines": [{"description": secret}]})
        client.post("/v1/manifests?name=m.csv", content=f"description\n{secret}\n".encode())
        answers = [client.post("/v1/score", json={"lines": [{"description": secret, secret: 1}]})]

        def fails(*_: object, **__: object) -> None:
            raise RuntimeError(secret)

        monkeypatch.setattr("elek_serving.api.scoring.score_request", fails)
        answers.append(client.post("/v1/score", json={"lines": [{"description": secret}]}))
    assert [a.status_code for a in answers] == [422, 500]
    assert not any(secret in a.text for a in answers)
    assert secret not in caplog.text


def test_the_demo_has_people_of_every_role_and_a_queue(tmp_path):
    with serving(Settings(data=tmp_path, open=True)) as client:
        service = client.app.state.service
        password = prepare_demo(service)
        service.manifests.score(1)
        assert client.get("/v1/manifests/1").json()["lines"] == 64
        with service.database.read() as session:
            assert all(password_fits(find_user(session, person.name), password) for person in PEOPLE)
        again = prepare_demo(service)
        with service.database.read() as session:
            assert password_fits(find_user(session, "reviewer"), again)
            assert not password_fits(find_user(session, "reviewer"), password)
        assert client.get("/v1/manifests/2").status_code == 404


def test_every_setting_stands_in_the_documentation():
    text = (REPOSITORY / "docs/service.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert f"`ELEK_{name.upper()}`" in text, name
        if isinstance(field.default, int) and not isinstance(field.default, bool):
            assert f"| {field.default} |" in text.split(f"`ELEK_{name.upper()}`")[1].split("\n")[0], name


def test_every_item_of_the_security_table_names_a_test_that_is_there():
    table = (REPOSITORY / "SECURITY.md").read_text(encoding="utf-8").split("| section |")[1]
    rows = [row for row in table.splitlines() if row.startswith("| V")]
    assert len(rows) > 20
    for row in rows:
        named = re.findall(r"`([\w./]+\.py)::(test_\w+)`", row.rsplit("|", 2)[1])
        assert named, row
        for file, test in named:
            assert f"def {test}(" in (REPOSITORY / "tests/serving" / file).read_text(encoding="utf-8"), (file, test)

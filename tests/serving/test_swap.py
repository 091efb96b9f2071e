"""Bundles swapped under load: no request fails, and every answer is that of the bundle it names."""

import json
import os
import shutil
import threading
import time
from hashlib import sha256
from pathlib import Path

import pytest

from counts import count
from elek.bundle import STARTER, Bundle
from elek.scorer import Scorer
from elek.signature import generate_key, read_private_key, sign_bundle, sign_bytes
from elek_serving.audit.record import AuditRow
from elek_serving.audit.replay import replay
from elek_serving.settings import Settings
from serving_factory import serving

LINES = [
    {"description": "Микросхемы программируемой логики Kintex-7 XC7K325T", "declared_hs": "843390"},
    {"description": "детали"},
    {"description": "КВАДРОКОПТЕР DJI MAVIC 3", "declared_hs": "9503"},
    {"description": "насос центробежный", "declared_hs": "8413"},
]
THRESHOLDS = [(0.3, 0.3, 0.3), (0.99, 0.99, 0.99), (0.01, 0.5, 0.9)]


class Publisher:
    """Publishes as `elek train promote` does."""

    def __init__(self, folder: Path):
        self.folder, self.number = folder / "published", 0
        generate_key(folder / "key")
        self.key, self.trust = read_private_key(folder / "key"), str(folder / "key.pub")
        (self.folder / "promotions").mkdir(parents=True)
        self.scorers = {}

    def bundle(self, thresholds) -> str:
        """A copy of the starter with thresholds of its own; give its digest."""
        work = self.folder.parent / "work"
        shutil.copytree(STARTER, work)
        index = json.loads((work / "bundle.json").read_text(encoding="utf-8"))
        index["thresholds"] = dict(zip(("controlled", "misdeclared", "vague"), thresholds, strict=True))
        raw = json.dumps(index).encode()
        (work / "bundle.json").write_bytes(raw)
        digest = f"sha256:{sha256(raw).hexdigest()}"
        sign_bundle(work, self.key)
        (self.folder / "bundles").mkdir(exist_ok=True)
        work.rename(self.folder / "bundles" / digest.removeprefix("sha256:"))
        self.scorers[digest] = Scorer(Bundle.load(self.path(digest), trust_key=self.trust))
        return digest

    def path(self, digest) -> Path:
        return self.folder / "bundles" / digest.removeprefix("sha256:")

    def promote(self, digest, **changed) -> None:
        self.number += 1
        name = f"promotions/{self.number:06d}.json"
        record = json.dumps({"kind": "promote", "bundle": digest, "by": "test", "reason": "test", **changed}).encode()
        (self.folder / name).write_bytes(record)
        signature = sign_bytes(record, self.key).hex()
        (self.folder / name).with_suffix(".sig").write_text(signature)
        champion = {
            "format": 1,
            "bundle": digest,
            "folder": f"bundles/{digest.removeprefix('sha256:')}",
            "promotion": name,
        }
        (self.folder / ".champion").write_text(json.dumps(champion))
        os.replace(self.folder / ".champion", self.folder / "champion.json")


@pytest.fixture
def publisher(tmp_path):
    return Publisher(tmp_path)


def settings_of(publisher, tmp_path):
    return Settings(data=tmp_path / "data", bundles=publisher.folder, trust_key=publisher.trust, open=True)


def wait_for(client, digest):
    for _ in range(1200):
        if client.get("/v1/bundle").json()["bundle"] == digest:
            return
        time.sleep(0.05)
    raise AssertionError(f"{digest} was not swapped in")


def test_no_request_fails_and_every_answer_is_its_bundles_own(publisher, tmp_path):
    digests = [publisher.bundle(thresholds) for thresholds in THRESHOLDS]
    expected = {d: [s.to_record() for s in publisher.scorers[d].score(LINES)] for d in digests}
    assert len({json.dumps([line["verdict"] for line in lines]) for lines in expected.values()}) > 1
    publisher.promote(digests[0])
    wrong, answered, stop = [], [], threading.Event()
    with serving(settings_of(publisher, tmp_path)) as client:

        def ask():
            while not stop.is_set():
                answer = client.post("/v1/score", json={"lines": LINES})
                body = answer.json()
                answered.append(body.get("bundle"))
                if answer.status_code != 200 or body["lines"] != expected[body["bundle"]]:
                    wrong.append(answer.text)

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for swap in range(1, count(3, 20) + 1):
            publisher.promote(digests[swap % len(digests)])
            wait_for(client, digests[swap % len(digests)])
            seen = len(answered)
            while len(answered) < seen + 5:
                time.sleep(0.01)
        stop.set()
        for thread in threads:
            thread.join()
        assert wrong == []
        assert set(answered) == set(digests)
        database = client.app.state.service.database
        found = replay(database, tmp_path / "data")
        assert (found.records, found.differs) == (len(answered), [])
        with database.read() as session:
            kinds = [row.kind for row in session.query(AuditRow).all()]
        assert kinds.count("bundle_served") == 1 + count(3, 20)


@pytest.mark.parametrize("how", ["bundle", "signature", "promotion", "other bundle", "outside", "no json"])
def test_a_bundle_that_does_not_verify_is_refused_and_the_old_one_answers(publisher, tmp_path, how):
    good, bad = publisher.bundle(THRESHOLDS[0]), publisher.bundle(THRESHOLDS[1])
    publisher.promote(good)
    with serving(settings_of(publisher, tmp_path)) as client:
        watch_refused(client, publisher, bad, how)
        assert client.get("/v1/bundle").json()["bundle"] == good
        answer = client.post("/v1/score", json={"lines": LINES})
        assert (answer.status_code, answer.json()["bundle"]) == (200, good)


def watch_refused(client, publisher, bad, how):
    """Publish something that does not hold; wait until the service says so."""
    changed = {"bundle": "sha256:0"} if how == "other bundle" else {}
    if how == "bundle":
        (publisher.path(bad) / "card.md").write_text("changed")
    elif how == "signature":
        (publisher.path(bad) / "bundle.sig").write_bytes(bytes(64))
    if how == "promotion":
        publisher.key = read_other_key(publisher)
    if how not in ("outside", "no json"):
        publisher.promote(bad, **changed)
    else:
        champion = {"format": 1, "bundle": bad, "folder": "../..", "promotion": "promotions/000001.json"}
        text = "{" if how == "no json" else json.dumps(champion)
        (publisher.folder / ".champion").write_text(text)
        os.replace(publisher.folder / ".champion", publisher.folder / "champion.json")
    for _ in range(1200):
        if 'elek_bundle_swaps_total{outcome="refused"} ' in client.get("/metrics").text:
            return
        time.sleep(0.05)
    raise AssertionError("the bundle was not refused")


def read_other_key(publisher):
    generate_key(publisher.folder.parent / "other")
    return read_private_key(publisher.folder.parent / "other")


def test_promoted_bundles_need_a_key_to_be_checked_with(publisher, tmp_path):
    from elek.errors import BundleError
    from elek_serving.app import create_app

    with pytest.raises(BundleError, match="ELEK_TRUST_KEY"):
        create_app(Settings(data=tmp_path / "data", bundles=publisher.folder))

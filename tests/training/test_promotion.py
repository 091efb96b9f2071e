import json
from datetime import UTC, datetime
from functools import partial
from random import Random

import pytest

pytest.importorskip("torch")

from typer.testing import CliRunner

from counts import count
from elek.bundle import STARTER, Bundle
from elek.signature import generate_key, read_private_key, verify_bytes
from elek_training.cli import app
from elek_training.promotion import Ground, promote, roll_back
from elek_training.published import PublishError, champion_folder, read_champion_file, read_promotions
from training.killing import kill_at

NAMED = Ground(datetime(2026, 11, 30, tzinfo=UTC), "A. Serik", "first bundle of the post")
MOMENTS = count(3, 20)


@pytest.fixture(scope="module")
def key_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("key") / "signing.pem"
    generate_key(path)
    return path


@pytest.fixture(scope="module")
def key(key_file):
    return read_private_key(key_file)


def gate_record(path, champion, challenger, answer="better"):
    path.write_text(json.dumps({"champion": champion, "challenger": challenger, "answer": answer}), encoding="utf-8")
    return Ground(NAMED.at, gate=path)


def test_promoted_bundle_is_whole_signed_and_recorded(tmp_path, key, smoke_bundle):
    published = tmp_path / "published"
    assert champion_folder(published) == STARTER
    record = promote(smoke_bundle, published, NAMED, key)
    now = read_champion_file(published)
    assert now.bundle == Bundle.load(now.folder).digest == Bundle.load(smoke_bundle).digest
    assert now.folder == published / "bundles" / now.bundle.removeprefix("sha256:")
    signature = bytes.fromhex(record.with_suffix(".sig").read_text())
    assert verify_bytes(record.read_bytes(), signature, key.public_key())
    index, signed = (now.folder / "bundle.json").read_bytes(), (now.folder / "bundle.sig").read_bytes()
    assert index
    assert signed
    facts = json.loads(record.read_bytes())
    assert (facts["kind"], facts["by"], facts["previous"]) == ("promote", "A. Serik", None)


def test_a_promotion_needs_a_passing_gate_or_a_named_person(tmp_path, key, smoke_bundle):
    published, path = tmp_path / "published", tmp_path / "gate.json"
    starter, smoke = Bundle.load(STARTER).digest, Bundle.load(smoke_bundle).digest
    with pytest.raises(PublishError, match="needs a passing gate record"):
        promote(smoke_bundle, published, Ground(NAMED.at), key)
    with pytest.raises(PublishError, match="the gate says 'worse'"):
        promote(smoke_bundle, published, gate_record(path, starter, smoke, "worse"), key)
    with pytest.raises(PublishError, match="not this bundle"):
        promote(smoke_bundle, published, gate_record(path, smoke, starter), key)
    with pytest.raises(PublishError, match="compare again"):
        promote(smoke_bundle, published, gate_record(path, smoke, smoke), key)
    assert read_champion_file(published) is None
    promote(smoke_bundle, published, gate_record(path, starter, smoke), key)
    assert read_champion_file(published).bundle == smoke
    with pytest.raises(PublishError, match="champion already"):
        promote(smoke_bundle, published, NAMED, key)


def test_rollback_goes_back_one_bundle_each_time(tmp_path, key, smoke_bundle):
    published = tmp_path / "published"
    with pytest.raises(PublishError, match="no bundle was in service"):
        roll_back(published, NAMED, key)
    promote(STARTER, published, NAMED, key)
    promote(smoke_bundle, published, NAMED, key)
    roll_back(published, NAMED, key)
    assert read_champion_file(published).bundle == Bundle.load(STARTER).digest
    with pytest.raises(PublishError, match="no bundle was in service"):
        roll_back(published, NAMED, key)
    promote(smoke_bundle, published, NAMED, key)
    roll_back(published, NAMED, key)
    kinds = [record["kind"] for record in read_promotions(published)]
    assert kinds == ["promote", "promote", "rollback", "promote", "rollback"]


def test_kill_at_any_write_leaves_one_whole_champion(tmp_path, key, smoke_bundle):
    starter, smoke = Bundle.load(STARTER).digest, Bundle.load(smoke_bundle).digest
    random = Random(20221)
    for number in range(MOMENTS):
        published = tmp_path / str(number)
        promote(STARTER, published, NAMED, key)
        kill_at(random.randrange(40), partial(promote, smoke_bundle, published, NAMED, key))
        assert Bundle.load(champion_folder(published)).digest in (starter, smoke)
        if read_champion_file(published).bundle == starter:
            promote(smoke_bundle, published, NAMED, key)
        assert Bundle.load(champion_folder(published)).digest == smoke
        kill_at(random.randrange(10), partial(roll_back, published, NAMED, key))
        if read_champion_file(published).bundle == smoke:
            roll_back(published, NAMED, key)
        assert Bundle.load(champion_folder(published)).digest == starter
        assert [r["kind"] for r in read_promotions(published)] == ["promote", "promote", "rollback"]
        assert not [p for p in published.rglob(".*") if p.name != ".lock"]


def test_runs_and_commands_keep_the_registry(tmp_path, key_file, smoke_bundle, monkeypatch):
    from elek_training.metrics import share
    from elek_training.registry import digest_of, tracking_client
    from elek_training.tracking import Run

    monkeypatch.chdir(tmp_path)
    run = Run("tonight", tmp_path / "mlruns")
    with run.step("learn") as progress:
        progress(1, 1, 0.5)
    run.finish({"seed": 1}, {"recall at 2%": share([True])}, {"label store": "ab" * 32}, smoke_bundle)
    client = tracking_client(tmp_path / "mlruns")
    outer, inner = sorted(
        client.search_runs([client.get_experiment_by_name("elek").experiment_id]),
        key=lambda r: r.info.run_name,
        reverse=True,
    )
    assert (outer.info.run_name, inner.info.run_name) == ("tonight", "learn")
    assert outer.data.metrics["recall at 2pct"] == 1
    assert [i.dataset.name for i in outer.inputs.dataset_inputs] == ["label store"]
    assert {f.path for f in client.list_artifacts(outer.info.run_id)} == {"bundle", "card.md"}
    assert digest_of(tmp_path / "mlruns", "challenger") == Bundle.load(smoke_bundle).digest
    options = ["--key", str(key_file), "--by", "A. Serik", "--reason", "drill"]
    for folder in (STARTER, smoke_bundle):
        done = CliRunner().invoke(app, ["promote", str(folder), *options])
        assert done.exit_code == 0, done.output
    assert digest_of(tmp_path / "mlruns", "champion") == Bundle.load(smoke_bundle).digest
    done = CliRunner().invoke(app, ["rollback", *options])
    assert done.exit_code == 0, done.output
    assert digest_of(tmp_path / "mlruns", "champion") == Bundle.load(STARTER).digest
    assert CliRunner().invoke(app, ["promote", str(STARTER), "--key", str(key_file)]).exit_code == 3

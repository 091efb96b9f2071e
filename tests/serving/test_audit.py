"""The log: what was changed is found, what was not is not, and a proof convinces who has nothing but the public key."""

import json
import random
import threading
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from counts import count
from elek_serving.audit.checkpoint import AuditError, Checkpoint, Signer, parse
from elek_serving.audit.cli import app
from elek_serving.audit.export import Held, records_in, records_of
from elek_serving.audit.log import Append, AuditLog
from elek_serving.audit.proof import Proof, prove
from elek_serving.audit.record import Entry, canonical
from elek_serving.audit.verify import verify
from elek_serving.store.database import Database
from serving_factory import Store


def write_log(folder, n, seed=0, url=None):
    """A closed log of n records; give its records, checkpoints and signer."""
    store = Store(folder, url)
    chance = random.Random(seed)
    at = 0
    while at < n:
        some = range(at, min(n, at + chance.randrange(1, 20)))
        entries = (Entry("mark", f"user{chance.randrange(5)}", {"n": k, "x": chance.random()}) for k in some)
        for future in [store.log.submit(Append(entry)) for entry in entries]:
            future.result()
        store.log.close()
        store.log = AuditLog(store.database, Signer(folder), 0.2)
        at = some.stop
    store.close()
    database = Database(store.settings.url)
    records = list(records_of(database))
    database.close()
    signer = Signer(folder)
    return records, list(parse(signer.file.read_text(encoding="utf-8"))), signer


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return write_log(tmp_path_factory.mktemp("log"), 40)


def edited(held, chance):
    """Change one fact as a careful forger does: sound JSON, canonical, its hash recomputed."""
    body = json.loads(held.content)
    where = chance.choice(["actor", "facts", "at", "kind"])
    body[where] = {"n": -1} if where == "facts" else str(body[where]) + "x"
    return forged(body, held.seq)


def forged(body, seq):
    content = canonical({**body, "seq": seq})
    return Held(content, seq, Held(content, seq).record.leaf)


def renumbered(records):
    return [forged(json.loads(held.content), place) for place, held in enumerate(records)]


def tamper(records, covered, chance):
    """Give a forged copy of the log, all of it consistent in itself, and what was done."""
    records = list(records)
    at = chance.randrange(covered)
    kind = chance.choice(["edit", "insert", "delete", "reorder", "truncate", "flip"])
    if kind == "edit":
        records[at] = edited(records[at], chance)
    elif kind == "insert":
        records = renumbered([*records[:at], records[chance.randrange(len(records))], *records[at:]])
    elif kind == "delete":
        records = renumbered([*records[:at], *records[at + 1 :]])
    elif kind == "reorder":
        other = (at + 1 + chance.randrange(len(records) - 1)) % len(records)
        records[at], records[other] = records[other], records[at]
        records = renumbered(records)
    elif kind == "truncate":
        records = records[:at]
    else:
        raw = bytearray(records[at].content)
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        records[at] = Held(bytes(raw), at, Held(bytes(raw), at).record.leaf)
    return records, kind


def test_every_seeded_tampering_is_found(log):
    records, checkpoints, signer = log
    covered = max(c.size for c in checkpoints)
    missed = []
    for seed in range(count(60, 500)):
        changed, kind = tamper(records, covered, random.Random(seed))
        if verify(changed, checkpoints, signer.public_key).holds:
            missed.append((seed, kind))
    assert missed == []


def test_no_clean_log_raises_an_alarm(tmp_path):
    for seed in range(count(10, 100)):
        records, checkpoints, signer = write_log(tmp_path / str(seed), 3 + seed % 40, seed)
        found = verify(records, checkpoints, signer.public_key)
        assert (found.faults, found.covered) == ([], len(records))


def test_a_forged_checkpoint_or_another_key_is_found(log, tmp_path):
    records, checkpoints, signer = log
    last = checkpoints[-1]
    for changed in (
        replace(last, size=last.size - 1),
        replace(last, root=bytes(32)),
        replace(last, origin="other"),
        replace(last, signature=last.signature[:-1] + bytes([last.signature[-1] ^ 1])),
    ):
        assert not verify(records, [*checkpoints[:-1], changed], signer.public_key).holds
    assert not verify(records, checkpoints, Signer(tmp_path / "other").public_key).holds
    assert not verify(records, [], signer.public_key).holds


def test_a_stored_hash_or_place_that_is_not_the_records_is_found(log):
    records, checkpoints, signer = log
    assert not verify([replace(records[0], leaf=bytes(32)), *records[1:]], checkpoints, signer.public_key).holds
    assert not verify([replace(records[0], seq=1), *records[1:]], checkpoints, signer.public_key).holds


def test_a_proof_convinces_with_the_public_key_alone_and_a_changed_one_does_not(log, tmp_path):
    records, checkpoints, signer = log
    for seq in range(len(records)):
        proof = Proof.from_json(prove(seq, records, checkpoints).to_json())
        assert proof.holds(signer.public_key)
        assert not replace(proof, content=proof.content + b" ").holds(signer.public_key)
        assert not replace(proof, seq=seq + 1).holds(signer.public_key)
        assert not proof.holds(Signer(tmp_path / "other").public_key)
    with pytest.raises(AuditError, match="no record"):
        prove(len(records), records, checkpoints)


@given(st.text())
def test_any_text_is_no_proof_and_no_checkpoint_or_is_told_so(text):
    with pytest.raises(AuditError):
        Proof.from_json(text)
    try:
        found = list(parse(text))
    except AuditError:
        return
    assert "".join(c.note() for c in found) == text


def test_a_checkpoint_reads_as_it_was_written(log):
    _, checkpoints, signer = log
    assert list(parse("".join(c.note() for c in checkpoints))) == checkpoints
    note = checkpoints[-1].note().split("\n")
    assert note[0] == signer.origin
    assert note[1] == "40"
    assert note[4].startswith(f"\u2014 {signer.origin} ")
    assert isinstance(checkpoints[-1], Checkpoint)


def test_many_threads_append_and_every_record_has_its_own_place(store):
    seqs = []

    def append(thread):
        for n in range(25):
            seqs.append(store.log.write(Entry("mark", f"t{thread}", {"n": n}), key=f"{thread}:{n}").seq)

    threads = [threading.Thread(target=append, args=(t,)) for t in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seqs) == list(range(200))


def test_two_processes_append_to_one_log(store):
    """A command beside a running service: each takes up what the other wrote."""
    other = AuditLog(store.database, Signer(store.settings.data), 0.2)
    for n in range(10):
        assert store.log.write(Entry("mark", "service")).seq == 2 * n
        assert other.write(Entry("mark", "command")).seq == 2 * n + 1
    other.close()
    store.log.close()
    signer = Signer(store.settings.data)
    found = verify(records_of(store.database), list(parse(signer.file.read_text())), signer.public_key)
    assert (found.faults, found.covered) == ([], 20)
    store.log = AuditLog(store.database, signer, 0.2)


def test_a_log_that_lost_records_is_not_opened(store):
    from sqlalchemy import delete

    from elek_serving.audit.record import AuditRow

    for _ in range(3):
        store.log.write(Entry("mark", "test"))
    store.log.close()
    with store.database.write() as session:
        session.execute(delete(AuditRow).where(AuditRow.seq == 2))
    with pytest.raises(AuditError, match="records are missing"):
        AuditLog(store.database, Signer(store.settings.data), 0.2)
    with store.database.write() as session:
        session.execute(delete(AuditRow))
    (store.settings.data / "checkpoints").unlink()
    store.log = AuditLog(store.database, Signer(store.settings.data), 0.2)


def test_the_commands_verify_prove_and_export_offline(tmp_path):
    data = tmp_path / "data"
    records, _, _ = write_log(data, 12)
    run = CliRunner().invoke
    assert run(app, ["verify", "--data", str(data)]).exit_code == 0
    export, proof = tmp_path / "log.jsonl", tmp_path / "proof.json"
    assert run(app, ["export", "-o", str(export), "--data", str(data)]).exit_code == 0
    assert [h.content for h in records_in(export)] == [h.content for h in records]
    away = ["--checkpoints", str(data / "checkpoints"), "--key", str(data / "audit.key.pub")]
    assert run(app, ["verify", "--log", str(export), *away]).exit_code == 0
    proof.write_text(run(app, ["prove", "5", "--data", str(data)]).stdout, encoding="utf-8")
    assert run(app, ["check", str(proof), "--key", str(data / "audit.key.pub")]).exit_code == 0
    proof.write_text(proof.read_text(encoding="utf-8").replace("user", "USER"), encoding="utf-8")
    assert run(app, ["check", str(proof), "--key", str(data / "audit.key.pub")]).exit_code == 1
    export.write_bytes(export.read_bytes().replace(b'"n":3', b'"n":4'))
    told = run(app, ["verify", "--log", str(export), *away])
    assert (told.exit_code, "not those that were signed" in told.stderr) == (1, True)
    assert run(app, ["verify", "--data", str(tmp_path / "nowhere")]).exit_code == 3

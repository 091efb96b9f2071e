"""A service killed at any moment: every decision it acknowledged is there exactly once after the client asked again."""

import random
import threading
import time
from collections import Counter

import httpx2
import pytest
from sqlalchemy import select

from counts import count
from elek.goods import GoodsLine
from elek_serving.audit.checkpoint import Signer, parse
from elek_serving.audit.export import records_of
from elek_serving.audit.replay import replay
from elek_serving.audit.verify import verify
from elek_serving.opening import open_database
from elek_serving.store.api_keys import add_key
from elek_serving.store.decisions import Decision
from elek_serving.store.lines import LineRow
from served import Served
from serving_factory import Store, add_scored_manifest

CLIENTS, ROWS_EACH = 4, 5
KILLS = count(3, 100)


class Client:
    """Decides and undoes its rows in turn. What was not acknowledged it asks again, with the same key, before anything else."""

    def __init__(self, rows, headers):
        self.rows, self.headers = rows, headers
        self.turn, self.replayed = 0, 0
        self.acknowledged = {row: [] for row in rows}

    def work(self, url, stop):
        """Ask until told to stop or the service is gone; one more answer is due when it is told to stop."""
        with httpx2.Client(base_url=url, headers=self.headers, timeout=60) as service:
            while self.ask(service) and not stop.is_set():
                pass

    def ask(self, service):
        row = self.rows[self.turn % len(self.rows)]
        done = self.acknowledged[row]
        asked = {"manifest": 1, "row": row, "decision": "undo" if len(done) % 2 else "confirm", "reason": "inspected"}
        try:
            answer = service.post("/v1/decisions", json=asked, headers={"Idempotency-Key": f"{row}-{len(done)}"})
        except httpx2.TransportError:
            return False
        assert answer.status_code == 201, answer.text
        self.replayed += "Idempotent-Replayed" in answer.headers
        done.append(answer.json()["decision"])
        self.turn += 1
        return True


@pytest.fixture
def prepared(tmp_path, database_url, scorer):
    """Settings of a closed store with a reviewer, a scored manifest and an API key; and the key's header."""
    store = Store(tmp_path / "data", database_url)
    store.person("aida")
    add_scored_manifest(store.log, scorer, [GoodsLine(f"насос {n}", "8413") for n in range(CLIENTS * ROWS_EACH)])
    key = add_key("aida", ["decisions"], 1, "test")
    store.log.write(key.work)
    store.close()
    return store.settings, {"Authorization": f"Bearer {key.text}"}


def start(settings):
    environment = {"ELEK_DATABASE_URL": settings.database_url} if settings.database_url else {}
    return Served(settings.data, environment=environment)


def acknowledged_by(clients):
    return {row: done for client in clients for row, done in client.acknowledged.items()}


def live(service, clients, more):
    """Set the clients to work until some more decisions are acknowledged; give their stop and their threads."""
    stop = threading.Event()
    threads = [threading.Thread(target=client.work, args=(service.url, stop)) for client in clients]
    enough = sum(map(len, acknowledged_by(clients).values())) + more
    for thread in threads:
        thread.start()
    while sum(map(len, acknowledged_by(clients).values())) < enough and any(t.is_alive() for t in threads):
        time.sleep(0.001)
    return stop, threads


@pytest.mark.timeout(3600)
def test_every_acknowledged_decision_is_there_exactly_once(prepared):
    settings, headers = prepared
    clients = [Client(range(1 + n, CLIENTS * ROWS_EACH + 1, CLIENTS), headers) for n in range(CLIENTS)]
    chance = random.Random(7)
    for kill in range(KILLS):
        service = start(settings)
        if kill % 5 == 4:  # before it answers: while it opens the store, or long before
            time.sleep(chance.uniform(0, 3))
            service.kill()
            continue
        _, threads = live(service.await_ready(), clients, chance.randrange(1, 40))
        time.sleep(chance.uniform(0, 0.02))
        service.kill()
        for thread in threads:
            thread.join()
    service = start(settings).await_ready()
    stop, threads = live(service, clients, 1)
    stop.set()
    for thread in threads:
        thread.join()
    service.stop()

    acknowledged = acknowledged_by(clients)
    total = sum(map(len, acknowledged.values()))
    assert total > KILLS
    with open_database(settings) as database:
        with database.read() as session:
            query = select(LineRow.row, Decision.id).join(Decision, Decision.line_id == LineRow.id)
            stored = {row: [] for row in acknowledged}
            for row, decision in session.execute(query.order_by(Decision.id)):
                stored[row].append(decision)
        assert stored == acknowledged
        records = list(records_of(database))
        recorded = Counter(h.record.facts["decision"] for h in records if h.record.body["kind"] == "decided")
        assert recorded == Counter(decision for done in acknowledged.values() for decision in done)
        signer = Signer(settings.data)
        found = verify(records, list(parse(signer.file.read_text(encoding="utf-8"))), signer.public_key)
        assert (found.faults, found.covered) == ([], found.records)
        assert replay(database, settings.data).differs == []
    again = sum(client.replayed for client in clients)
    print(f"{KILLS} kills, {total} decisions acknowledged, {again} of them only when asked again")

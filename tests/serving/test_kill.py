"""A service killed at any moment: what it acknowledged is there exactly once after the client asked again, and the log verifies."""

import random
import threading
import time

import httpx2
from sqlalchemy import select

from counts import count
from elek_serving.audit.checkpoint import Signer, parse
from elek_serving.audit.export import records_of
from elek_serving.audit.replay import replay
from elek_serving.audit.verify import verify
from elek_serving.opening import open_database, open_log
from elek_serving.settings import Settings
from elek_serving.store.api_keys import add_key
from elek_serving.store.decisions import Decision
from elek_serving.store.lines import LineRow
from elek_serving.store.users import NewUser, add_user
from factory import REPOSITORY
from served import Served
from serving_factory import PASSWORD

ROWS = 60
CLIENTS = 4


class Client:
    """Decides and undoes its rows in turn; asks again, with the same key, whatever was not acknowledged."""

    def __init__(self, rows, headers):
        self.rows, self.headers, self.url = rows, headers, ""
        self.acknowledged = {row: [] for row in rows}
        self.stop = threading.Event()

    def run(self):
        turn = 0
        while not self.stop.is_set():
            row = self.rows[turn % len(self.rows)]
            if not self.ask(row):
                return
            turn += 1

    def ask(self, row):
        done = self.acknowledged[row]
        asked = {"manifest": 1, "row": row, "decision": "undo" if len(done) % 2 else "confirm", "reason": "inspected"}
        headers = {**self.headers, "Idempotency-Key": f"{row}-{len(done)}"}
        try:
            answer = httpx2.post(f"{self.url}/v1/decisions", json=asked, headers=headers, timeout=60)
        except httpx2.TransportError:
            return False
        assert answer.status_code == 201, answer.text
        done.append(answer.json()["decision"])
        return True


def start_over(data, clients):
    service = Served(data)
    for client in clients:
        client.url = service.url
        client.stop.clear()
    threads = [threading.Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    return service, threads


def test_every_acknowledged_decision_is_there_exactly_once(tmp_path):
    data = tmp_path / "data"
    settings = Settings(data=data)
    with open_log(settings) as log:
        log.write(add_user(NewUser("aida", "reviewer", PASSWORD), "test"))
        key = add_key("aida", ["decisions", "manifests"], 1, "test")
        log.write(key.work)
    headers = {"Authorization": f"Bearer {key.text}"}
    service = Served(data)
    content = (REPOSITORY / "data/sample/manifest.csv").read_bytes()
    httpx2.post(f"{service.url}/v1/manifests", content=content, headers=headers)
    while httpx2.get(f"{service.url}/v1/manifests/1", headers=headers).json()["state"] != "scored":
        time.sleep(0.1)
    service.stop()

    clients = [Client(range(1 + n, ROWS + 1, CLIENTS), headers) for n in range(CLIENTS)]
    chance = random.Random(7)
    for _ in range(count(4, 100)):
        service, threads = start_over(data, clients)
        time.sleep(chance.uniform(0.1, 1.5))
        service.kill()
        for thread in threads:
            thread.join()
    service, threads = start_over(data, clients)
    time.sleep(1)
    for client in clients:
        client.stop.set()
    for thread in threads:
        thread.join()
    service.stop()

    acknowledged = {row: done for client in clients for row, done in client.acknowledged.items()}
    assert sum(map(len, acknowledged.values())) > 10
    with open_database(settings) as database:
        with database.read() as session:
            for row, done in acknowledged.items():
                query = select(Decision.id).join(LineRow, LineRow.id == Decision.line_id).where(LineRow.row == row)
                assert list(session.scalars(query.order_by(Decision.id))) == done, row
        signer = Signer(data)
        found = verify(records_of(database), list(parse(signer.file.read_text())), signer.public_key)
        assert (found.faults, found.covered) == ([], found.records)
        assert replay(database).differs == []

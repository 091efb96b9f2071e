"""Requests in flight against a running service while its bundle changes."""

import json
import threading
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Traffic:
    """Counts of answers.

    Attributes
    ----------
    address : str
        Of the service.
    failed : list of str
    bundles : Counter of str
        Digest to answers.
    """

    address: str
    failed: list[str] = field(default_factory=list)
    bundles: Counter[str] = field(default_factory=Counter)

    def ask(self) -> str:
        """Score one line; gives the digest of the bundle that answered."""
        body = json.dumps(
            {"lines": [{"description": "Квадрокоптер с камерой DJI Mavic 3", "declared_hs": "950300"}]}
        ).encode()
        asked = urllib.request.Request(f"{self.address}/v1/score", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(asked, timeout=30) as answer:
            lines = json.load(answer)
        lines = lines["lines"] if isinstance(lines, dict) else lines
        return str(lines[0]["bundle"])

    def send(self, n: int, until: str, threads: int = 4) -> None:
        """Send n requests and go on until one was answered by a bundle (at most two minutes)."""
        started, sent, lock = time.monotonic(), iter(range(10**9)), threading.Lock()

        def work() -> None:
            while next(sent) < n or (self.bundles[until] == 0 and time.monotonic() - started < 120):
                try:
                    digest = self.ask()
                except OSError as error:
                    with lock:
                        self.failed.append(str(error))
                else:
                    with lock:
                        self.bundles[digest] += 1

        workers = [threading.Thread(target=work) for _ in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    def wait(self, seconds: float = 120) -> None:
        """Wait until the service answers."""
        end = time.monotonic() + seconds
        while True:
            try:
                self.ask()
                return
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.3)

"""A service in a process of its own, so that it can be killed, swapped under and asked over a real socket."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

STARTS_SECONDS = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """`elek serve` with its data in a folder."""

    def __init__(self, data: Path, *options: str, environment: dict[str, str] | None = None) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        elek = str(Path(sys.executable).with_name("elek"))
        command = [elek, "serve", "--port", self.url.rsplit(":", 1)[1], "--data", str(data), *options]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ, **(environment or {})})

    def await_ready(self) -> Served:
        """Wait until it answers; give itself."""
        for _ in range(STARTS_SECONDS * 10):
            if self.process.poll() is not None:
                raise AssertionError((self.process.stderr.read() if self.process.stderr else b"").decode())
            try:
                if httpx2.get(f"{self.url}/readyz").status_code == 200:
                    return self
            except httpx2.TransportError:
                time.sleep(0.1)
        raise AssertionError("the service does not start")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self._reap()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self._reap()

    def _reap(self) -> None:
        self.process.wait(60)
        if self.process.stderr:
            self.process.stderr.close()


@contextmanager
def served(data: Path, *options: str) -> Iterator[Served]:
    service = Served(data, *options)
    try:
        yield service.await_ready()
    finally:
        service.stop()

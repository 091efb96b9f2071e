"""The service under load, full counts only: no error at the rate it must bear, nothing but 200, 429 and 503 at ten times that."""

import asyncio
import importlib.util
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from factory import REPOSITORY
from served import served

SECONDS = 60


def load_benchmark():
    spec = importlib.util.spec_from_file_location("service_load", REPOSITORY / "benchmarks/service_load.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def apart(coroutine):
    """Run a coroutine in a thread of its own: the browser of other tests keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


@pytest.mark.soak
def test_the_rate_is_borne_without_an_error_and_too_much_is_turned_away(tmp_path):
    load = load_benchmark()
    bodies = [json.dumps({"lines": [line]}).encode() for line in load.sample_lines()]
    with served(tmp_path / "data", "--open") as service:
        steady = apart(load.at_rate(service.url, bodies, load.RATE, SECONDS, 64))
        assert (set(steady.statuses), steady.broken) == ({200}, 0)
        answered, health = apart(load.overload(service.url, bodies, SECONDS / 3))
        assert set(answered.statuses) <= {200, 429, 503}
        assert (answered.broken, set(health.statuses), health.broken) == (0, {200}, 0)

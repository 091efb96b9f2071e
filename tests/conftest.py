"""Fixture strategy: the starter bundle for everything that only scores; one smoke fit a session for what trains.

No network, no downloads. `ELEK_SOAK=1` raises the counts of the property tests.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from elek import Scorer

settings.register_profile("quick", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("soak" if os.environ.get("ELEK_SOAK") else "quick")


@pytest.fixture(scope="session")
def scorer() -> Scorer:
    return Scorer.load()


@pytest.fixture(scope="session")
def smoke_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle from the smoke configuration and a few labelled lines."""
    pytest.importorskip("torch")
    from elek_training.config import read_config
    from elek_training.pipeline import train
    from elek_training.sources import gather
    from elek_training.tracking import Run

    folder = tmp_path_factory.mktemp("smoke")
    lines = folder / "lines.csv"
    lines.write_text(
        "description,hs,control,vague,group\n"
        "насос центробежный,8413,none,0,g1\n"
        "подшипник шариковый,848210,,,g2\n"
        "детали,,,1,g3\n"
        "камера,8525801900,none,,g4\n",
        encoding="utf-8",
    )
    config = read_config("smoke")
    out = folder / "bundle"
    train(gather(config, [lines]), config, out, Run("test", None))
    return out

"""Retrains and dies in a stage: `killed_retrain.py STAGE SECONDS FOLDER CHAMPION`. Threads of torch do not survive a fork.

Some seconds after the stage has begun, or at its end when it takes less, the process gets `kill -9`.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from elek_training.fit import Progress
from elek_training.retrain import retrain
from elek_training.tracking import Run
from training.retrain_requests import request


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Doomed(Run):
    """A run that dies in one of its steps."""

    def __init__(self, stage: str, seconds: float) -> None:
        super().__init__("killed", None)
        self.stage, self.left = stage, seconds

    @contextmanager
    def step(self, title: str) -> Iterator[Progress]:
        with super().step(title) as progress:
            if title == self.stage:
                timer = threading.Timer(self.left, die)
                timer.daemon = True
                timer.start()
            yield progress
            if title == self.stage:
                die()


if __name__ == "__main__":
    torch.set_num_threads(1)
    retrain(request(Path(sys.argv[3]), Path(sys.argv[4])), Doomed(sys.argv[1], float(sys.argv[2])))

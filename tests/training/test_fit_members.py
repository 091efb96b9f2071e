import os
import signal
import subprocess
import sys
import time

import pytest

pytest.importorskip("torch")

ENDLESS_FIT = """
from dataclasses import replace
from elek_training.config import read_config
from elek_training.fit import prepare
from elek_training.fit_members import fit
from elek_training.labelled import LabelledLine
from elek_training.targets import LabelSpace
from elek_training.taxonomy import read_taxonomy
from elek_training.tree import read_tree

if __name__ == "__main__":
    config = replace(read_config("smoke"), members=2, width=16, epochs=10**6)
    lines = prepare([LabelledLine("насос центробежный", hs="8413")], config.n_rows)
    fit(lines, config, LabelSpace(read_tree(), read_taxonomy().labels()), lambda step, *_: step == 1 and print("fitting", flush=True))
"""


def test_members_end_when_the_fit_is_killed(tmp_path):
    script = tmp_path / "fit.py"
    script.write_text(ENDLESS_FIT, encoding="utf-8")
    with subprocess.Popen([sys.executable, "-W", "ignore", str(script)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "fitting\n"
        found = subprocess.run(
            ["pgrep", "-P", str(parent.pid), "-f", "spawn_main"], capture_output=True, text=True, check=False
        )
        members = [int(pid) for pid in found.stdout.split()]
        parent.kill()
    assert members
    end = time.monotonic() + 60
    while living(members) and time.monotonic() < end:
        time.sleep(0.1)
    for pid in (left := living(members)):
        os.kill(pid, signal.SIGKILL)
    assert not left


def living(pids: list[int]) -> list[int]:
    return [pid for pid in pids if os.path.exists(f"/proc/{pid}")]

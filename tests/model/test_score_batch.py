import json
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from elek.score_batch import SCORED_COLUMNS, ScoreBatch
from factory import FIVE_SCRIPTS

N = 2000 if os.environ.get("ELEK_SOAK") else 200
SCORES = ("controlled_score", "misdeclaration_score", "vagueness_score")


def batch(n=N):
    return {
        "description": [f"{FIVE_SCRIPTS[i % 5]} {i}" for i in range(n)],
        "declared_hs": ["854231" if i % 3 else None for i in range(n)],
        "line_id": [str(i) for i in range(n)],
        "something_else": list(range(n)),
    }


def agree(mine, theirs):
    assert [r["line_id"] for r in mine] == [r["line_id"] for r in theirs]
    for a, b in zip(mine, theirs, strict=True):
        assert a["verdict"] == b["verdict"]
        for name in SCORES:
            assert a[name] == b[name] or abs(a[name] - b[name]) <= 1e-5


def test_a_batch_gets_the_records_of_the_scorer(scorer):
    columns = batch()
    answer = ScoreBatch()(columns)
    assert tuple(answer) == SCORED_COLUMNS
    lines = [
        {"description": d, "declared_hs": hs, "line_id": i}
        for d, hs, i in zip(columns["description"], columns["declared_hs"], columns["line_id"], strict=True)
    ]
    agree([s.to_record() for s in scorer.score(lines)], [json.loads(r) for r in answer["record"]])


def test_arrays_and_arrow_columns_are_read_as_lists_are():
    pyarrow = pytest.importorskip("pyarrow")
    columns = batch(20)
    score = ScoreBatch()
    expected = score(columns)
    assert score({k: np.array(v, dtype=object) for k, v in columns.items()}) == expected
    table = pyarrow.table(columns)
    assert score({name: table[name] for name in table.column_names}) == expected


def test_no_row_is_lost_and_none_raises():
    answer = ScoreBatch()(
        {"description": ["чип", None, float("nan"), "", "\u200b", 7], "declared_hs": ["x", *[None] * 5]}
    )
    assert answer["status"] == ["ok", "error", "error", "error", "error", "ok"]


def test_what_is_no_batch_is_refused_with_the_remedy():
    with pytest.raises(ValueError, match="description"):
        ScoreBatch()({"text": ["чип"]})
    with pytest.raises(ValueError, match="'declared_hs' has 2 rows"):
        ScoreBatch()({"description": ["чип"], "declared_hs": ["1", "2"]})


def test_it_travels_without_the_running_bundle():
    import copy

    score = ScoreBatch()
    score({"description": ["чип"]})
    assert copy.deepcopy(score)._scorer is None


def kill_scorers(times, done):
    """Kill the process of a Ray scorer, so many times, each once it has worked for a second; gives the number killed."""
    killed = []
    while len(killed) < times and not done.wait(0.05):
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                name = (folder / "cmdline").read_bytes()
                ticks = sum(map(int, (folder / "stat").read_text().rpartition(")")[2].split()[11:13]))
            except OSError:
                continue
            if b"_ArrowScorer" in name and ticks >= 100 and folder.name not in killed:
                os.kill(int(folder.name), signal.SIGKILL)
                killed.append(folder.name)
                break
    return len(killed)


@pytest.mark.soak
@pytest.mark.filterwarnings("ignore")
def test_a_ray_worker_killed_in_the_middle_loses_no_line(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    pytest.importorskip("ray")
    from elek.engine_ray import RayJob, score_with_ray

    columns = batch(20_000)
    parquet.write_table(pyarrow.table(columns), tmp_path / "lines.parquet", row_group_size=2000)
    done = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        killed = pool.submit(kill_scorers, 2, done)
        assert score_with_ray(RayJob(str(tmp_path / "lines.parquet"), tmp_path / "out")) == 20_000
        done.set()
        assert killed.result() >= 1
    rows = sorted(parquet.read_table(tmp_path / "out").to_pylist(), key=lambda r: int(r["line_id"]))
    agree([json.loads(r) for r in ScoreBatch()(columns)["record"]], [json.loads(r["record"]) for r in rows])


@pytest.mark.soak
@pytest.mark.filterwarnings("ignore")
def test_ray_gives_the_records_of_a_batch(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    pytest.importorskip("ray")
    from elek.engine_ray import RayJob, score_with_ray

    columns = batch()
    parquet.write_table(pyarrow.table(columns), tmp_path / "lines.parquet")
    out = tmp_path / "out"
    assert score_with_ray(RayJob(str(tmp_path / "lines.parquet"), out)) == N
    rows = sorted(parquet.read_table(out).to_pylist(), key=lambda r: int(r["line_id"]))
    expected = [json.loads(r) for r in ScoreBatch()(columns)["record"]]
    agree(expected, [json.loads(r["record"]) for r in rows])


def test_the_ray_engine_writes_into_a_new_folder_only(tmp_path):
    pytest.importorskip("ray")
    from elek.engine_ray import RayJob, score_with_ray
    from elek.errors import ElekError

    (tmp_path / "old.parquet").write_bytes(b"x")
    with pytest.raises(ElekError, match="not an empty folder"):
        score_with_ray(RayJob("lines.parquet", tmp_path))

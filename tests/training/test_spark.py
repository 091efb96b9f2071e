import json
import sys
from pathlib import Path

import pytest

pytest.importorskip("pyspark")
mlflow = pytest.importorskip("mlflow")

import elek_training
from counts import count
from elek.score_batch import ScoreBatch
from factory import FIVE_SCRIPTS

MODEL = Path(elek_training.__file__).with_name("pyfunc_model.py")
STARTER = Path(__file__).parents[2] / "model" / "elek" / "starter"
N = count(200, 2000)


@pytest.mark.soak
@pytest.mark.filterwarnings("ignore")
def test_spark_gives_the_records_of_a_batch(tmp_path, monkeypatch):
    from pyspark.sql import SparkSession
    from pyspark.sql.functions import struct
    from pyspark.sql.types import StringType, StructField, StructType

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    saved = str(tmp_path / "model")
    mlflow.pyfunc.save_model(
        saved, python_model=str(MODEL), artifacts={"bundle": str(STARTER)}, pip_requirements=["elek"]
    )
    columns = {
        "description": [f"{FIVE_SCRIPTS[i % 5]} {i}" for i in range(N)],
        "declared_hs": ["854231" if i % 3 else "" for i in range(N)],
        "line_id": [str(i) for i in range(N)],
    }
    settings = {"spark.ui.enabled": "false", "spark.sql.execution.arrow.maxRecordsPerBatch": "64"}
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    try:
        rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
        answer = StructType([StructField(name, StringType()) for name in ("line_id", "record")])
        score = mlflow.pyfunc.spark_udf(session, saved, result_type=answer, env_manager="local")
        scored = session.createDataFrame(rows).select(score(struct(*columns)).alias("scored")).collect()
    finally:
        session.stop()
    assert len(scored) == N
    theirs = {row["scored"]["line_id"]: json.loads(row["scored"]["record"]) for row in scored}
    for text in ScoreBatch(STARTER)(columns)["record"]:
        mine = json.loads(text)
        other = theirs[mine["line_id"]]
        assert mine["verdict"] == other["verdict"]
        for name in ("controlled_score", "misdeclaration_score", "vagueness_score"):
            assert mine[name] == other[name] or abs(mine[name] - other[name]) <= 1e-5

import json
from pathlib import Path

import pytest

mlflow = pytest.importorskip("mlflow")
pd = pytest.importorskip("pandas")

import elek_training
from elek.score_batch import ScoreBatch

MODEL = Path(elek_training.__file__).with_name("pyfunc_model.py")
SMALL = Path(__file__).parents[1] / "model" / "bundles" / "v1"


@pytest.mark.filterwarnings("ignore")
def test_a_logged_bundle_scores_tables_as_a_batch_does(tmp_path):
    saved = tmp_path / "model"
    mlflow.pyfunc.save_model(
        str(saved), python_model=str(MODEL), artifacts={"bundle": str(SMALL)}, pip_requirements=["elek"]
    )
    assert not list(saved.rglob("*.pkl"))
    table = pd.DataFrame({"description": ["микросхема памяти", "", "轴承"], "declared_hs": ["854232", None, "880622"]})
    answer = mlflow.pyfunc.load_model(str(saved)).predict(table)
    expected = ScoreBatch(SMALL)({name: table[name].tolist() for name in table.columns})
    assert answer["status"].tolist() == ["ok", "error", "ok"]
    assert [json.loads(r) for r in answer["record"]] == [json.loads(r) for r in expected["record"]]

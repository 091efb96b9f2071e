"""The MLflow pyfunc of a bundle, as models-from-code.

Logged with `mlflow.pyfunc.log_model(python_model=<this file>, artifacts={"bundle": DIR})`.
No pickle: MLflow stores this source and the bundle's folder beside it. `mlflow.pyfunc.spark_udf` runs it on Spark.
"""

from typing import Any

import mlflow
import pandas as pd
from mlflow.models import set_model

from elek.score_batch import ScoreBatch


class BundleModel(mlflow.pyfunc.PythonModel):
    """Scores tables of goods lines."""

    def load_context(self, context: Any) -> None:
        """Point at the bundle that was logged as the artifact `bundle`."""
        self._score = ScoreBatch(context.artifacts["bundle"])

    def predict(self, context: Any, model_input: pd.DataFrame, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """Score a table.

        Parameters
        ----------
        context : mlflow context
        model_input : DataFrame
            `description`, and any other field of a goods line.
        params : dict, optional
            Not used.

        Returns
        -------
        DataFrame
            The columns of `elek.score_batch.SCORED_COLUMNS`, a row for each row.
        """
        columns = {name: model_input[name].tolist() for name in model_input.columns}
        return pd.DataFrame(self._score(columns), index=model_input.index)


set_model(BundleModel())

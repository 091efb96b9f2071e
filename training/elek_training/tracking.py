"""Tracking: progress on stderr and runs in MLflow."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from elek_training.fit import Progress as Report
from elek_training.metrics import Measured
from elek_training.registry import set_alias, tracking_client


class Run:
    """One training run: shows progress, keeps the loss curve, writes to MLflow when asked.

    Parameters
    ----------
    name : str
        Name of the run in MLflow.
    store : Path or None
        Folder `mlruns`; None tracks nothing.
    """

    def __init__(self, name: str, store: Path | None) -> None:
        self.name, self.store = name, store
        self.console = Console(stderr=True)
        self.losses: list[tuple[str, int, float]] = []
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, title: str) -> Iterator[Report]:
        """Show a progress bar for one step; yields the function that moves it."""
        started = time.monotonic()
        columns = (
            TextColumn("{task.description:<28}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self.console) as bar:
            task = bar.add_task(title, total=1, note="")

            def report(done: int, total: int, loss: float) -> None:
                if done % 20 == 0 or done == total:
                    self.losses.append((title, done, loss))
                    bar.update(task, completed=done, total=total, note=f"loss {loss:.3f}")

            yield report
            total = bar.tasks[0].total or 1
            bar.update(task, completed=total)
        self.seconds[title] = time.monotonic() - started

    def finish(
        self,
        parameters: Mapping[str, Any],
        figures: Mapping[str, Measured],
        digests: Mapping[str, str],
        bundle: Path,
        reports: Path | None = None,
    ) -> None:
        """Write the run to MLflow: parameters, loss curves, figures, data sets, a nested run a fold, bundle, card and reports.

        Parameters
        ----------
        parameters : mapping
        figures : mapping of str to Measured
        digests : mapping of str to str
            Source to digest.
        bundle : Path
            Folder of the bundle; it becomes the version that the alias ``challenger`` points at.
        reports : Path or None
            Folder of reports and plots.
        """
        if self.store is None:
            return
        client = tracking_client(self.store)
        import mlflow
        from mlflow.data.code_dataset_source import CodeDatasetSource
        from mlflow.data.meta_dataset import MetaDataset

        if client.get_experiment_by_name("elek") is None:
            client.create_experiment("elek", artifact_location=(self.store.resolve() / "artifacts").as_uri())
        mlflow.set_experiment("elek")
        with mlflow.start_run(run_name=self.name) as run:
            mlflow.log_params(dict(parameters))
            for name, digest in digests.items():
                data = MetaDataset(CodeDatasetSource(tags={"sha256": digest}), name=name[:250], digest=digest[:36])
                mlflow.log_input(data, context="training")
            for title in self.seconds:
                with mlflow.start_run(run_name=title, nested=True):
                    mlflow.log_metric("seconds", self.seconds[title])
                    for name, step, loss in self.losses:
                        if name == title:
                            mlflow.log_metric("loss", loss, step=step)
            plain = {name.replace("%", "pct"): m.value for name, m in figures.items() if m.value == m.value}
            mlflow.log_metrics(plain | {f"seconds/{title}": value for title, value in self.seconds.items()})
            mlflow.log_artifacts(str(bundle), artifact_path="bundle")
            mlflow.log_artifact(str(bundle / "card.md"))
            if reports:
                mlflow.log_artifacts(str(reports), artifact_path="reports")
        set_alias(self.store, bundle, "challenger", run.info.run_id)

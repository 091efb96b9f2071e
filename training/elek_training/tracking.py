"""Tracking: progress on stderr and runs in MLflow; the only module that imports mlflow."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from elek_training.fit import Progress as Report


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
        self, parameters: Mapping[str, Any], metrics: Mapping[str, float], digests: Mapping[str, str], bundle: Path
    ) -> None:
        """Write the run to MLflow: parameters, loss curves, metrics, data digests, the bundle."""
        if self.store is None:
            return
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        os.environ.setdefault("DO_NOT_TRACK", "true")
        import mlflow

        self.store.mkdir(parents=True, exist_ok=True)
        mlflow.set_tracking_uri(f"sqlite:///{self.store.resolve() / 'mlflow.db'}")
        if mlflow.get_experiment_by_name("elek") is None:
            mlflow.create_experiment("elek", artifact_location=(self.store.resolve() / "artifacts").as_uri())
        mlflow.set_experiment("elek")
        with mlflow.start_run(run_name=self.name):
            mlflow.log_params(dict(parameters))
            for title, step, loss in self.losses:
                mlflow.log_metric(f"loss/{title}", loss, step=step)
            plain = {name.replace("%", "pct"): value for name, value in metrics.items() if value == value}
            mlflow.log_metrics(plain | {f"seconds/{title}": value for title, value in self.seconds.items()})
            mlflow.set_tags({f"data {name}"[:250]: digest for name, digest in digests.items()})
            mlflow.log_artifacts(str(bundle), artifact_path="bundle")

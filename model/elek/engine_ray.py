"""The engine `ray`: files of goods lines scored by Ray Data on one machine or a cluster, as partitioned output.

A worker that dies costs time, not lines: Ray runs its batches again. Nothing is written until every line is scored.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elek.errors import ElekError, ManifestError
from elek.score_batch import ScoreBatch

BATCH_ROWS = 1024


@dataclass(frozen=True)
class RayJob:
    """What is scored, with what, and where the answers go.

    Attributes
    ----------
    inputs : str
        A file, a folder or a glob of Parquet or CSV files.
    out : Path
        Folder of the partitioned output; must not hold anything yet.
    bundle : Path or None
    top : int
    address : str or None
        Of a running cluster; None starts one on this machine.
    workers : int
        Actors that score, each on one core.
    """

    inputs: str
    out: Path
    bundle: Path | None = None
    top: int = 5
    address: str | None = None
    workers: int = 1


def score_with_ray(job: RayJob) -> int:
    """Score files with Ray Data.

    Parameters
    ----------
    job : RayJob

    Returns
    -------
    int
        Lines written, as many as were read.

    Raises
    ------
    ElekError
        If the extra is missing, the input is no Parquet or CSV, or the output folder is not empty.
    """
    try:
        import ray
        from ray.data import ActorPoolStrategy
    except ModuleNotFoundError as error:
        raise ElekError("`--engine ray` needs the extra 'ray': pip install 'elek[ray]'") from error
    if job.out.exists() and (not job.out.is_dir() or any(job.out.iterdir())):
        raise ElekError(f"'{job.out}' is not an empty folder; the ray engine writes many files, choose a new one")
    if not ray.is_initialized():
        ray.init(address=job.address, log_to_driver=False, include_dashboard=False)
    lines = _read(ray.data, job.inputs)
    scored = lines.map_batches(
        _ArrowScorer,
        fn_constructor_args=(job.bundle, job.top),
        batch_size=BATCH_ROWS,
        batch_format="pyarrow",
        compute=ActorPoolStrategy(size=job.workers),
        max_restarts=-1,
        max_task_retries=-1,
    ).materialize()
    scored.write_parquet(str(job.out))
    return int(scored.count())


class _ArrowScorer:
    """One worker: a `ScoreBatch` that takes and gives Arrow tables."""

    def __init__(self, bundle: Path | None, top: int) -> None:
        self._score = ScoreBatch(bundle, top)

    def __call__(self, table: Any) -> Any:
        import pyarrow

        answer = self._score({name: table[name] for name in table.column_names})
        kept = {name: table[name] for name in table.column_names if name not in answer}
        return pyarrow.table({**answer, **kept})


def _read(data: Any, inputs: str) -> Any:
    ending = Path(inputs).suffix.lower()
    if ending == ".parquet" or Path(inputs).is_dir():
        return data.read_parquet(inputs)
    if ending == ".csv":
        from pyarrow import csv, string

        names = ("description", "declared_hs", "line_id", "consignment_id")
        convert = csv.ConvertOptions(column_types=dict.fromkeys(names, string()))
        return data.read_csv(inputs, convert_options=convert)
    raise ManifestError(f"the ray engine reads Parquet and CSV, not '{inputs}'; convert it first")

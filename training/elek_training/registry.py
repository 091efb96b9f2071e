"""Registry: bundles as versions of the MLflow model `elek`, aliases `champion` and `challenger`; services never read it."""

import os
from pathlib import Path
from typing import Any

from elek.bundle import Bundle

MODEL = "elek"


def tracking_client(store: Path) -> Any:
    """Give an MLflow client on the sqlite store of a folder, made when it is missing."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("DO_NOT_TRACK", "true")
    import mlflow

    store.mkdir(parents=True, exist_ok=True)
    uri = f"sqlite:///{store.resolve() / 'mlflow.db'}"
    mlflow.set_tracking_uri(uri)
    return mlflow.MlflowClient(uri)


def set_alias(store: Path, folder: Path, alias: str, run_id: str | None = None) -> None:
    """Point an alias at a bundle, which becomes a version when it is none yet.

    Parameters
    ----------
    store : Path
        Folder `mlruns`.
    folder : Path
        Of the bundle.
    alias : {"champion", "challenger"}
    run_id : str or None
        Run that made it.
    """
    from mlflow.exceptions import MlflowException

    client = tracking_client(store)
    digest = Bundle.load(folder).digest
    try:
        client.create_registered_model(MODEL)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    known = client.search_model_versions(f"name = '{MODEL}' and tags.digest = '{digest}'")
    version = (
        known[0]
        if known
        else client.create_model_version(MODEL, folder.resolve().as_uri(), run_id, tags={"digest": digest})
    )
    client.set_registered_model_alias(MODEL, alias, version.version)


def digest_of(store: Path, alias: str) -> str:
    """Digest of the bundle that an alias points at."""
    return str(tracking_client(store).get_model_version_by_alias(MODEL, alias).tags["digest"])

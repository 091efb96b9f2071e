"""Requests of small retrainings for tests."""

from datetime import UTC, datetime
from pathlib import Path

from elek_training.gate import read_gate_rules
from elek_training.label_store import LabelStore
from elek_training.refit import read_refit_config
from elek_training.retrain import RetrainRequest
from elek_training.training_set import read_rules
from training.seizure_files import seizure_row, write_seizures

NOW = datetime(2026, 11, 30, tzinfo=UTC)
FAST = read_refit_config("retrain-smoke")


def request(folder: Path, champion: Path, rows: list[dict[str, str]] | None = None) -> RetrainRequest:
    folder.mkdir(parents=True, exist_ok=True)
    file = write_seizures(folder / "seizures.csv", seizures() if rows is None else rows)
    store = LabelStore(folder / "labels")
    return RetrainRequest(str(file), champion, folder / "bundle", store, [], FAST, read_rules(), read_gate_rules(), NOW)


def seizures(n: int = 120) -> list[dict[str, str]]:
    kinds = ({"actual_hs": "854231", "actual_control": "3A001"}, {"actual_hs": "841370", "actual_control": "none"})
    return [seizure_row(k, **kinds[k % 2]) for k in range(n)]

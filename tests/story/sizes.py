"""Sizes: how long 10,000 seizures take to learn, and how much memory the review of 200,000 labels takes.

`python tests/story/sizes.py retrain` or `python tests/story/sizes.py labels`. The champion is the starter; lines are composed.
"""

import argparse
import resource
import shutil
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from elek.bundle import STARTER
from elek_training.catalogue import read_catalogue, read_vague
from elek_training.champion_weights import read_champion
from elek_training.compose import Composer
from elek_training.fit import prepare
from elek_training.gate import read_gate_rules
from elek_training.label_issues import find_label_issues
from elek_training.label_store import LabelStore
from elek_training.refit import read_refit_config
from elek_training.relations import with_relations
from elek_training.retrain import RetrainRequest, retrain
from elek_training.retrain_report import write_reports
from elek_training.tracking import Run
from elek_training.training_set import read_rules

sys.path.insert(0, str(Path(__file__).parent))
from seized import write_seized

FOLDER = Path("build/sizes")
SEIZURES, LABELS = 10_000, 200_000


def learn() -> None:
    """Retrain on 10,000 seizures with a frozen test of 4,000 lines; only the retraining is timed."""
    lines = list(Composer(read_catalogue(), read_vague()).lines(SEIZURES, 31))
    write_seized(lines, FOLDER / "seizures.csv", 32)
    test = [replace(x, source="frozen", group="") for x in Composer(read_catalogue(), read_vague()).lines(4000, 33)]
    store, out, now = LabelStore(FOLDER / "labels"), FOLDER / "challenger", datetime.now(UTC)
    config = read_refit_config("retrain")
    file = str(FOLDER / "seizures.csv")
    request = RetrainRequest(file, STARTER, out, store, test, config, read_rules(), read_gate_rules(), now)
    started, run = time.monotonic(), Run("sizes", None)
    found = retrain(request, run)
    write_reports(found, request)
    print(f"{len(found.selection.lines):,} labels learnt in {(time.monotonic() - started) / 60:.1f} minutes")
    print(", ".join(f"{title} {seconds:.0f} s" for title, seconds in run.seconds.items()))


def review() -> None:
    """Review 200,000 labels with one epoch a fold: memory does not depend on epochs."""
    model = read_champion(STARTER).model
    lines = with_relations(list(Composer(read_catalogue(), read_vague()).lines(LABELS, 34)))
    config = replace(read_refit_config("retrain"), fold_epochs=1, batch=256)
    found = find_label_issues(model, prepare(lines, model.config.n_rows), config, Run("sizes", None))
    print(f"{len(found.issues):,} labels by {len(model.space.tree.subheadings):,} codes ranked")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["retrain", "labels"])
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    {"retrain": learn, "labels": review}[parser.parse_args().what]()
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:.2f} GiB")

"""Poisoned batches: 500 lines of one shipper relabelled "not controlled", and a batch with one label in five wrong at random.

Run after the story, on its champion: `python tests/story/poisoned.py`. Prints what stops each.
"""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from elek_training.catalogue import read_catalogue
from elek_training.gate import read_gate_rules
from elek_training.label import Label
from elek_training.label_store import LabelStore
from elek_training.refit import read_refit_config
from elek_training.retrain import RetrainError, RetrainRequest, retrain
from elek_training.seizures import read_seizures
from elek_training.tracking import Run
from elek_training.training_set import read_rules

sys.path.insert(0, str(Path(__file__).parent))
from seized import part_goods

from story import FOLDER, frozen_test, tell

WRONG = 0.2


def spoil(labels: list[Label], share: float, seed: int) -> tuple[list[Label], set[str]]:
    """Give a share of the labels the code and entry of another good; also the keys of the spoilt lines."""
    random, others = Random(seed), read_catalogue()
    spoilt, keys = [], set()
    for label in labels:
        if random.random() < share:
            good = random.choice(others)
            keys.add(label.line_key)
            label = replace(label, hs=good.hs[0], control=";".join(good.control))
        spoilt.append(label)
    return spoilt, keys


def flood(labels: list[Label]) -> list[Label]:
    """Relabel 500 lines as not controlled, all of one shipper."""
    controlled = [label for label in labels if label.control not in ("", "none")][:500]
    theirs = {id(label) for label in controlled}
    return [replace(x, control="none", shipper="flood") if id(x) in theirs else x for x in labels]


def attempt(name: str, labels: list[Label], n_frozen: int) -> RetrainRequest:
    store = LabelStore(FOLDER / f"labels-{name}")
    now = datetime.now(UTC)
    store.add(labels, now)
    test, rules = frozen_test(part_goods(), n_frozen), read_gate_rules()
    config = read_refit_config("retrain")
    goods = part_goods().known
    return RetrainRequest("", FOLDER / "champion", FOLDER / name, store, test, config, read_rules(), rules, now, goods)


def main() -> None:
    labels = read_seizures(FOLDER / "seizures.csv").labels
    n_frozen = 800 if len(labels) < 1000 else 4000
    try:
        found = retrain(attempt("flooded", flood(labels), n_frozen), Run("flooded", None))
        theirs = found.selection.capped["shipper flood"]
        tell(
            f"flood: intake cut {theirs} of 500 lines; label doubt {found.review.share_wrong:.1%}; the gate says {found.gate.answer}"
        )
    except RetrainError as error:
        tell(f"flood: stopped at intake: {error}")
    spoilt, keys = spoil(labels, WRONG, 9)
    found = retrain(attempt("spoilt", spoilt, n_frozen), Run("spoilt", None))
    known = {issue.line_id for issue in found.review.issues} & keys
    first = {issue.line_id for issue in found.review.issues[: int(0.3 * len(found.review.issues))]}
    tell(
        f"wrong at random: label doubt {found.review.share_wrong:.1%}; the gate says {found.gate.answer}; label-issues has "
        f"{len(known & first)} of {len(known)} ({len(known & first) / max(1, len(known)):.1%}) in its first 30 %"
    )
    if found.gate.answer == "better" or len(known & first) < 0.8 * len(known):
        raise SystemExit(1)


if __name__ == "__main__":
    main()

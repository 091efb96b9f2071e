"""Poisoned batches: 500 lines of one shipper relabelled "not controlled", and a batch with one label in five wrong at random.

Run after the story, on its champion and its seizures: `python tests/story/poisoned.py`. Prints what stops each.
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
from elek_training.metrics import share
from elek_training.refit import read_refit_config
from elek_training.retrain import Retrained, RetrainRequest, retrain
from elek_training.retrain_report import write_reports
from elek_training.seizures import read_seizures
from elek_training.tracking import Run
from elek_training.training_set import read_rules

sys.path.insert(0, str(Path(__file__).parent))
from seized import part_goods

from story import FOLDER, frozen_test, make_champion, tell

WRONG, FLOOD = 0.2, 500


def spoil(labels: list[Label], share: float, seed: int) -> tuple[list[Label], set[str]]:
    """Give a share of the labels the code and entry of another good; also the keys of the spoilt lines."""
    random, others = Random(seed), read_catalogue()
    spoilt, keys = [], set()
    for label in labels:
        if random.random() < share:
            good = random.choice(others)
            while good.hs[0][:4] == label.hs[:4]:
                good = random.choice(others)
            keys.add(label.line_key)
            label = replace(label, hs=good.hs[0], control=";".join(good.control))
        spoilt.append(label)
    return spoilt, keys


def flood(labels: list[Label]) -> list[Label]:
    """Relabel many lines as not controlled, all of one shipper."""
    controlled = [label for label in labels if label.control not in ("", "none")][:FLOOD]
    theirs = {id(label) for label in controlled}
    return [replace(x, control="none", shipper="flood") if id(x) in theirs else x for x in labels]


def attempt(name: str, labels: list[Label]) -> Retrained:
    """Retrain the story's champion on other labels, with the story's test."""
    small, goods, store = len(labels) < 1000, part_goods(), LabelStore(FOLDER / f"labels-{name}")
    now = datetime.now(UTC)
    store.add(labels, now)
    test, rules = frozen_test(goods, 800 if small else 4000), read_gate_rules()
    champion, config = make_champion(goods, small), read_refit_config("retrain")
    request = RetrainRequest("", champion, FOLDER / name, store, test, config, read_rules(), rules, now, goods.known)
    found = retrain(request, Run(name, None))
    write_reports(found, request)
    tell(f"{name}: labels in doubt {found.review.share_wrong:.1%}; the gate says {found.gate.answer}")
    for sentence in [*found.gate.falls, *found.gate.refusals]:
        tell(f"  {sentence}")
    return found


def main() -> None:
    labels = read_seizures(FOLDER / "seizures.csv").labels
    flooded = attempt("flooded", flood(labels))
    cut = flooded.selection.capped["shipper flood"]
    tell(f"flooded: intake kept {FLOOD - cut} of the {FLOOD} lines of one shipper")
    spoilt, keys = spoil(labels, WRONG, 9)
    found = attempt("spoilt", spoilt)
    known = {issue.line_id for issue in found.review.issues} & keys
    first = {issue.line_id for issue in found.review.issues[: int(0.3 * len(found.review.issues))]}
    caught = share([key in first for key in known])
    tell(
        f"spoilt: label-issues has {len(known & first)} of {len(known)} wrong labels in its first 30 %: {caught.value:.1%} "
        f"({caught.low:.1%} to {caught.high:.1%})"
    )
    kept = {
        "the flood is stopped": cut == FLOOD or flooded.gate.answer != "better",
        "wrong labels do not pass the gate": found.gate.answer != "better",
        "label-issues finds 80 % of them in its first 30 %": caught.value >= 0.8,
    }
    for promise, is_kept in kept.items():
        tell(f"{'kept' if is_kept else 'BROKEN'}: {promise}")
    if not all(kept.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()

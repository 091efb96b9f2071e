"""Poisoned batches: 500 or 150 lines of one shipper relabelled "not controlled", and a batch with one label in five wrong.

Beside them, what must not be stopped: as many right labels of one shipper. Run after the story, on its champion and its seizures:
`python tests/story/poisoned.py`. Prints what stops each.
"""

import argparse
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from elek_training.catalogue import read_catalogue
from elek_training.gate import read_gate_rules
from elek_training.intake import trainable
from elek_training.label import Label
from elek_training.label_store import LabelStore, Ruling
from elek_training.metrics import share
from elek_training.refit import read_refit_config
from elek_training.retrain import Retrained, RetrainRequest, retrain
from elek_training.retrain_report import write_reports
from elek_training.seizures import read_seizures
from elek_training.tracking import Run
from elek_training.training_set import Selection, read_rules

sys.path.insert(0, str(Path(__file__).parent))
from seized import part_goods

from story import FOLDER, SEED, frozen_test, make_champion, tell

WRONG, FLOOD, TRICKLE = 0.2, 500, 150


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


def sent_by(labels: list[Label], n: int, shipper: str, control: str = "") -> list[Label]:
    """Give n labels of controlled goods to one shipper, and relabel them when a control is given."""
    chosen = {id(label) for label in [x for x in labels if x.control not in ("", "none")][:n]}
    return [replace(x, shipper=shipper, control=control or x.control) if id(x) in chosen else x for x in labels]


def select_from(labels: list[Label], name: str, *let_in: str) -> tuple[LabelStore, Selection]:
    """Take labels into a store of their own; a named person may let shippers in."""
    store, now = LabelStore(FOLDER / f"labels-{name}"), datetime.now(UTC)
    store.add(labels, now)
    for giver in let_in:
        store.rule(Ruling(giver, True, "the story", "each was opened", now.isoformat(timespec="seconds")))
    selection = trainable(store, read_rules(), now)
    for giver, waiting in selection.held.items():
        tell(f"{name}: {giver}: {waiting.labels:,} labels are held: {waiting.why}")
    return store, selection


def is_held(name: str, labels: list[Label], shipper: str) -> bool:
    """Whether not one label of a shipper is learnt or tested on, and nobody else is held."""
    selection = select_from(labels, name)[1]
    others = {label.line_key for label in labels if label.shipper != shipper}
    theirs = {label.line_key for label in labels if label.shipper == shipper} - others
    learnt = [line for line in (*selection.lines, *selection.canary) if line.line_id in theirs]
    tell(f"{name}: {len(learnt):,} of {len(theirs):,} lines that only this shipper gave are learnt or tested on")
    return not learnt and list(selection.held) == [f"shipper {shipper}"]


def attempt(name: str, labels: list[Label], seed: int, *let_in: str) -> Retrained:
    """Retrain the story's champion on other labels, with the story's test."""
    goods, store = part_goods(), select_from(labels, name, *let_in)[0]
    test, rules = frozen_test(goods, 4000, seed), read_gate_rules()
    champion, config = make_champion(goods, small=False), read_refit_config("retrain")
    request = RetrainRequest(
        "", champion, FOLDER / name, store, test, config, read_rules(), rules, datetime.now(UTC), goods.known
    )
    found = retrain(request, Run(name, None))
    write_reports(found, request)
    tell(f"{name}: labels in doubt {found.review.share_wrong:.1%}; the gate says {found.gate.answer}")
    for sentence in [*found.gate.falls, *found.gate.refusals]:
        tell(f"  {sentence}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED, help="of the story's seizures and frozen test")
    seed = parser.parse_args().seed
    labels = read_seizures(FOLDER / "seizures.csv").labels
    kept = {
        f"a flood of {FLOOD} is held": is_held("flooded", sent_by(labels, FLOOD, "flood", "none"), "flood"),
        f"{TRICKLE} wrong ones, fewer than a flood, are held": is_held(
            "trickled", sent_by(labels, TRICKLE, "trickle", "none"), "trickle"
        ),
        f"an honest shipper of {TRICKLE} is not held": not select_from(sent_by(labels, TRICKLE, "large"), "large")[
            1
        ].held,
    }
    honest = sent_by(labels, FLOOD, "large")
    kept[f"an honest shipper of {FLOOD} is held by name"] = is_held("honest", honest, "large")
    let_in = attempt("let-in", honest, seed, "shipper large")
    kept["the gate opens when a person lets it in"] = let_in.gate.answer == "better"
    spoilt, keys = spoil(labels, WRONG, seed)
    found = attempt("spoilt", spoilt, seed)
    known = {issue.line_id for issue in found.review.issues} & keys
    first = {issue.line_id for issue in found.review.issues[: int(0.3 * len(found.review.issues))]}
    caught = share([key in first for key in known])
    tell(
        f"spoilt: label-issues has {len(known & first)} of {len(known)} wrong labels in its first 30 %: {caught.value:.1%} "
        f"({caught.low:.1%} to {caught.high:.1%})"
    )
    kept["wrong labels do not pass the gate"] = found.gate.answer != "better"
    kept["label-issues finds 80 % of them in its first 30 %"] = caught.value >= 0.8
    for promise, is_kept in kept.items():
        tell(f"{'kept' if is_kept else 'BROKEN'}: {promise}")
    if not all(kept.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()

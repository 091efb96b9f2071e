"""The whole story, for real: champion, seizures, retraining, gate, promotion under load, rollback.

`make story` runs it at full size. It prints each figure and fails when a promise is not kept.
Everything it writes goes to build/story; the champion stays in build/champions, for its fit takes most of the time.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from elek.bundle import FORMAT_VERSION, Bundle
from elek.errors import ElekError
from elek.signature import generate_key
from elek_training.champion_weights import read_champion
from elek_training.config import read_config
from elek_training.gate import read_gate_rules
from elek_training.label_store import LabelStore
from elek_training.labelled import LabelledLine
from elek_training.paired import Bootstrap, Paired, compare_hits, compare_recall
from elek_training.pipeline import train
from elek_training.refit import read_refit_config
from elek_training.relations import relate
from elek_training.retrain import Retrained, RetrainRequest, retrain
from elek_training.retrain_report import write_reports
from elek_training.sources import Sources, gather
from elek_training.tracking import Run
from elek_training.training_set import read_rules

sys.path.insert(0, str(Path(__file__).parent))
from seized import FAMILIES, TYPOLOGY, UNSEEN_SEED, Goods, compose, part_goods, seized_lines, write_seized
from traffic import Traffic

FOLDER, CHAMPIONS = Path("build/story"), Path("build/champions")
BUDGET, LEAST_RISE, MOST_FALL = 0.02, 0.30, 0.01
PORT = 8931
SEED = 20261207
"""Draws the seizures and the frozen test; docs/retraining.md says how it goes with others."""


def tell(sentence: str) -> None:
    print(sentence, flush=True)


def make_champion(goods: Goods, small: bool) -> Path:
    """Train a bundle that has never seen the families and the typology, or find the one that an earlier story trained."""
    config = read_config("smoke" if small else str(Path(__file__).with_name("champion.toml")))
    base = gather(replace(config, composed_lines=1), [])
    facts = (FORMAT_VERSION, config.as_dict(), base.digests, FAMILIES, TYPOLOGY, UNSEEN_SEED)
    name = sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]
    try:
        read_champion(CHAMPIONS / name)
    except ElekError:  # none yet, or one of an earlier version
        theirs = {code[:4] for good in goods.new for code in good.hs}
        known = [x for x in base.lines if x.source != "composed" and not (x.source == "lexicon" and x.hs in theirs)]
        lines = compose(goods.known, config.composed_lines, config.seed) + known
        sources = Sources(lines, base.digests, {"story": len(lines)}, base.changed)
        train(sources, config, CHAMPIONS / name, Run("story champion", None))
    return CHAMPIONS / name


def frozen_test(goods: Goods, n: int, seed: int) -> list[LabelledLine]:
    """Lines of goods that neither bundle is trained on: what must not get worse."""
    return [replace(x, source="frozen", labelled_at="") for x in compose(goods.unseen, n, seed + 2)]


def new_family_recall(found: Retrained, goods: Goods, seized: Sequence[LabelledLine]) -> Paired | None:
    """Recall of the new families' controlled lines at the review budget, champion against challenger."""
    ids = {g.id for g in goods.new}
    theirs = {x.description for x in seized if x.group in ids}

    one, two = found.comparison.champion, found.comparison.challenger
    is_theirs = one.where(lambda line: line.description in theirs)
    return compare_recall((one, two), "controlled", is_theirs, BUDGET, Bootstrap(relate(one.lines), 500))


def old_knowledge(found: Retrained) -> dict[str, Paired]:
    """Compare on the frozen lines alone: over all lines, the new families would hide a fall of the old ones."""
    one, two = found.comparison.champion, found.comparison.challenger
    is_old = one.where(lambda line: line.source == "frozen")
    how = Bootstrap(relate(one.lines), 500)

    figures = {f"old goods, recall at {BUDGET:.0%}": compare_recall((one, two), "controlled", is_old, BUDGET, how)}
    for level in ("heading", "subheading", "entry"):
        hits = [np.where(is_old, judged.hits(level, 1), np.nan) for judged in (one, two)]
        figures[f"old goods, {level} top-1"] = compare_hits(hits[0], hits[1], how)
    return {name: paired for name, paired in figures.items() if paired}


def elek(*arguments: str, **environment: str) -> str:
    """Run the command line as a user does."""
    command = [str(Path(sys.executable).with_name("elek")), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} exited {done.returncode}: {done.stderr}")
    return done.stdout


def swap_under_load(champion: Path, challenger: Path, gate: Path, n: int) -> dict[str, Any]:
    """Promote while requests are in flight, then roll back; gives the counts."""
    published, key = FOLDER / "published", FOLDER / "signing.pem"
    generate_key(key)
    named = (
        "--by",
        "the story",
        "--reason",
        "first bundle",
        "--no-track",
        "--key",
        str(key),
        "--published",
        str(published),
    )
    elek("train", "promote", str(champion), *named)
    environment = {**os.environ, "ELEK_TRUST_KEY": f"{key}.pub", "ELEK_DATA": str(FOLDER / "served")}
    command = [
        str(Path(sys.executable).with_name("elek")),
        "serve",
        "--bundles",
        str(published),
        "--open",
        "--port",
        str(PORT),
    ]
    service = subprocess.Popen(command, env=environment, stderr=(FOLDER / "serve.log").open("w"))
    digests = Bundle.load(champion).digest, Bundle.load(challenger).digest
    try:
        traffic = Traffic(f"http://127.0.0.1:{PORT}")
        traffic.wait()
        load = threading.Thread(target=traffic.send, args=(n, digests[1]))
        load.start()
        time.sleep(2)
        ground = ("--gate", str(gate), "--no-track", "--key", str(key), "--published", str(published))
        elek("train", "promote", str(challenger), *ground)
        load.join()
        back = Traffic(traffic.address)
        elek("train", "rollback", *named)
        back.send(20, digests[0])
        after = traffic.ask()
    finally:
        service.terminate()
        service.wait(30)
    return {
        "requests": sum(traffic.bundles.values()) + len(traffic.failed),
        "failed": len(traffic.failed) + len(back.failed),
        "answered_by_champion": traffic.bundles[digests[0]],
        "answered_by_challenger": traffic.bundles[digests[1]],
        "after_rollback_is_champion": after == digests[0],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a try in minutes; its figures promise nothing")
    parser.add_argument("--seed", type=int, default=SEED, help="of seizures and frozen test")
    given = parser.parse_args()
    small, seed = given.small, given.seed
    n_seized, n_frozen, n_requests = (400, 800, 200) if small else (2000, 4000, 2000)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    goods = part_goods()
    tell(
        f"left out of the champion's training: families {', '.join(FAMILIES)} ({len(goods.new)} goods), typology {TYPOLOGY}"
    )
    champion = make_champion(goods, small)
    seized = seized_lines(goods, n_seized, seed)
    write_seized(seized, FOLDER / "seizures.csv", seed + 1)
    request = RetrainRequest(
        str(FOLDER / "seizures.csv"),
        champion,
        FOLDER / "challenger",
        LabelStore(FOLDER / "labels"),
        frozen_test(goods, n_frozen, seed),
        read_refit_config("retrain"),
        read_rules(),
        read_gate_rules(),
        datetime.now(UTC),
        goods.known,
    )
    started = time.monotonic()
    found = retrain(request, Run("story", None))
    minutes = (time.monotonic() - started) / 60
    reports = write_reports(found, request)
    recall = new_family_recall(found, goods, seized)
    if recall is None:
        raise SystemExit("no line of the new families is in the test")
    d = recall.difference
    tell(f"retrained on {len(found.selection.lines):,} labels in {minutes:.1f} minutes; reports in {reports}")
    tell(
        f"new families' recall at {BUDGET:.0%}: {recall.champion:.3f} to {recall.challenger:.3f}, {100 * d.value:+.1f} points "
        f"({100 * d.low:+.1f} to {100 * d.high:+.1f}, n {d.n})"
    )
    old = old_knowledge(found)
    for name, paired in old.items():
        change = paired.difference
        tell(
            f"{name}: {paired.champion:.3f} to {paired.challenger:.3f}, {100 * change.value:+.1f} points "
            f"({100 * change.low:+.1f} to {100 * change.high:+.1f}, n {change.n})"
        )
    fallen = [name for name, p in old.items() if p.difference.value < -MOST_FALL and p.difference.high < 0]
    for title, sentences in (("rises", found.gate.rises), ("falls", found.gate.falls), ("unsure", found.gate.warnings)):
        for sentence in sentences:
            tell(f"{title}: {sentence}")
    tell(f"labels in doubt: {found.review.share_wrong:.1%}; the gate says: {found.gate.answer}")
    kept = {
        "recall of the new families rises by 30 points": d.value >= LEAST_RISE,
        "nothing else falls by more than 1 point": not found.gate.falls and not fallen,
        "the gate passes": found.gate.answer == "better",
    }
    if found.gate.answer == "better":
        swap = swap_under_load(champion, request.out, reports / "gate.json", n_requests)
        tell(json.dumps(swap))
        kept["no request fails while bundles change"] = swap["failed"] == 0 and swap["answered_by_challenger"] > 0
        kept["rollback serves the old bundle"] = swap["after_rollback_is_champion"]
    for promise, is_kept in kept.items():
        tell(f"{'kept' if is_kept else 'BROKEN'}: {promise}")
    if not small and not all(kept.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()

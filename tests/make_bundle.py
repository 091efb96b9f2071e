"""Writes a tiny bundle: twelve headings, a table of 512 rows, seeded weights. `python tests/make_bundle.py FOLDER`.

`tests/model/bundles/v1` was written so. A new bundle format adds a folder beside it; the old ones stay for ever.
"""

import dataclasses
import sys
from pathlib import Path

import torch

from elek.labels import ControlEntry
from elek_training.calibrate import Calibration
from elek_training.config import read_config
from elek_training.export import BundleFacts, export
from elek_training.fit import GoodsModel
from elek_training.graph import GoodsGraph
from elek_training.known_words import known_words
from elek_training.labelled import LabelledLine
from elek_training.targets import LabelSpace
from elek_training.tree import HsTree

CHILDREN = {
    "0808": "10", "3926": "10", "4011": "10", "6109": "10", "7304": "11", "8413": "11 19", "8457": "10 20", "8482": "10 20",
    "8501": "10 20", "8542": "31 32 33", "8806": "21 22 23", "9014": "10 20 80",
}  # fmt: skip


def tiny_tree() -> HsTree:
    headings = sorted(CHILDREN, key=lambda h: (len(CHILDREN[h]), h))
    sizes = [len(CHILDREN[h].split()) for h in headings]
    return HsTree(
        chapters=tuple(sorted({h[:2] for h in headings})),
        headings=tuple(headings),
        subheadings=tuple(
            h + CHILDREN[h].split()[rank]
            for size in sorted(set(sizes))
            for rank in range(size)
            for h, own in zip(headings, sizes, strict=True)
            if own == size
        ),
        blocks=tuple((sizes.count(size), size) for size in sorted(set(sizes))),
    )


def write_tiny_bundle(folder: Path, seed: int = 1) -> str:
    """Write the bundle and give its digest."""
    torch.manual_seed(seed)
    asked = ControlEntry("3A001", "Electronic devices", "rated above a limit", "Which part number?")
    space = LabelSpace(tiny_tree(), (ControlEntry("none"), asked, ControlEntry("9A012", "Unmanned aircraft")))
    model = GoodsModel(dataclasses.replace(read_config("smoke"), n_rows=512, width=8), space)
    for head in (model.heads.subheading, model.heads.control, model.heads.vague):
        torch.nn.init.normal_(head.weight, 0, 2.0)
    lines = [
        LabelledLine("микросхема памяти", hs="854232", source="seizure", case_id="A-1"),
        LabelledLine("квадрокоптер с камерой", hs="880622", source="seizure", case_id="A-2"),
        LabelledLine("fresh apples", hs="080810", source="manual"),
        LabelledLine("轴承", hs="848210", source="manual"),
    ]
    thresholds = {"controlled": 0.5, "misdeclared": 0.5, "vague": 0.9}
    facts = BundleFacts(thresholds, {"priors": {}}, "# a bundle for tests\n", known_words((), lines))
    return export(GoodsGraph(model.eval(), Calibration()), space, lines, facts, folder)


if __name__ == "__main__":
    print(write_tiny_bundle(Path(sys.argv[1])))

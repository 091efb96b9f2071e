"""The recipe of the UK parcel tool on MiniLM: a two-layer network over the finest codes, log-sum-exp over their children.

The tool itself cannot be run: its model and trade data are private. Layers, rates and epochs follow its published training code;
the lines are far fewer than its own, so there are more epochs.
"""

from pathlib import Path

import numpy as np
import torch
from torch import nn

from benchmarks.guesses import Guesses
from benchmarks.lines import Task
from benchmarks.peers.minilm import embed, short_floats
from elek_training.tree import read_tree

NAME = "UK parcel recipe on MiniLM"
_HIDDEN, _EPOCHS, _BATCH, _RATE = 1024, 30, 512, 1.1e-3


def guess(task: Task, store: Path) -> Guesses:
    """Train on lines of 4 and 6 digits, and score headings or subheadings."""
    tree = read_tree()
    at = {c: i for codes in (tree.headings, tree.subheadings) for i, c in enumerate(codes)}
    coded = [line for line in task.train if line.hs in at]
    inputs = torch.from_numpy(embed([line.description for line in coded], store))
    fine = torch.tensor([len(line.hs or "") == 6 for line in coded])
    code = torch.tensor([at[line.hs or ""] for line in coded])
    weight = torch.tensor([line.weight for line in coded])
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Dropout(0.1),
        nn.Linear(inputs.shape[1], _HIDDEN),
        nn.LeakyReLU(),
        nn.Dropout(0.4),
        nn.Linear(_HIDDEN, len(tree.subheadings)),
    )
    optimizer = torch.optim.Adam(network.parameters(), lr=_RATE)
    for _ in range(_EPOCHS):
        for part in torch.randperm(len(coded)).split(_BATCH):
            with short_floats():
                logits = network(inputs[part])
            logits = logits.float()
            mass = tree.heading_log_mass(logits)
            six = logits.gather(1, (code[part] * fine[part])[:, None])[:, 0]
            four = mass.gather(1, (code[part] * ~fine[part])[:, None])[:, 0]
            missed = torch.logsumexp(mass, dim=1) - torch.where(fine[part], six, four)
            optimizer.zero_grad()
            (missed * weight[part]).mean().backward()
            optimizer.step()
    network.eval()
    with torch.no_grad():
        logits = network(torch.from_numpy(embed([line.description for line in task.test], store)))
        scores = tree.heading_log_mass(logits) if task.digits == 4 else logits
    return Guesses(
        tree.headings if task.digits == 4 else tree.subheadings, np.asarray(scores.numpy(), dtype=np.float32)
    )

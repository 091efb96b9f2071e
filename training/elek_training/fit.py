"""Fit: trains encoder and heads together on labelled lines. It does not calibrate or export."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from elek_training.config import FitConfig
from elek_training.encoder import NgramEncoder, Rows, collate, featurise
from elek_training.heads import Heads
from elek_training.labelled import LabelledLine
from elek_training.provenance import PARAGRAPHS, is_own
from elek_training.targets import LabelSpace, take

PARAGRAPH_TIMES = 2
"""How much more often than a line of the user's own a paragraph of the control lists is seen."""

Progress = Callable[[int, int, float], None]
"""Called with step, number of steps and loss."""


class GoodsModel(nn.Module):
    """Encoder and heads.

    Parameters
    ----------
    config : FitConfig
    space : LabelSpace
    """

    def __init__(self, config: FitConfig, space: LabelSpace) -> None:
        super().__init__()
        self.config, self.space = config, space
        self.encoder = NgramEncoder(config.n_rows, config.width, config.members)
        self.heads = Heads(config.width, space.tree, len(space.entries))

    def embed(self, rows: Sequence[Rows]) -> Tensor:
        """Embed hashed texts; shape (n, width)."""
        return torch.as_tensor(self.encoder(collate(rows))["sentence_embedding"])


@dataclass(frozen=True)
class Prepared:
    """Lines with their hashed features, made once.

    Attributes
    ----------
    lines : sequence of LabelledLine, length n
    rows : list of ndarray, length n
    """

    lines: Sequence[LabelledLine]
    rows: list[Rows]


def prepare(lines: Sequence[LabelledLine], n_rows: int) -> Prepared:
    """Hash the texts of lines; lines without any feature are left out."""
    rows = featurise([line.description for line in lines], n_rows)
    kept = [i for i, row in enumerate(rows) if len(row)]
    return Prepared([lines[i] for i in kept], [rows[i] for i in kept])


def fit_member(prepared: Prepared, config: FitConfig, space: LabelSpace, progress: Progress) -> GoodsModel:
    """Train one member.

    Parameters
    ----------
    prepared : Prepared
    config : FitConfig
        With one member. The same seed gives the same weights, on however many cores.
    space : LabelSpace
    progress : callable
        Called after every step.

    Returns
    -------
    GoodsModel
        In evaluation mode.
    """
    torch.manual_seed(config.seed)
    generator = np.random.default_rng(config.seed)
    model = GoodsModel(config, space)
    model.encoder.start_gates(prepared.rows)
    targets = space.targets(prepared.lines)
    sparse = torch.optim.SparseAdam(list(model.encoder.parameters()), lr=config.table_rate)
    dense = torch.optim.Adam(model.heads.parameters(), lr=config.head_rate)
    seen = _rows_of_epoch(prepared.lines, config.repeats)
    n_steps = config.epochs * -(-len(seen) // config.batch)
    for step, part in enumerate(_batches(seen, config, generator), start=1):
        set_rates(((sparse, config.table_rate), (dense, config.head_rate)), max(0.02, 1 - step / n_steps))
        rows = [thin(prepared.rows[i], config.feature_dropout, generator) for i in part]
        embedding = nn.functional.dropout(model.embed(rows), config.dropout)
        loss = model.heads.loss(embedding, take(targets, torch.from_numpy(part)))
        sparse.zero_grad()
        dense.zero_grad()
        loss.backward()
        sparse.step()
        dense.step()
        progress(step, n_steps, loss.item())
    return model.eval()


def _rows_of_epoch(lines: Sequence[LabelledLine], repeats: int) -> np.ndarray:
    """Rows of one epoch: what the composed lines would drown stands there several times."""
    times = [PARAGRAPH_TIMES * repeats if x.source in PARAGRAPHS else repeats if is_own(x) else 1 for x in lines]
    return np.repeat(np.arange(len(lines)), times)


def _batches(seen: np.ndarray, config: FitConfig, generator: np.random.Generator) -> Iterator[np.ndarray]:
    for _ in range(config.epochs):
        order = generator.permutation(seen)
        for at in range(0, len(order), config.batch):
            yield order[at : at + config.batch]


def thin(rows: Rows, share: float, generator: np.random.Generator) -> Rows:
    """Drop a share of a text's features, never all of them."""
    kept = rows[generator.random(len(rows)) >= share]
    return kept if len(kept) else rows


def set_rates(optimizers: Sequence[tuple[torch.optim.Optimizer, float]], factor: float) -> None:
    """Set learning rates to a share of their starts."""
    for optimizer, rate in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = rate * factor

"""Refit: goes on training a champion on new lines, while it rehearses what it knew.

Rehearsal (Robins 1995) without the old data: lines composed from the catalogue are shown beside the new ones, and the champion's
own answers are their targets (distillation: Hinton, Vinyals and Dean 2015, arXiv:1503.02531; learning without forgetting: Li and
Hoiem 2016, arXiv:1606.09282). At the end the weights go a part of the way back to the champion's: what is new costs a little, what
was old keeps more (Wortsman et al. 2022, arXiv:2109.01903). The optimizers start anew in every epoch, so weights alone are a
checkpoint.
"""

import copy
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load, save
from torch import Tensor, nn

from elek_training.config import CONFIGS, ConfigError
from elek_training.durable import write_whole
from elek_training.fit import GoodsModel, Prepared, Progress, set_rates, thin
from elek_training.targets import take


@dataclass(frozen=True, slots=True)
class RefitConfig:
    """Settings of a retraining.

    Attributes
    ----------
    epochs, batch : int
        Batch of new lines.
    rehearsal_batch : int
        Rehearsal lines beside each batch of new ones.
    table_rate, head_rate : float
        Learning rates at the start; they fall linearly to 2 %.
    dropout, feature_dropout : float
        As in `FitConfig`.
    rehearsal_lines : int
        Composed lines that the champion answers.
    rehearsal_terms : int
        Terms of the lexicon for each heading and language that it answers beside them, with the texts of the nomenclature; 0 for
        neither.
    rehearsal_weight : float
        Weight of agreeing with the champion on them, beside 1 for the new lines.
    champion_share : float
        Share of the champion's weights in the result, in [0, 1).
    folds, fold_epochs : int
        Of the cross-validation that looks for wrong labels.
    test_share : float
        Share of new lines, the newest, that is tested on and learnt next time.
    seed : int
    """

    epochs: int
    batch: int
    rehearsal_batch: int
    table_rate: float
    head_rate: float
    dropout: float
    feature_dropout: float
    rehearsal_lines: int
    rehearsal_terms: int
    rehearsal_weight: float
    champion_share: float
    folds: int
    fold_epochs: int
    test_share: float
    seed: int

    def as_dict(self) -> dict[str, Any]:
        """Give the settings as plain values."""
        return asdict(self)


def read_refit_config(name: str) -> RefitConfig:
    """Read settings by name (``retrain``, ``retrain-smoke``) or from a TOML file."""
    path = Path(name) if name.endswith(".toml") else CONFIGS / f"{name}.toml"
    if not path.is_file():
        raise ConfigError(
            f"no configuration '{name}'; known are retrain and retrain-smoke, or give the path of a .toml file"
        )
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    wrong = sorted(set(raw) ^ {f.name for f in fields(RefitConfig)})
    if wrong:
        raise ConfigError(f"{path}: key '{wrong[0]}' is {'unknown' if wrong[0] in raw else 'missing'}")
    return RefitConfig(**raw)


@dataclass(frozen=True)
class Lessons:
    """What a refit is shown.

    Attributes
    ----------
    new : Prepared
        Lines with labels.
    rehearsal : Prepared
        Lines whose targets are the champion's answers; may be empty.
    """

    new: Prepared
    rehearsal: Prepared


def refit(
    champion: GoodsModel, lessons: Lessons, config: RefitConfig, progress: Progress, folder: Path | None = None
) -> GoodsModel:
    """Train on from a champion.

    Parameters
    ----------
    champion : GoodsModel
        Stays as it is.
    lessons : Lessons
    config : RefitConfig
    progress : callable
        Called after every step.
    folder : Path or None
        Where a checkpoint is written after every epoch, and found again. A refit that goes on from one gives the same weights
        as one that was never stopped.

    Returns
    -------
    GoodsModel
        In evaluation mode.
    """
    model = copy.deepcopy(champion).train()
    per_epoch = -(-len(lessons.new.rows) // config.batch)
    n_steps = config.epochs * per_epoch
    done = _restore(model, folder)
    targets = model.space.targets(lessons.new.lines)
    for epoch in range(done, config.epochs):
        torch.manual_seed(config.seed * 1009 + epoch)
        generator = np.random.default_rng([config.seed, epoch])
        sparse = torch.optim.SparseAdam(list(model.encoder.parameters()), lr=config.table_rate)
        dense = torch.optim.Adam(model.heads.parameters(), lr=config.head_rate)
        rehearsed = _endless(len(lessons.rehearsal.rows), config.rehearsal_batch, generator)
        order = generator.permutation(len(lessons.new.rows))
        for k in range(per_epoch):
            step = epoch * per_epoch + k + 1
            set_rates(((sparse, config.table_rate), (dense, config.head_rate)), max(0.02, 1 - step / n_steps))
            part = order[k * config.batch : (k + 1) * config.batch]
            rows = [thin(lessons.new.rows[i], config.feature_dropout, generator) for i in part]
            embedding = nn.functional.dropout(model.embed(rows), config.dropout)
            loss = model.heads.loss(embedding, take(targets, torch.from_numpy(part)))
            if len(lessons.rehearsal.rows):
                whole = [lessons.rehearsal.rows[i] for i in next(rehearsed)]
                thinned = [thin(row, config.feature_dropout, generator) for row in whole]
                with torch.no_grad():
                    answers = champion.embed(whole)
                loss = loss + config.rehearsal_weight * disagreement(champion, answers, model, model.embed(thinned))
            sparse.zero_grad()
            dense.zero_grad()
            loss.backward()
            sparse.step()
            dense.step()
            progress(step, n_steps, loss.item())
        if folder:
            write_whole(folder / f"epoch-{epoch + 1}.safetensors", save(model.state_dict()))
    with torch.no_grad():
        for weight, before in zip(model.parameters(), champion.parameters(), strict=True):
            weight.lerp_(before, config.champion_share)
    return model.eval()


def disagreement(champion: GoodsModel, known: Tensor, model: GoodsModel, embedding: Tensor) -> Tensor:
    """Mean divergence of a model's answers from the champion's, over all heads; a scalar. Control counts most: it is queued.

    Parameters
    ----------
    champion : GoodsModel
    known : Tensor, shape (n, width)
        The champion's embeddings.
    model : GoodsModel
    embedding : Tensor, shape (n, width)
        The model's embeddings of the same lines.
    """
    with torch.no_grad():
        codes = torch.log_softmax(champion.heads.hs_logits(known), dim=1)
        entries = torch.log_softmax(champion.heads.control(known), dim=1)
        vague = torch.sigmoid(champion.heads.vague(known)[:, 0])
    divergence = nn.functional.kl_div
    hs = divergence(
        torch.log_softmax(model.heads.hs_logits(embedding), dim=1), codes, log_target=True, reduction="batchmean"
    )
    control = divergence(
        torch.log_softmax(model.heads.control(embedding), dim=1), entries, log_target=True, reduction="batchmean"
    )
    open_ = nn.functional.binary_cross_entropy_with_logits(model.heads.vague(embedding)[:, 0], vague)
    return torch.as_tensor(hs + 2.0 * control + open_)


def _endless(n: int, batch: int, generator: np.random.Generator) -> Iterator[np.ndarray]:
    while n:
        order = generator.permutation(n)
        for at in range(0, n, batch):
            yield order[at : at + batch]


def _restore(model: GoodsModel, folder: Path | None) -> int:
    """Load the newest checkpoint; gives the number of epochs done."""
    found = sorted(folder.glob("epoch-*.safetensors"), key=lambda p: int(p.stem.split("-")[1])) if folder else []
    if not found:
        return 0
    model.load_state_dict(load(found[-1].read_bytes()))
    return int(found[-1].stem.split("-")[1])

"""Members: models that are fitted apart, each on a core of its own, and joined into one.

Two models of half the width, averaged, know more than one of the whole width: their mistakes differ (Lakshminarayanan et al. 2017,
arXiv:1612.01474). All heads are linear, so the average of the members' logits is one model again, of the same size and speed.
"""

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import torch
from safetensors.torch import load, save
from torch import nn

from elek.parent import end_with_parent
from elek_training.config import FitConfig
from elek_training.fit import GoodsModel, Prepared, Progress, fit_member
from elek_training.targets import LabelSpace

LAYERS = ("subheading", "heading", "chapter", "control", "vague", "listed")
"""Linear heads."""


def fit(prepared: Prepared, config: FitConfig, space: LabelSpace, progress: Progress) -> GoodsModel:
    """Train a model: its members side by side, then joined.

    Parameters
    ----------
    prepared : Prepared
    config : FitConfig
        The same seed gives the same weights.
    space : LabelSpace
    progress : callable
        Called after every step of the first member.

    Returns
    -------
    GoodsModel
        In evaluation mode.
    """
    first, *others = (
        replace(config, members=1, width=config.width // config.members, seed=config.seed + k)
        for k in range(config.members)
    )
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # a core for each member; sums do not depend on the number of cores then
    try:
        if not others:
            return fit_member(prepared, first, space, progress)
        workers = max(1, min(len(others), (os.cpu_count() or 1) - 1))
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, mp_context=context, initializer=end_with_parent) as pool:
            waiting = [pool.submit(_fit_apart, prepared, other, space) for other in others]
            members = [fit_member(prepared, first, space, progress)]
            for other, weights in zip(others, waiting, strict=True):
                member = GoodsModel(other, space)
                member.load_state_dict(load(weights.result()))
                members.append(member)
    finally:
        torch.set_num_threads(threads)
    return join(members, config)


def _fit_apart(prepared: Prepared, config: FitConfig, space: LabelSpace) -> bytes:
    """Train a member in a process of its own; gives its weights."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    return save(fit_member(prepared, config, space, lambda step, n_steps, loss: None).state_dict())


def join(members: Sequence[GoodsModel], config: FitConfig) -> GoodsModel:
    """Join members into the model that averages their logits.

    Parameters
    ----------
    members : sequence of GoodsModel
        Each of one member, all of the same width and labels.
    config : FitConfig
        Of the joined model.

    Returns
    -------
    GoodsModel
        In evaluation mode.
    """
    model = GoodsModel(config, members[0].space)
    with torch.no_grad():
        for k, member in enumerate(members):
            model.encoder.tables[k].load_state_dict(member.encoder.tables[0].state_dict())
            model.encoder.gates[k].load_state_dict(member.encoder.gates[0].state_dict())
        for name in LAYERS:
            layer = getattr(model.heads, name)
            own: list[nn.Linear] = [getattr(member.heads, name) for member in members]
            layer.weight.copy_(torch.cat([part.weight for part in own], dim=1) / len(own))
            if layer.bias is not None:
                layer.bias.copy_(torch.stack([part.bias for part in own]).mean(dim=0))
    return model.eval()

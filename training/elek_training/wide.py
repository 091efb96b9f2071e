"""Wide columns: linear weights from features straight to vagueness and control, beside the dimensions that the members learnt.

A regularised linear model over single features knows more of short wording that was never seen than an embedding of a few dozen
dimensions does; the two together know most (wide and deep: Cheng et al. 2016, arXiv:1606.07792). The columns lie beside the
members' own dimensions in the table, so the graph that scores does not change.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC
from torch import Tensor, nn

from elek_training.config import ConfigError
from elek_training.controlled_truth import controlled_truth
from elek_training.fit import GoodsModel, Prepared
from elek_training.fit_members import LAYERS
from elek_training.minimise import minimise
from elek_training.provenance import COMPOSED, PARAGRAPHS
from elek_training.vague_wording import wording_weights

CATEGORIES = "0123456789"
"""First characters of control entries."""

N_COLUMNS = 2 + len(CATEGORIES)
"""Vague, listed, and each category; the members carry equal shares of them."""

PENALTY = 0.5
"""C of each SVC."""

PARAGRAPH_WEIGHT = 4.0
"""Of a paragraph of the control lists for the categories, beside 1 for a line of the catalogue."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Mix:
    """How much deep and wide part count, learnt on lines that neither has seen.

    Attributes
    ----------
    vague_deep, vague_wide, control_deep, category : float
        Factors of logits; 1 and 0 leave a head as it was.
    """

    vague_deep: float
    vague_wide: float
    control_deep: float
    category: float


def widen(model: GoodsModel, prepared: Prepared) -> GoodsModel:
    """Learn the wide columns; no head reads them before they are mixed in.

    Parameters
    ----------
    model : GoodsModel
    prepared : Prepared
        What the model was fitted on.

    Returns
    -------
    GoodsModel
        Wider by `N_COLUMNS`, in evaluation mode.

    Raises
    ------
    ConfigError
        If the members cannot carry equal shares of the columns.
    """
    if N_COLUMNS % model.config.members:
        raise ConfigError(
            f"members = {model.config.members} does not divide {N_COLUMNS}, the wide columns; give 1, 2, 3, 4 or 6"
        )
    columns = _columns(model, prepared)
    wider = GoodsModel(replace(model.config, width=model.config.width + N_COLUMNS), model.space)
    members = model.config.members
    share = N_COLUMNS // members
    with torch.no_grad():
        for k, (old, new) in enumerate(zip(model.encoder.pairs, wider.encoder.pairs, strict=True)):
            own = torch.from_numpy(columns[:, k * share : (k + 1) * share])
            new[0].weight.copy_(torch.cat([old[0].weight, _fitted(own, old[0].weight)], dim=1))
            new[1].load_state_dict(old[1].state_dict())
        for name in LAYERS:
            _read_old_columns(getattr(model.heads, name), getattr(wider.heads, name), members)
    return wider.eval()


def choose_mix(model: GoodsModel, held: Prepared) -> Mix:
    """Learn how much the wide columns count.

    Parameters
    ----------
    model : GoodsModel
        Widened, nothing mixed in.
    held : Prepared
        Lines of groups that it has not seen.

    Returns
    -------
    Mix
    """
    with torch.no_grad():
        embedding = torch.cat([model.embed(held.rows[at : at + 512]) for at in range(0, len(held.rows), 512)])
        deep_vague, deep_control = model.heads.vague(embedding)[:, 0], model.heads.control(embedding)
    wide = embedding[:, places(model)]
    targets, weight = model.space.targets(held.lines), balance(held)
    wording = torch.from_numpy(wording_weights(held.lines)).float()
    vague = nn.Parameter(torch.tensor([1.0, 0.0, 0.0]))
    control = nn.Parameter(torch.tensor([1.0, 0.0]))
    told = ~torch.isnan(targets.vague)
    if told.any():
        minimise(
            lambda: nn.functional.binary_cross_entropy_with_logits(
                vague[0] * deep_vague[told] + vague[1] * wide[told, 0] + vague[2], targets.vague[told], wording[told]
            ),
            [vague],
        )
    listed = (targets.control.sum(dim=1) > 0).nonzero()[:, 0]
    if len(listed):
        allowed, added = targets.control[listed] > 0, wide[listed, 2:] @ _reads(model)

        def control_loss() -> Tensor:
            log_p = torch.log_softmax(control[0] * deep_control[listed] + control[1] * added, dim=1)
            return -(torch.logsumexp(log_p.masked_fill(~allowed, -1e4), dim=1) * weight[listed]).mean()

        minimise(control_loss, [control])
    return Mix(*vague[:2].tolist(), *control.tolist())


def mix_in(model: GoodsModel, mix: Mix) -> None:
    """Let the heads of a widened model read the wide columns. How much the listed one counts is left to the calibration."""
    at, heads = places(model), model.heads
    with torch.no_grad():
        heads.vague.weight.mul_(mix.vague_deep)
        heads.vague.bias.mul_(mix.vague_deep)
        heads.vague.weight[0, at[0]] = mix.vague_wide
        heads.control.weight.mul_(mix.control_deep)
        heads.control.bias.mul_(mix.control_deep)
        heads.control.weight[:, at[2:]] = mix.category * _reads(model).T
        heads.listed.weight[0, at[1]] = 1.0


def places(model: GoodsModel) -> Tensor:
    """Dimensions of the embedding that are wide columns; shape (N_COLUMNS,)."""
    members, width = model.config.members, model.config.width
    last = torch.arange(width).reshape(members, -1)[:, -(N_COLUMNS // members) :]
    return last.reshape(-1)


def balance(held: Prepared) -> Tensor:
    """Weights by which composed lines count as much, in all, as the others: their number is our choice; shape (n,)."""
    composed = torch.tensor([line.source == COMPOSED for line in held.lines])
    n, n_composed = len(composed), int(composed.sum())
    if n_composed in (0, n):
        return torch.ones(n)
    return torch.where(composed, n / (2 * n_composed), n / (2 * (n - n_composed)))


def _columns(model: GoodsModel, prepared: Prepared) -> Floats:
    """Fit each column on the features as its member weighs them; shape (n_rows, N_COLUMNS)."""
    targets = model.space.targets(prepared.lines)
    weight = targets.weight.double().numpy()
    listed = controlled_truth(prepared.lines).numpy()
    kinds = (targets.control @ _reads(model).T).numpy() > 0
    known = targets.control.numpy().sum(axis=1) > 0
    categories = weight * np.array([PARAGRAPH_WEIGHT if x.source in PARAGRAPHS else 1.0 for x in prepared.lines])
    told = targets.vague.numpy()
    tasks = [(told > 0, weight * wording_weights(prepared.lines) * ~np.isnan(told))]
    tasks += [(listed > 0, weight * ~np.isnan(listed))]
    tasks += [(kinds[:, k], categories * known) for k in range(len(CATEGORIES))]
    share = N_COLUMNS // model.config.members
    columns = np.zeros((model.config.n_rows, N_COLUMNS), dtype=np.float32)
    for k, (truth, importance) in enumerate(tasks):
        if k % share == 0:
            features = _features(model, prepared, k // share)
        used = importance > 0
        if 0 < truth[used].sum() < used.sum():
            svc = LinearSVC(C=PENALTY, random_state=0)
            svc.fit(features[used], truth[used], sample_weight=importance[used])
            columns[:, k] = svc.coef_[0]
    return columns


def _features(model: GoodsModel, prepared: Prepared, member: int) -> csr_matrix:
    """Give the weights that a member's features have in its embedding; shape (n, n_rows)."""
    gate = model.encoder.pairs[member][1].weight.detach()[:, 0].exp().numpy()
    lengths = [len(row) for row in prepared.rows]
    joined = np.concatenate(prepared.rows)
    weights = gate[joined].astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    norm = np.sqrt(np.add.reduceat(weights * weights, starts[:-1])) + 1e-3
    weights /= np.repeat(norm, lengths)
    matrix = csr_matrix((weights, joined, starts), shape=(len(lengths), model.config.n_rows))
    matrix.sum_duplicates()
    return matrix


def _fitted(columns: Tensor, dimensions: Tensor) -> Tensor:
    """Bring columns to the size of a member's dimensions: they share one factor a row when they become bytes."""
    room = dimensions.abs().amax(dim=1, keepdim=True)
    used = columns.abs().amax(dim=1) > 0
    if not used.any():
        return columns
    size = columns.abs().amax(dim=0).clamp_min(1e-8)
    scaled = columns / size * room[used].median()
    return torch.minimum(torch.maximum(scaled, -room), room)


def _reads(model: GoodsModel) -> Tensor:
    """Which category's column speaks for which entry: 1 or 0; shape (10, n_entries)."""
    return torch.tensor([[float(entry.entry[0] == c) for entry in model.space.entries] for c in CATEGORIES])


def _read_old_columns(old: nn.Linear, new: nn.Linear, members: int) -> None:
    """Give a wider head the weights of the old one, and none for the new columns."""
    share = old.in_features // members
    new.weight.zero_()
    new.weight.reshape(new.out_features, members, -1)[:, :, :share] = old.weight.reshape(old.out_features, members, -1)
    if old.bias is not None:
        new.bias.copy_(old.bias)

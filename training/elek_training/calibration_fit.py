"""Learns the calibration from lines of groups that the model has not seen."""

import torch
from torch import Tensor, nn

from elek_training.calibrate import Calibration
from elek_training.controlled_truth import controlled_truth
from elek_training.fit import GoodsModel, Prepared
from elek_training.graph import GoodsGraph
from elek_training.heads import Targets
from elek_training.minimise import minimise
from elek_training.swaps import Swapper
from elek_training.taxonomy import read_taxonomy
from elek_training.vague_wording import wording_weights

DISTANCES = ("frequency", "section", "chapter", "sibling")
DECAY = 1e-3
"""Weight decay of the calibration: without it, scores of separable data grow so steep that rounding shows in them."""

TRAINED_PRIOR = 0.5
SERVED_PRIOR = 0.1
"""Share of wrongly declared lines expected at the desk: an assumption, recorded in the bundle."""


def calibrate(model: GoodsModel, held: Prepared, seed: int) -> Calibration:
    """Learn temperatures, Platt scaling and the misdeclaration head.

    Parameters
    ----------
    model : GoodsModel
        Fitted without the groups of `held`.
    held : Prepared
    seed : int

    Returns
    -------
    Calibration
    """
    torch.manual_seed(seed)
    calibration = Calibration()
    targets = model.space.targets(held.lines)
    with torch.no_grad():
        embedding = torch.cat([model.embed(held.rows[at : at + 512]) for at in range(0, len(held.rows), 512)])
        raw_vague = model.heads.vague(embedding)
        raw_control = model.heads.control(embedding)
        listed = model.heads.listed(embedding)
    _fit_temperatures(model, calibration, embedding, raw_control, targets)
    with torch.no_grad():
        parts = [_hs_summary(model, calibration, embedding[at : at + 512]) for at in range(0, len(embedding), 512)]
    chpl, entropy = torch.cat([p[0] for p in parts]), torch.cat([p[1] for p in parts])
    control = torch.softmax(raw_control / calibration.control_temperature.detach(), dim=1)
    words = torch.tensor([len(line.description.split()) for line in held.lines]).add(1).log1p()[:, None]
    told = ~torch.isnan(targets.vague)
    weight = torch.from_numpy(wording_weights(held.lines)).float()[:, None]
    if told.any():
        minimise(
            lambda: (
                nn.functional.binary_cross_entropy(
                    calibration.vague_probability(raw_vague[told], entropy[told], words[told]),
                    targets.vague[told, None],
                    weight[told],
                )
                + DECAY * calibration.vague.weight.square().sum()
            ),
            list(calibration.vague.parameters()),
        )
    with torch.no_grad():
        vague = calibration.vague_probability(raw_vague, entropy, words)
    truth = controlled_truth(held.lines)
    known = ~torch.isnan(truth)
    if known.any():
        minimise(
            lambda: (
                nn.functional.binary_cross_entropy(
                    calibration.controlled_probability(control[known], chpl[known], vague[known], listed[known])[:, 0],
                    truth[known],
                )
                + 1e-3 * calibration.controlled.weight.square().sum()
            ),
            list(calibration.controlled.parameters()),
        )
    _fit_misdeclaration(GoodsGraph(model, calibration), embedding, held, seed)
    return calibration


def _fit_temperatures(
    model: GoodsModel, calibration: Calibration, embedding: Tensor, raw_control: Tensor, targets: Targets
) -> None:
    coded = (targets.level >= 4).nonzero()[:, 0][:4000]
    if len(coded):
        with torch.no_grad():
            logits = model.heads.hs_logits(embedding[coded])
        level, code = targets.level[coded], targets.code[coded]

        def hs_loss() -> Tensor:
            scaled = logits / calibration.hs_temperature
            mass = model.space.tree.heading_log_mass(scaled)
            six = scaled.gather(1, (code * (level == 6))[:, None])[:, 0]
            four = mass.gather(1, (code * (level == 4))[:, None])[:, 0]
            return (torch.logsumexp(mass, dim=1) - torch.where(level == 6, six, four)).mean()

        minimise(hs_loss, [calibration.hs_temperature], steps=12)
    listed = (targets.control.sum(dim=1) > 0).nonzero()[:, 0]
    if len(listed):
        allowed = targets.control[listed] > 0

        def control_loss() -> Tensor:
            log_p = torch.log_softmax(raw_control[listed] / calibration.control_temperature, dim=1)
            return -torch.logsumexp(log_p.masked_fill(~allowed, -1e4), dim=1).mean()

        minimise(control_loss, [calibration.control_temperature], steps=20)


def _hs_summary(model: GoodsModel, calibration: Calibration, embedding: Tensor) -> tuple[Tensor, Tensor]:
    """CHPL mass and heading entropy (nats) of each line, shapes (n, 1)."""
    chpl = read_taxonomy().chpl
    columns = [i for i, code in enumerate(model.space.tree.subheadings) if code in chpl]
    logits = model.heads.hs_logits(embedding) / calibration.hs_temperature
    mass = model.space.tree.heading_log_mass(logits)
    total = torch.logsumexp(mass, dim=1, keepdim=True)
    log_heading = mass - total
    mass_on_list = (logits[:, columns] - total).exp().sum(dim=1, keepdim=True)
    return mass_on_list, -(log_heading.exp() * log_heading).sum(dim=1, keepdim=True)


def _fit_misdeclaration(graph: GoodsGraph, embedding: Tensor, held: Prepared, seed: int) -> None:
    """Learn the misdeclaration head on right codes, on wrong ones at every distance, and on composed evasions."""
    swapper = Swapper(held.lines, graph.tree)
    drawn = [d for k in range(2) for d in swapper.draw(TRAINED_PRIOR, DISTANCES, seed + k)] + swapper.evasions()
    if not drawn:
        return
    at = {
        c: i
        for codes in (graph.tree.chapters, graph.tree.headings, graph.tree.subheadings)
        for i, c in enumerate(codes)
    }
    rows = torch.tensor([d.row for d in drawn])
    declared = torch.tensor(
        [[at[d.code[:2]], at[d.code[:4]], at.get(d.code, -1) if len(d.code) == 6 else -1] for d in drawn]
    )
    words = torch.tensor([len(held.lines[d.row].description.split()) for d in drawn]).add(1).log1p()[:, None]
    wrong = torch.tensor([float(d.wrong) for d in drawn])
    with torch.no_grad():
        features = torch.cat(
            [
                graph.judge(embedding[rows[i : i + 512]], declared[i : i + 512], words[i : i + 512])[1]
                for i in range(0, len(drawn), 512)
            ]
        )
    head = graph.calibration
    minimise(
        lambda: (
            nn.functional.binary_cross_entropy(head.misdeclared_probability(features)[:, 0], wrong)
            + 0.1 * DECAY * sum(layer.square().sum() for layer in head.misdeclared.parameters())
        ),
        list(head.misdeclared.parameters()),
        steps=200,
    )
    head.set_prior(TRAINED_PRIOR, SERVED_PRIOR)

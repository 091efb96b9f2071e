"""GoodsGraph: encoder, heads and calibration as one module from code points to scores; what is exported to ONNX.

The embedding table and the HS head are stored as int8 with one float factor a row: weight-only and static, so a line's score
never depends on its neighbours in a batch.
"""

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from elek.graph import OUTPUTS, TOP
from elek.labels import TIERS
from elek_training.calibrate import Calibration, misdeclaration_features
from elek_training.fit import GoodsModel
from elek_training.ngrams import SPACE, hash_features
from elek_training.taxonomy import read_taxonomy

TINY = 1e-30
"""Smallest heading probability whose logarithm is taken."""


@dataclass(frozen=True)
class ByteRows:
    """A float matrix stored as int8 with one factor a row."""

    values: Tensor
    factor: Tensor

    @classmethod
    def of(cls, matrix: Tensor) -> "ByteRows":
        """Round each row to 255 levels between plus and minus its largest magnitude."""
        factor = matrix.abs().amax(dim=1).clamp_min(1e-8) / 127
        return cls((matrix / factor[:, None]).round().to(torch.int8), factor)

    def restore(self) -> Tensor:
        """Give the float matrix back, rounded."""
        return self.values.float() * self.factor[:, None]


class GoodsGraph(nn.Module):
    """Scores from code points, every head in one pass. The temperatures of the calibration are divided into the weights.

    Parameters
    ----------
    model : GoodsModel
    calibration : Calibration
    """

    table: Tensor
    weight: Tensor
    squared_gate: Tensor
    own: Tensor
    control_weight: Tensor
    control_bias: Tensor
    hs_values: Tensor
    hs_factor: Tensor
    hs_bias: Tensor
    chapter_of: Tensor
    chpl_columns: Tensor
    chpl_tiers: Tensor
    on_chpl: Tensor

    def __init__(self, model: GoodsModel, calibration: Calibration) -> None:
        super().__init__()
        tree = model.space.tree
        self.tree, self.n_rows = tree, model.encoder.n_rows
        self.calibration = calibration
        tables = [ByteRows.of(table.weight.detach()) for table, _ in model.encoder.pairs]
        gate = torch.cat([gate.weight.detach() for _, gate in model.encoder.pairs], dim=1).exp()
        gate[0] = 0.0  # row 0 pads texts with fewer features than their neighbours
        hs = model.heads.folded()
        weight = ByteRows.of(hs.weight.detach() / calibration.hs_temperature.detach())
        self.register_buffer("table", torch.cat([table.values for table in tables], dim=1))
        self.register_buffer("weight", gate * torch.stack([table.factor for table in tables], dim=1))
        self.register_buffer("squared_gate", gate * gate)
        self.register_buffer("own", torch.eye(len(tables)).repeat_interleave(tables[0].values.shape[1], dim=1))
        self.register_buffer("hs_values", weight.values)
        self.register_buffer("hs_factor", weight.factor[:, None])
        self.register_buffer("hs_bias", hs.bias.detach() / calibration.hs_temperature.detach())
        control, temperature = model.heads.control, calibration.control_temperature.detach()
        self.register_buffer("control_weight", control.weight.detach() / temperature)
        self.register_buffer("control_bias", control.bias.detach() / temperature)
        self.vague, self.listed = model.heads.vague, model.heads.listed
        self.register_buffer("chapter_of", tree.chapter_of_heading)
        chpl = read_taxonomy().chpl
        listed = [(i, TIERS.index(chpl[c])) for i, c in enumerate(tree.subheadings) if c in chpl]
        self.register_buffer("chpl_columns", torch.tensor([i for i, _ in listed]))
        self.register_buffer("chpl_tiers", F.one_hot(torch.tensor([t for _, t in listed]), len(TIERS)).float())
        self.register_buffer("on_chpl", torch.tensor([float(c in chpl) for c in tree.subheadings]))

    def embed(self, code_points: Tensor) -> Tensor:
        """Embed texts; shape (n, width). Only valid features are gathered: they are moved to the front first."""
        features = hash_features(code_points, self.n_rows)
        count = torch.cumsum(features.valid.to(torch.int64), dim=1)
        longest = cast(int, count[:, -1].max().item())
        torch._check(longest >= 0)
        torch._check(longest <= features.rows.shape[1])
        # what is not valid goes to one more column at the end
        place = torch.where(features.valid, count - 1, longest)
        front = torch.zeros_like(features.rows[:, :1]).expand(-1, longest + 1).scatter(1, place, features.rows)
        rows = front[:, :longest].reshape(-1)
        # bytes are gathered, a quarter of the memory that floats would be
        members, width = self.own.shape
        vectors = self.table.index_select(0, rows).reshape(-1, longest, width).float()
        weight = self.weight.index_select(0, rows).reshape(-1, longest, members)
        norm = self.squared_gate.index_select(0, rows).reshape(-1, longest, members).sum(dim=1).sqrt() + 1e-3
        # every member's weights over all columns; each keeps its own
        return ((weight.transpose(1, 2) @ vectors) * (self.own / norm[:, :, None])).sum(dim=1)

    def forward(self, code_points: Tensor, declared: Tensor) -> tuple[Tensor, ...]:
        """Score texts.

        Parameters
        ----------
        code_points : Tensor of int32, shape (n, length)
        declared : Tensor of int64, shape (n, 3)
            Columns of the declared chapter, heading and subheading, -1 for none.

        Returns
        -------
        tuple of Tensor
            In the order of `elek.graph.OUTPUTS`.
        """
        embedding = self.embed(code_points)
        words = torch.log1p((code_points == SPACE).float().sum(dim=1, keepdim=True))
        outputs, features = self.judge(embedding, declared, words)
        outputs["misdeclared"] = self.calibration.misdeclared_probability(features)[:, 0]
        outputs["embedding"] = embedding / (torch.linalg.vector_norm(embedding, dim=1, keepdim=True) + 1e-12)
        for level in ("heading", "subheading"):
            top = torch.topk(outputs[f"{level}s"], TOP, dim=1)
            outputs[f"top_{level}_p"], outputs[f"top_{level}"] = top.values, top.indices
        return tuple(outputs[name] for name in OUTPUTS)

    def judge(self, embedding: Tensor, declared: Tensor, words: Tensor) -> tuple[dict[str, Tensor], Tensor]:
        """Read all heads off embeddings.

        Parameters
        ----------
        embedding : Tensor, shape (n, width)
        declared : Tensor of int64, shape (n, 3)
        words : Tensor, shape (n, 1)
            Log of 1 + number of spaces, the outer ones counted.

        Returns
        -------
        dict of str to Tensor
            The outputs that do not depend on the misdeclaration head.
        Tensor, shape (n, N_FEATURES)
            Features of the misdeclaration head.
        """
        hs = (
            self.hs_values.float() * self.hs_factor
        )  # constant: onnxruntime computes it once, when the bundle is loaded
        subheading = torch.softmax(F.linear(embedding, hs, self.hs_bias), dim=1)
        heading = self.tree.heading_mass(subheading)
        log_heading = torch.log(heading.clamp_min(TINY))
        control = torch.softmax(F.linear(embedding, self.control_weight, self.control_bias), dim=1)
        chpl = subheading.index_select(1, self.chpl_columns) @ self.chpl_tiers
        entropy = -(heading * log_heading).sum(dim=1, keepdim=True)
        vague = self.calibration.vague_probability(self.vague(embedding), entropy, words)
        controlled = self.calibration.controlled_probability(
            control, chpl.sum(dim=1, keepdim=True), vague, self.listed(embedding)
        )

        at, given = declared.clamp_min(0), declared >= 0
        p_chapter = torch.where(self.chapter_of == at[:, :1], heading, 0.0).sum(dim=1, keepdim=True)
        p_heading = torch.where(given[:, 1:2], heading.gather(1, at[:, 1:2]), p_chapter)
        own = torch.where(given[:, 2:], subheading.gather(1, at[:, 2:]), p_heading)
        hidden = controlled * (1 - self.on_chpl[at[:, 2:]] * given[:, 2:])
        p = torch.cat([p_chapter, p_heading, own, heading.amax(dim=1, keepdim=True)], dim=1)
        features = misdeclaration_features(p, entropy, vague, hidden)
        outputs = {
            "controlled": controlled[:, 0],
            "vague": vague[:, 0],
            "declared_p": own[:, 0],
            "control": control,
            "chpl": chpl,
            "headings": heading,
            "subheadings": subheading,
        }
        return outputs, features

"""Heads: what is read off an embedding. HS code over all subheadings, control entry, vagueness."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from elek_training.tree import HsTree


@dataclass(frozen=True, slots=True)
class Targets:
    """What is known of n lines.

    Attributes
    ----------
    level : Tensor of int64, shape (n,)
        Digits of the true code: 0 unknown, 2, 4 or 6.
    code : Tensor of int64, shape (n,)
        Column at that level; 0 when unknown.
    control : Tensor of float, shape (n, n_entries)
        1 where an entry applies; a row of zeros is unknown.
    vague : Tensor of float, shape (n,)
        1, 0, or NaN for unknown.
    weight : Tensor of float, shape (n,)
    """

    level: Tensor
    code: Tensor
    control: Tensor
    vague: Tensor
    weight: Tensor


class Heads(nn.Module):
    """Linear heads that share one embedding.

    The weight of a subheading is its own plus its heading's plus its chapter's, so that what is learnt of a heading serves all
    its children, and a subheading never seen can still win.

    Parameters
    ----------
    width : int
        Dimensions of the embedding.
    tree : HsTree
    n_entries : int
        Control entries, "none" included.
    """

    heading_of: Tensor
    chapter_of: Tensor

    def __init__(self, width: int, tree: HsTree, n_entries: int) -> None:
        super().__init__()
        self.tree = tree
        self.subheading = nn.Linear(width, len(tree.subheadings))
        self.heading = nn.Linear(width, len(tree.headings), bias=False)
        self.chapter = nn.Linear(width, len(tree.chapters), bias=False)
        self.control = nn.Linear(width, n_entries)
        self.vague = nn.Linear(width, 1)
        self.listed = nn.Linear(width, 1, bias=False)  # reads a wide column; no loss reaches it
        for layer in (self.subheading, self.heading, self.chapter, self.control, self.vague, self.listed):
            nn.init.zeros_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
        self.register_buffer("heading_of", tree.heading_of_subheading, persistent=False)
        self.register_buffer("chapter_of", tree.chapter_of_heading, persistent=False)

    def hs_logits(self, embedding: Tensor) -> Tensor:
        """Logits of all subheadings, shape (n, n_subheadings)."""
        return nn.functional.linear(embedding, self.hs_weight(), self.subheading.bias)

    def hs_weight(self) -> Tensor:
        """Weights of all subheadings, their headings' and chapters' added; shape (n_subheadings, width)."""
        upper = self.heading.weight + self.chapter.weight[self.chapter_of]
        return self.subheading.weight + upper[self.heading_of]

    def folded(self) -> nn.Linear:
        """Give `hs_logits` as one linear layer, for the graph."""
        layer = nn.Linear(self.subheading.in_features, self.subheading.out_features)
        with torch.no_grad():
            layer.weight.copy_(self.hs_weight())
            layer.bias.copy_(self.subheading.bias)
        return layer

    def loss(self, embedding: Tensor, targets: Targets) -> Tensor:
        """Weighted sum of the heads' losses over what is known; unknown labels add nothing.

        A code of 4 digits trains the log-sum over its subheadings, one of 2 digits over its headings. Control is one softmax over
        the entries and "none"; of a good that several entries name, the log-sum over them is trained.

        Parameters
        ----------
        embedding : Tensor, shape (n, width)
        targets : Targets

        Returns
        -------
        Tensor
            Scalar.
        """
        logits = self.hs_logits(embedding)
        headings = self.tree.heading_log_mass(logits)
        total = torch.logsumexp(headings, dim=1)
        reached = self._reached(logits, headings, targets)
        hs = ((total - reached) * (targets.level > 0) * targets.weight).sum()
        control = torch.log_softmax(self.control(embedding), dim=1)
        known = targets.control.sum(dim=1) > 0
        masked = control.masked_fill(targets.control == 0, -1e4)
        listed = -(torch.logsumexp(masked, dim=1) * known * targets.weight).sum()
        told = ~torch.isnan(targets.vague)
        vagueness = nn.functional.binary_cross_entropy_with_logits(
            self.vague(embedding)[:, 0], torch.nan_to_num(targets.vague), reduction="none"
        )
        vague = (vagueness * told * targets.weight).sum()
        return (hs + 0.5 * listed + 0.5 * vague) / len(embedding)

    def _reached(self, logits: Tensor, headings: Tensor, targets: Targets) -> Tensor:
        """Log mass of the true code at its own level; shape (n,)."""
        at_six = logits.gather(1, (targets.code * (targets.level == 6))[:, None])[:, 0]
        at_four = headings.gather(1, (targets.code * (targets.level == 4))[:, None])[:, 0]
        reached = torch.where(targets.level == 6, at_six, at_four)
        chapters = (targets.level == 2).nonzero()[:, 0]
        if len(chapters):
            mine = self.chapter_of[None, :] == targets.code[chapters, None]
            mass = torch.logsumexp(headings[chapters].masked_fill(~mine, -1e4), dim=1)
            reached = reached.index_put((chapters,), mass)
        return reached

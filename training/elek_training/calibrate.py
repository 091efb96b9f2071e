"""Calibration: turns raw heads into probabilities, learnt on groups that the first fit did not see.

Temperature for the softmaxes (Guo et al. 2017, arXiv:1706.04599), logistic regression (Platt) for `controlled` and `vague`, and a
small network for `misdeclared` on features of the HS distribution.
"""

import math

import torch
from torch import Tensor, nn

_EPSILON = 1e-6
_NEAR_ONE = 1 - 1e-3
"""Above this, 1 - p has lost so many digits that rounding would show in the scores."""

N_FEATURES = 9
_SCALES = torch.tensor([1 / 5, 1 / 5, 1 / 5, 1, 1 / 5, 1 / 5, 1 / 3, 1, 1])


def _logit(p: Tensor) -> Tensor:
    p = p.clamp(1e-5, _NEAR_ONE)
    return torch.log(p) - torch.log1p(-p)


def misdeclaration_features(p: Tensor, entropy: Tensor, vague: Tensor, hidden: Tensor) -> Tensor:
    """Make the features of the misdeclaration head.

    Every node costs a single line about a microsecond, so what is alike is computed side by side.

    Parameters
    ----------
    p : Tensor, shape (n, 4)
        Of the declared chapter, heading and code at its own length, and of the best heading.
    entropy, vague, hidden : Tensor, shape (n, 1)
        Over headings (nats); vagueness; controlled score behind a code that is on no list.

    Returns
    -------
    Tensor, shape (n, 9)
        Logarithms scaled to about one, the margin to the best heading, and the others.
    """
    log_p = torch.log(p.clamp_min(_EPSILON))
    log_not = torch.log1p(-p[:, 1:2].clamp_max(_NEAR_ONE))
    return torch.cat([log_p, log_p[:, 3:] - log_p[:, 1:2], log_not, entropy, vague, hidden], dim=1) * _SCALES


class Calibration(nn.Module):
    """Parameters learnt after the fit; all start at "no change"."""

    prior_shift: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.hs_temperature = nn.Parameter(torch.ones(()))
        self.control_temperature = nn.Parameter(torch.ones(()))
        self.controlled = nn.Linear(6, 1)
        self.vague = nn.Linear(3, 1)
        self.misdeclared = nn.Sequential(nn.Linear(N_FEATURES, 16), nn.Tanh(), nn.Linear(16, 1))
        self.register_buffer("prior_shift", torch.zeros(()))
        with torch.no_grad():
            self.controlled.weight.copy_(torch.tensor([[0.0, 0.0, 1.0, 0.0, 0.0, 0.0]]))
            self.controlled.bias.zero_()
            self.vague.weight.copy_(torch.tensor([[1.0, 0.0, 0.0]]))
            self.vague.bias.zero_()

    def controlled_probability(self, control: Tensor, p_chpl: Tensor, vague: Tensor, listed: Tensor) -> Tensor:
        """P(an entry applies, or the true subheading is on the CHPL); shape (n, 1).

        Vagueness takes part, because what a vague text seems to name says little. Sums are taken over the entries, not as
        1 - p("none"), which rounding would spoil.

        Parameters
        ----------
        control : Tensor, shape (n, n_entries)
            Probabilities, "none" first.
        p_chpl, vague, listed : Tensor, shape (n, 1)
            The last is the wide column, a margin.
        """
        entry = control[:, 1:].sum(dim=1, keepdim=True)
        logits = _logit(torch.cat([entry, p_chpl, entry + control[:, :1] * p_chpl], dim=1))
        return torch.sigmoid(self.controlled(torch.cat([logits, vague, vague * logits[:, 2:], listed], dim=1)))

    def vague_probability(self, logit: Tensor, entropy: Tensor, log_words: Tensor) -> Tensor:
        """P(the text says too little); all of shape (n, 1)."""
        return torch.sigmoid(self.vague(torch.cat([logit, entropy, log_words], dim=1)))

    def misdeclared_probability(self, features: Tensor) -> Tensor:
        """P(the declared code is not the true one), at the prior recorded in the bundle; shape (n, 1)."""
        return torch.sigmoid(self.misdeclared(features) + self.prior_shift)

    def set_prior(self, trained: float, served: float) -> None:
        """Correct the misdeclaration head from the share of wrong codes it was trained on to the share expected in use.

        Parameters
        ----------
        trained, served : float
            Shares in (0, 1).
        """
        odds = math.log(served / (1 - served)) - math.log(trained / (1 - trained))
        with torch.no_grad():
            self.prior_shift.fill_(odds)

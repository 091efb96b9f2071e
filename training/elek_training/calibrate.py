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


def _logit(p: Tensor) -> Tensor:
    p = p.clamp(1e-5, _NEAR_ONE)
    return torch.log(p) - torch.log1p(-p)


def misdeclaration_features(raw: Tensor) -> Tensor:
    """Make the features of the misdeclaration head.

    Parameters
    ----------
    raw : Tensor, shape (n, 8)
        p of the declared chapter, heading and code at its own length; p of the best heading; entropy over headings (nats);
        vagueness; controlled score; whether the declared code is on the CHPL.

    Returns
    -------
    Tensor, shape (n, 9)
        Logarithms scaled to about one, the margin to the best heading, and "controlled behind an unlisted code".
    """
    p_chapter, p_heading, own, best, entropy, vague, controlled, listed = raw.unbind(dim=1)
    log_heading, log_best = torch.log(p_heading.clamp_min(_EPSILON)), torch.log(best.clamp_min(_EPSILON))
    return torch.stack(
        [
            torch.log(p_chapter.clamp_min(_EPSILON)) / 5,
            log_heading / 5,
            torch.log(own.clamp_min(_EPSILON)) / 5,
            log_best,
            (log_best - log_heading) / 5,
            entropy / 3,
            vague,
            controlled * (1 - listed),
            torch.log1p(-p_heading.clamp_max(_NEAR_ONE)) / 5,
        ],
        dim=1,
    )


class Calibration(nn.Module):
    """Parameters learnt after the fit; all start at "no change"."""

    prior_shift: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.hs_temperature = nn.Parameter(torch.ones(()))
        self.control_temperature = nn.Parameter(torch.ones(()))
        self.controlled = nn.Linear(5, 1)
        self.vague = nn.Linear(3, 1)
        self.misdeclared = nn.Sequential(nn.Linear(N_FEATURES, 16), nn.Tanh(), nn.Linear(16, 1))
        self.register_buffer("prior_shift", torch.zeros(()))
        with torch.no_grad():
            self.controlled.weight.copy_(torch.tensor([[0.0, 0.0, 1.0, 0.0, 0.0]]))
            self.controlled.bias.zero_()
            self.vague.weight.copy_(torch.tensor([[1.0, 0.0, 0.0]]))
            self.vague.bias.zero_()

    def controlled_probability(self, control: Tensor, p_chpl: Tensor, vague: Tensor) -> Tensor:
        """P(an entry applies, or the true subheading is on the CHPL); shape (n,).

        Vagueness takes part, because what a vague text seems to name says little. Sums are taken over the entries, not as
        1 - p("none"), which rounding would spoil.

        Parameters
        ----------
        control : Tensor, shape (n, n_entries)
            Probabilities, "none" first.
        p_chpl, vague : Tensor, shape (n,)
        """
        entry = control[:, 1:].sum(dim=1)
        either = _logit(entry + control[:, 0] * p_chpl)
        features = [_logit(entry), _logit(p_chpl), either, vague, vague * either]
        return torch.sigmoid(self.controlled(torch.stack(features, dim=1))[:, 0])

    def vague_probability(self, logit: Tensor, entropy: Tensor, log_words: Tensor) -> Tensor:
        """P(the text says too little); shape (n,)."""
        return torch.sigmoid(self.vague(torch.stack([logit, entropy, log_words], dim=1))[:, 0])

    def misdeclared_probability(self, features: Tensor) -> Tensor:
        """P(the declared code is not the true one), at the prior recorded in the bundle; shape (n,)."""
        return torch.sigmoid(self.misdeclared(features)[:, 0] + self.prior_shift)

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

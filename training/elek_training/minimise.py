"""Minimise: a small smooth loss over a few parameters, to its minimum."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn


def minimise(loss: Callable[[], Tensor], parameters: Sequence[nn.Parameter], steps: int = 60) -> None:
    """Change parameters until a loss is least, by L-BFGS.

    Parameters
    ----------
    loss : callable
        Gives a scalar that depends on the parameters.
    parameters : sequence of nn.Parameter
    steps : int
    """
    optimizer = torch.optim.LBFGS(list(parameters), max_iter=steps, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        value = loss()
        value.backward()
        return value

    optimizer.step(closure)

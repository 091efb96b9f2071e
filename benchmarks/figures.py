"""Figures of the benchmark, and the bars they are held against."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from benchmarks.settings import Settings
from elek_training.metrics import Measured

ELEK = "elek"
Role = Literal["elek", "peer"]


@dataclass(frozen=True)
class Figure:
    """One measure of one contestant.

    Attributes
    ----------
    contestant, measure : str
    found : Measured
    role : {"elek", "peer"}
        A bar compares elek with peers.
    """

    contestant: str
    measure: str
    found: Measured
    role: Role = "peer"


@dataclass(frozen=True)
class Bar:
    """What elek must reach.

    Attributes
    ----------
    limit : float
        The least value; the least lead over the best peer when `over_peer`; the greatest value when `at_most`.
    """

    limit: float
    over_peer: bool = False
    at_most: bool = False


@dataclass(frozen=True)
class Row:
    """One row of the table.

    Attributes
    ----------
    title : str
    measure : callable
        Gives the figures of elek and of every peer.
    bars : dict of str to Bar
        By measure; the measures without a bar are only reported.
    """

    title: str
    measure: Callable[[Settings], list[Figure]]
    bars: dict[str, Bar]

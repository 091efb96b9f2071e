"""Settings of a benchmark run: where the data lies, how many folds, and how small a quick run is."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from elek_training.config import FitConfig, read_config
from elek_training.labelled import LabelledLine
from elek_training.split import group_of, in_fold

HERE = Path(__file__).parent
FOLDS = 5
_SEED = 4
QUICK_SHARE = 0.1
"""Share of groups that a quick run keeps."""


@dataclass(frozen=True)
class Settings:
    """What a run may use.

    Attributes
    ----------
    data : Path
        Folder of the development data; rows that need an absent file are left out, saying so.
    cache : Path
        Folder for trained bundles and embeddings, so that a second run only does what changed.
    folds : int
        How many of the `FOLDS` folds to run.
    quick : bool
        The smoke configuration on few lines: shows that everything runs, its figures mean nothing.
    share : float
        Share of groups that are kept.
    """

    data: Path = HERE.parents[1] / "shared" / "data"
    cache: Path = HERE.parent / "build" / "benchmark"
    folds: int = FOLDS
    quick: bool = False
    share: float = 1.0

    @property
    def config(self) -> FitConfig:
        """The configuration of elek: always the default, but for a quick run."""
        return read_config("smoke" if self.quick else "ngram")

    def thin(self, lines: Sequence[LabelledLine]) -> list[LabelledLine]:
        """Keep the lines of a share of the groups."""
        if self.share >= 1:
            return list(lines)
        return [line for line in lines if in_fold(group_of(line), self.share, _SEED + 1)]


def fold_of(line: LabelledLine) -> int:
    """Give the fold of a line: all lines of one group have the same.

    Examples
    --------
    >>> fold_of(LabelledLine("a", group="g")) == fold_of(LabelledLine("b", group="g"))
    True
    """
    return next(k for k in range(FOLDS) if in_fold(group_of(line), (k + 1) / FOLDS, _SEED))

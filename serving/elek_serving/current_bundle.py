"""CurrentBundle: the one reference to the scorer that answers; a request reads it once and keeps what it got."""

from dataclasses import dataclass
from datetime import datetime

from elek.scorer import Scorer
from elek_serving.store.database import now


@dataclass(frozen=True)
class Loaded:
    """A scorer and since when it answers."""

    scorer: Scorer
    since: datetime

    @property
    def digest(self) -> str:
        """Digest of the bundle."""
        return self.scorer.bundle.digest

    @property
    def age_seconds(self) -> float:
        """Time since it answers."""
        return (now() - self.since).total_seconds()


class CurrentBundle:
    """Holds the scorer that answers.

    Parameters
    ----------
    scorer : Scorer
    """

    def __init__(self, scorer: Scorer) -> None:
        self._loaded = Loaded(scorer, now())

    def get(self) -> Loaded:
        """Give the scorer that answers now."""
        return self._loaded

    def swap(self, scorer: Scorer) -> None:
        """Answer with another scorer from now; requests in flight finish on the one they got."""
        self._loaded = Loaded(scorer, now())

"""Contradictions: givers whose labels say otherwise than those of others on near-copies of the same text.

Nothing is learnt for this, so a giver cannot teach a model to agree with it. A text and its near-copies count once, and each other
giver has one vote on it, however many labels it gave: whoever sends more does not outvote the others, and one wrong label weighs
little.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from elek.labels import NONE
from elek_training.clusters import near_duplicates
from elek_training.givers import givers_of
from elek_training.label import Label
from elek_training.metrics import Measured, share

Outcome = tuple[bool | None, str]
"""Whether a label says controlled (None: unknown) and its heading (empty: unknown)."""

Cluster = dict[tuple[str, ...], Counter[Outcome]]
"""What each set of givers says of near-copies of one text."""


@dataclass(frozen=True, slots=True)
class ContradictionRules:
    """When a giver contradicts the others.

    Attributes
    ----------
    least : int
        Texts of which others label near-copies that a giver needs to be judged.
    most : float
        Share of them that may say otherwise, by the low end of its interval.
    """

    least: int
    most: float


def find_contradicting(labels: Sequence[Label], rules: ContradictionRules) -> dict[str, Measured]:
    """Find the givers that contradict the others.

    Parameters
    ----------
    labels : sequence of Label
    rules : ContradictionRules

    Returns
    -------
    dict of str to Measured
        Giver to its share of texts at odds; n is its texts of which others label near-copies. The worst is found first, and the
        next without it: who is only at odds with the worst is not found.
    """
    clusters: dict[int, Cluster] = defaultdict(lambda: defaultdict(Counter))
    numbers = near_duplicates([label.description for label in labels]).tolist()
    for number, label in zip(numbers, labels, strict=True):
        clusters[number][givers_of(label)][_outcome(label)] += 1
    shared = [cluster for cluster in clusters.values() if len(cluster) > 1]
    found: dict[str, Measured] = {}
    while True:
        odds = {giver: share(hits) for giver, hits in _at_odds(shared, found).items() if len(hits) >= rules.least}
        worst = max(odds, key=lambda giver: (odds[giver].low, giver), default="")
        if not worst or odds[worst].low <= rules.most:
            return found
        found[worst] = odds[worst]


def _outcome(label: Label) -> Outcome:
    return (label.control != NONE if label.control else None), label.hs[:4] if len(label.hs) >= 4 else ""


def _at_odds(clusters: Sequence[Cluster], without: dict[str, Measured]) -> dict[str, list[bool]]:
    """Give, for each giver and text that others speak of too, whether most of its labels are at odds with most of them."""
    found: dict[str, list[bool]] = defaultdict(list)
    for cluster in clusters:
        speaking = {givers: said for givers, said in cluster.items() if givers and not set(givers) & set(without)}
        for givers, said in speaking.items():
            others = [what for who, what in speaking.items() if not set(who) & set(givers)]
            against, told = 0, 0
            for outcome, n in said.items():
                votes = [vote for what in others if (vote := _vote(outcome, what)) is not None]
                told += n if votes else 0
                against += n if sum(votes) > len(votes) / 2 else 0
            for giver in givers if told else ():
                found[giver].append(against > told / 2)
    return found


def _vote(outcome: Outcome, said: Counter[Outcome]) -> bool | None:
    """Whether most of what a giver says is at odds with an outcome; None when it says nothing of what the outcome says."""
    told = {other: n for other, n in said.items() if _comparable(outcome, other)}
    against = sum(n for other, n in told.items() if _differ(outcome, other))
    return against > sum(told.values()) / 2 if told else None


def _comparable(one: Outcome, other: Outcome) -> bool:
    return (one[0] is not None and other[0] is not None) or bool(one[1] and other[1])


def _differ(one: Outcome, other: Outcome) -> bool:
    return (None not in (one[0], other[0]) and one[0] != other[0]) or (bool(one[1] and other[1]) and one[1] != other[1])

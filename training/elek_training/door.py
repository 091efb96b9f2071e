"""Door: whose labels are held until a named person lets them in.

A giver can teach anything by sending enough of it, and a share of a flood is still a flood. So a giver is held whole that brings
far more than its share in one arrival, or that says otherwise than the others on near-copies of the same texts.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from elek_training.contradictions import ContradictionRules, find_contradicting
from elek_training.givers import UNNAMED, Held, givers_of
from elek_training.label_store import Ruling, Stored


@dataclass(frozen=True, slots=True)
class DoorRules:
    """When a giver is held.

    Attributes
    ----------
    most : float
        Share of all labels that a giver may bring in one arrival.
    least : int
        Labels of one giver in one arrival; fewer are no flood.
    contradictions : ContradictionRules
    """

    most: float
    least: int
    contradictions: ContradictionRules


class Door:
    """Decides for whose sake a stored label is held.

    Parameters
    ----------
    counted : sequence of Stored
        All labels that could be learnt, near-copies in one case once.
    rules : DoorRules
    rulings : sequence of Ruling
        Oldest first; the newest on a giver counts.
    """

    def __init__(self, counted: Sequence[Stored], rules: DoorRules, rulings: Sequence[Ruling]) -> None:
        self.rulings = {ruling.giver: ruling for ruling in rulings}
        brought = Counter((giver, one.received_at) for one in counted for giver in givers_of(one.label))
        if {giver for giver, _ in brought} <= {f"shipper {UNNAMED}"}:
            brought = Counter()
        self.floods = {key: n for key, n in brought.items() if n >= rules.least and n > rules.most * len(counted)}
        self.most = rules.most
        self.contradicting = find_contradicting(
            [one.label for one in counted if not self.holder(one, self._why_at_once)], rules.contradictions
        )

    def holder(self, one: Stored, why: Callable[[str, Stored], str] | None = None) -> str:
        """Name the giver for whose sake a label is held; empty when it is not."""
        return next((giver for giver in givers_of(one.label) if (why or self.why)(giver, one)), "")

    def why(self, giver: str, one: Stored) -> str:
        """Say why a giver's label is held; empty when it is not."""
        said = self._why_at_once(giver, one)
        odds = self.contradicting.get(giver)
        if said or odds is None or self._is_let_in(giver, one):
            return said
        return f"on {odds.value:.0%} of the {odds.n:,} texts that others label too it says otherwise than they do"

    def _why_at_once(self, giver: str, one: Stored) -> str:
        ruling = self.rulings.get(giver)
        if ruling is not None and not ruling.is_let_in:
            return f"{ruling.by} holds it: {ruling.reason}"
        n = self.floods.get((giver, one.received_at), 0)
        if not n or self._is_let_in(giver, one):
            return ""
        return f"it brought {n:,} labels at once, more than {self.most:.0%} of all"

    def _is_let_in(self, giver: str, one: Stored) -> bool:
        """Whether a named person let in what this giver had brought by then; what comes later is judged anew."""
        ruling = self.rulings.get(giver)
        return ruling is not None and ruling.is_let_in and one.received_at <= ruling.at

    def held(self, stored: Sequence[Stored]) -> dict[str, Held]:
        """Count the labels held, by giver, most first."""
        counts, whys = Counter[str](), dict[str, str]()
        for one in stored:
            if giver := self.holder(one):
                counts[giver] += 1
                whys.setdefault(giver, self.why(giver, one))
        return {giver: Held(n, whys[giver]) for giver, n in counts.most_common()}

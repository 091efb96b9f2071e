"""Budget: how many lines the reviewers can look at today, how many they did, and from which risk on a line is inside."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elek_serving.desk.queue_filter import OPEN
from elek_serving.store.database import now
from elek_serving.store.decisions import Decision
from elek_serving.store.lines import LineRow
from elek_serving.store.manifests import ManifestRow


@dataclass(frozen=True)
class Budget:
    """Today's budget.

    Attributes
    ----------
    lines : int
        What the reviewers can look at in one day.
    done : int
        Lines decided today (UTC) whose decision was not undone today.
    risk : float or None
        Open lines at or above it are inside; None when every flagged line is.
    """

    lines: int
    done: int
    risk: float | None

    @property
    def left(self) -> int:
        """Lines still to be looked at today."""
        return max(0, self.lines - self.done)

    def holds(self, line: LineRow) -> bool:
        """Say whether an open line is to be looked at today."""
        if self.left == 0 or line.state not in OPEN or line.verdict in (None, "clear"):
            return False
        return self.risk is None or line.risk >= self.risk


def todays_budget(session: Session, lines: int) -> Budget:
    """Count what was done today and find where the budget ends.

    Parameters
    ----------
    session : Session
    lines : int
        The budget of one day.
    """
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    done = _decided_since(session, today)
    left = max(0, lines - done)
    query = (
        select(LineRow.risk)
        .join(ManifestRow, ManifestRow.id == LineRow.manifest_id)
        .where(ManifestRow.state == "scored", LineRow.state.in_(OPEN), LineRow.verdict != "clear")
        .order_by(LineRow.risk.desc(), LineRow.id)
    )
    return Budget(lines, done, session.scalar(query.offset(left - 1).limit(1)) if left else None)


def _decided_since(session: Session, day: datetime) -> int:
    query = select(func.count(LineRow.id.distinct())).join(Decision, Decision.id == LineRow.decision_id)
    return session.scalar(query.where(Decision.at >= day)) or 0

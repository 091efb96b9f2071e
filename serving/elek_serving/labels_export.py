"""Decisions as labels: one JSON line for each standing decision, as `elek train intake --from-desk` reads them."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elek_serving.store.decisions import Decision
from elek_serving.store.lines import LineRow

SMOOTHING = 4
"""Decisions that a new reviewer counts as having kept."""


def decision_labels(session: Session) -> Iterator[str]:
    """Give the standing decisions of decided lines, oldest first, as JSON lines.

    A line whose text was removed, or that waits for a second person, is left out.
    """
    weights = reviewer_weights(session)
    query = (
        select(Decision, LineRow)
        .join(LineRow, LineRow.decision_id == Decision.id)
        .where(LineRow.state == "decided", LineRow.input != "")
        .order_by(Decision.id)
    )
    for decision, line in session.execute(query.execution_options(yield_per=500)):
        yield json.dumps(_label(decision, line, weights[decision.reviewer]), ensure_ascii=True) + "\n"


def reviewer_weights(session: Session) -> dict[str, float]:
    """Give each reviewer's weight in (0, 1]: the share of decisions that nobody else overruled, smoothed.

    Overruled is what a supervisor undid, and the side that lost a dispute.
    """
    made, overruled = Counter[str](), Counter[str]()
    by_id: dict[int, Decision] = {}
    for decision in session.scalars(select(Decision).order_by(Decision.id)):
        by_id[decision.id] = decision
        before = by_id.get(decision.answers) if decision.answers else None
        if decision.kind == "undo":
            if before and before.reviewer != decision.reviewer:
                overruled[before.reviewer] += 1
            continue
        made[decision.reviewer] += 1
        if before and before.state == "disputed":
            first = by_id.get(before.answers or 0)
            overruled.update(side.reviewer for side in (before, first) if side and side.kind != decision.kind)
    return {name: (n - overruled[name] + SMOOTHING) / (n + SMOOTHING) for name, n in made.items()}


def _label(decision: Decision, line: LineRow, weight: float) -> dict[str, Any]:
    goods = line.goods
    return {
        "line_id": line.line_id,
        "manifest": line.manifest_id,
        "row": line.row,
        "description": goods.description,
        "declared_hs": goods.declared_hs,
        "verdict": line.verdict,
        "entry": line.entry,
        "decision": decision.kind,
        "reason": decision.reason,
        "correct_hs": decision.correct_hs,
        "correct_entry": decision.correct_entry,
        "reviewer": decision.reviewer,
        "decided_at": decision.at.isoformat().replace("+00:00", "Z"),
        "bundle": line.bundle,
        "weight": round(weight, 4),
    }

"""The numbers page: volumes, how often reviewers overrule the bundle, how many of the lines they looked at were worth it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elek_serving.access import Running
from elek_serving.desk.charts import Chart, Rate, columns, points
from elek_serving.desk.page import Anyone, desk_router, show
from elek_serving.desk.translations import Translator
from elek_serving.store.blind_reviews import BlindReview, blind_pairs, cohens_kappa
from elek_serving.store.database import now
from elek_serving.store.decisions import Decision
from elek_serving.store.lines import LineRow
from elek_serving.store.manifests import ManifestRow

DAYS = 28
MOST_ENTRIES = 12

router = desk_router()


@dataclass(frozen=True)
class Judged:
    """A decided line, as the numbers need it."""

    day: date
    kind: str
    verdict: str | None
    entry: str | None
    language: str
    risk: float

    @property
    def flagged(self) -> bool:
        """Whether the bundle asked for a person."""
        return self.verdict not in (None, "clear")

    @property
    def overruled(self) -> bool:
        """Whether the reviewer said the opposite of the bundle."""
        return self.kind == ("clear" if self.flagged else "confirm")


@dataclass(frozen=True)
class Numbers:
    """What the page shows.

    Attributes
    ----------
    volumes : Chart
        Lines scored and lines decided, by day.
    verdicts : dict of str to int
        Scored lines by verdict.
    decisions : dict of str to int
        Standing decisions by kind.
    by_entry, by_language : list of Rate
        Share overruled among confirmed and cleared lines.
    precision : list of Rate
        Confirmed among confirmed and cleared flagged lines of each day's budget.
    precision_chart : Chart
    kappa : float or None
    pairs, waiting : int
        Blind reviews answered and still open.
    """

    volumes: Chart
    days: list[tuple[str, int, int]]
    verdicts: dict[str, int]
    decisions: dict[str, int]
    by_entry: list[Rate]
    by_language: list[Rate]
    precision: list[Rate]
    precision_chart: Chart
    kappa: float | None
    pairs: int
    waiting: int


@router.get("/numbers")
def numbers_page(request: Request, service: Running, who: Anyone) -> HTMLResponse:
    """Show the numbers of the last four weeks; verdicts and kappa are over everything."""
    with service.database.read() as session:
        numbers = count(session, service.settings.budget_a_day, Translator(who.language))
    return show(request, "numbers.html", who, numbers=numbers, budget=service.settings.budget_a_day, span=DAYS)


def count(session: Session, budget: int, t: Translator) -> Numbers:
    """Count everything the page shows."""
    first = now().date() - timedelta(days=DAYS - 1)
    judged = list(_judged(session))
    days = [first + timedelta(days=i) for i in range(DAYS)]
    scored = _scored_by_day(session, first)
    decided = Counter(j.day for j in judged)
    used = [d for d in days if scored[d] or decided[d]] or [days[-1]]
    names = [f"{d:%m-%d}" for d in used]
    volumes = columns(
        names,
        [
            ("scored", t("numbers.scored"), [scored[d] for d in used]),
            ("decided", t("numbers.decided"), [decided[d] for d in used]),
        ],
    )
    precision = precision_by_day(judged, budget)
    pairs = blind_pairs(session)
    return Numbers(
        volumes=volumes,
        days=[(name, scored[d], decided[d]) for name, d in zip(names, used, strict=True)],
        verdicts=_verdicts(session),
        decisions=dict(Counter(j.kind for j in judged)),
        by_entry=override_rates(judged, lambda j: j.entry)[:MOST_ENTRIES],
        by_language=override_rates(judged, lambda j: j.language),
        precision=precision,
        precision_chart=points(precision),
        kappa=cohens_kappa(pairs),
        pairs=len(pairs),
        waiting=session.scalar(select(func.count()).where(BlindReview.kind.is_(None))) or 0,
    )


def override_rates(judged: Iterable[Judged], by: Callable[[Judged], str | None]) -> list[Rate]:
    """Give the share overruled in each group, largest group first; referred lines are left out, they are not settled."""
    groups: dict[str, list[bool]] = defaultdict(list)
    for line in judged:
        name = by(line)
        if name and line.kind != "refer":
            groups[name].append(line.overruled)
    rates = [Rate.of(name, sum(overruled), len(overruled)) for name, overruled in groups.items()]
    return sorted(rates, key=lambda r: (-r.n, r.name))


def precision_by_day(judged: Iterable[Judged], budget: int) -> list[Rate]:
    """Give, day by day, how many of the flagged lines inside the budget were confirmed rather than cleared."""
    days: dict[date, list[Judged]] = defaultdict(list)
    for line in judged:
        if line.flagged:
            days[line.day].append(line)
    rates = []
    for day, lines in sorted(days.items()):
        inside = sorted(lines, key=lambda j: -j.risk)[:budget]
        settled = [j.kind == "confirm" for j in inside if j.kind != "refer"]
        if settled:
            rates.append(Rate.of(f"{day:%m-%d}", sum(settled), len(settled)))
    return rates


def _judged(session: Session) -> Iterable[Judged]:
    query = select(Decision.at, Decision.kind, LineRow.verdict, LineRow.entry, LineRow.language, LineRow.risk).join(
        Decision, Decision.id == LineRow.decision_id
    )
    start = now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS - 1)
    for at, kind, verdict, entry, language, risk in session.execute(
        query.where(LineRow.state == "decided", Decision.at >= start)
    ):
        yield Judged(at.date(), kind, verdict, entry, language, risk)


def _scored_by_day(session: Session, first: date) -> Counter[date]:
    query = select(ManifestRow.scored_at, ManifestRow.lines_read).where(ManifestRow.state == "scored")
    volumes: Counter[date] = Counter()
    for at, lines in session.execute(query):
        if at is not None and at.date() >= first:
            volumes[at.date()] += lines
    return volumes


def _verdicts(session: Session) -> dict[str, int]:
    query = select(LineRow.verdict, func.count()).join(ManifestRow, ManifestRow.id == LineRow.manifest_id)
    rows = session.execute(query.where(ManifestRow.state == "scored").group_by(LineRow.verdict))
    return {verdict or "error": n for verdict, n in rows}

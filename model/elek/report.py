"""Reports for people in the terminal: the scored table, the summary, the evidence of one line."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table
from rich.text import Text

from elek.budget import AtBudget, Measured, Queue
from elek.goods import GoodsLine, ScoredLine
from elek.labels import NONE
from elek.score_run import Progress, ScoreReport

STYLES = {
    "wrong_code_hides_control": "bold red",
    "controlled": "red",
    "too_vague": "yellow",
    "wrong_code": "magenta",
    "clear": "green",
}
WIDE = 170
"""Columns of a table that is piped or logged."""

PATIENCE = 2.0
"""Seconds before progress is shown."""

QUESTIONS = {"controlled": "controlled", "misdeclared": "wrongly declared"}


class Reporter:
    """What a run tells people, on standard error."""

    def __init__(self) -> None:
        self.console = Console(stderr=True)

    def tell(self, text: str) -> None:
        """Print one line."""
        self.console.print(text, soft_wrap=True, markup=False, highlight=False)

    def refuse(self, text: str) -> None:
        """Print why nothing was done."""
        self.console.print(text, style="red", soft_wrap=True, markup=False, highlight=False)

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Show the lines scored so far, when that takes longer than two seconds and somebody is looking."""
        started = shown = time.monotonic()
        status = self.console.status("scoring")

        def progress(lines: int) -> None:
            nonlocal shown
            now = time.monotonic()
            if not self.console.is_terminal or now - started < PATIENCE or now - shown < 0.2:
                return
            shown = now
            status.update(f"{lines:,} lines scored, {lines / (now - started):,.0f} lines/s")
            status.start()

        try:
            yield progress
        finally:
            status.stop()

    def show(self, report: ScoreReport) -> None:
        """Print lines by verdict, the commonest control entries, errors by cause, speed, and what else was found."""
        summary = report.summary
        title = f"{summary.lines:,} lines in {summary.seconds:.1f} s, {summary.lines_a_second:,.0f} lines/s"
        table = Table(title=title, title_justify="left")
        table.add_column("verdict")
        table.add_column("lines", justify="right")
        for verdict, style in STYLES.items():
            if summary.verdicts[verdict]:
                table.add_row(Text(verdict, style=style), f"{summary.verdicts[verdict]:,}")
        for cause, count in summary.errors.most_common(5):
            table.add_row(Text(f"error: {cause[:90]}"), f"{count:,}")
        if report.resumed:
            self.tell(f"continued after {report.resumed:,} lines")
        for note, count in report.manifest.notes.most_common():
            self.tell(f"{count:,} {note}")
        self.console.print(table)
        if summary.entries:
            common = ", ".join(f"{entry} ({count:,})" for entry, count in summary.entries.most_common(8))
            self.tell(f"likeliest control entries: {common}")
        if report.queue:
            self._show_queue(report.queue, report)
        if report.judged:
            findings = sorted(report.judged.findings.items())
            found = ", ".join(f"{kind} ({n:,})" for kind, n in findings) or "nothing found"
            self.tell(f"consignments: {found}; see {report.judged.path}")

    def _show_queue(self, queue: Queue, report: ScoreReport) -> None:
        n = report.summary.lines
        self.tell(f"queued: {queue.size:,} of {n:,} lines, those with a risk of at least {queue.threshold:.4f}")
        for name, expectation in queue.expect(report.metrics).items():
            self.tell(
                f"expected {QUESTIONS[name]}: {expectation.expected:,.1f} of the queued lines, "
                f"precision {_share(expectation.precision)}, recall {_share(expectation.recall)}"
            )
        self.tell(
            "expected by the bundle's calibration: 95 % intervals of chance and of the calibration error it measured"
        )
        measured = queue.at_budgets()
        if measured:
            self.console.print(_outcome_table(measured))
        if queue.unreadable_outcomes:
            self.tell(f"{queue.unreadable_outcomes:,} outcomes are neither yes nor no and count as unknown")
        if report.summary.errors:
            self.tell(
                f"{report.summary.errors.total():,} lines with errors have no scores and rank last; look at them apart"
            )


def _share(measured: Measured) -> str:
    return f"{measured.value:.1%} ({measured.low:.1%} to {measured.high:.1%})"


def _outcome_table(measured: list[AtBudget]) -> Table:
    table = Table(title="by the outcomes in the file", title_justify="left")
    for column in ("budget", "precision (95 %)", "recall (95 %)", "known outcomes"):
        table.add_column(column, justify="right")
    for row in measured:
        table.add_row(f"{row.share:.2%}", _share(row.precision), _share(row.recall), f"{row.known:,}")
    return table


def show_lines(lines: list[tuple[GoodsLine, ScoredLine]]) -> None:
    """Print scored lines as a table that an inspector reads.

    Parameters
    ----------
    lines : list of (GoodsLine, ScoredLine)
    """
    console = Console(width=None if sys.stdout.isatty() else WIDE)
    table = Table(show_lines=False)
    for column in ("line", "description", "declared", "verdict", "ctrl", "misd", "vague", "entry", "likely codes"):
        table.add_column(column, overflow="fold", no_wrap=column in ("ctrl", "misd", "vague", "entry"))
    before = None
    for goods, line in lines:
        if before is not None and goods.consignment_id != before:
            table.add_section()
        before = goods.consignment_id
        if line.status == "error":
            table.add_row(line.line_id, goods.description[:60], "", "error", "", "", "", "", line.error or "")
            continue
        entry = next((f"{r.code} {r.p:.2f}" for r in line.control if r.code != NONE), "")
        codes = " ".join(f"{r.code} {r.p:.2f}" for r in line.headings[:2])
        table.add_row(
            line.line_id,
            Text(goods.description[:70]),
            line.declared.hs if line.declared else "-",
            Text(line.verdict or "", style=STYLES[line.verdict or "clear"]),
            _two(line.controlled_score),
            _two(line.misdeclaration_score),
            _two(line.vagueness_score),
            entry,
            codes,
        )
    console.print(table)


def _two(p: float | None) -> str:
    return "-" if p is None else f"{p:.2f}"

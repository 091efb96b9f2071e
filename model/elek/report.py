"""Reports for people in the terminal: the scored table, the summary, the evidence of one line."""

import time
from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from elek.evidence import Evidence
from elek.goods import GoodsLine, ScoredLine
from elek.labels import NONE

STYLES = {
    "wrong_code_hides_control": "bold red",
    "controlled": "red",
    "too_vague": "yellow",
    "wrong_code": "magenta",
    "clear": "green",
}


class Summary:
    """Counts of a scored manifest.

    Parameters
    ----------
    keep : bool
        Keep the lines themselves, for a table.
    """

    def __init__(self, keep: bool = False) -> None:
        self.keep = keep
        self.kept: list[tuple[GoodsLine, ScoredLine]] = []
        self.verdicts: Counter[str] = Counter()
        self.entries: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.started = time.monotonic()

    def add(self, batch: list[ScoredLine]) -> None:
        """Count a batch."""
        for line in batch:
            if line.status == "error":
                self.errors[line.error or ""] += 1
                continue
            self.verdicts[line.verdict or ""] += 1
            if line.verdict in ("controlled", "wrong_code_hides_control"):
                self.entries[next((r.code for r in line.control if r.code != NONE), "")] += 1

    def show(self, console: Console) -> None:
        """Print lines by verdict, the commonest control entries, errors by cause, and speed."""
        n = sum(self.verdicts.values()) + sum(self.errors.values())
        seconds = max(time.monotonic() - self.started, 1e-6)
        table = Table(title=f"{n:,} lines in {seconds:.1f} s, {n / seconds:,.0f} lines/s", title_justify="left")
        table.add_column("verdict")
        table.add_column("lines", justify="right")
        for verdict, style in STYLES.items():
            if self.verdicts[verdict]:
                table.add_row(Text(verdict, style=style), f"{self.verdicts[verdict]:,}")
        for cause, count in self.errors.most_common(5):
            table.add_row(Text(f"error: {cause[:70]}"), f"{count:,}")
        console.print(table)
        if self.entries:
            common = ", ".join(f"{entry} ({count:,})" for entry, count in self.entries.most_common(8))
            console.print(f"likeliest control entries: {common}", markup=False)


def show_lines(console: Console, lines: list[tuple[GoodsLine, ScoredLine]]) -> None:
    """Print scored lines as a table that an inspector reads.

    Parameters
    ----------
    console : Console
    lines : list of (GoodsLine, ScoredLine)
    """
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


def show_evidence(console: Console, evidence: Evidence) -> None:
    """Print what moved one line's scores."""
    line = evidence.line
    if line.status == "error":
        console.print(line.error or "", style="red", markup=False)
        return
    console.print(Text(line.verdict or "", style=STYLES[line.verdict or "clear"]), Text(evidence.text))
    if line.flags:
        console.print("flags: " + ", ".join(line.flags), markup=False)
    table = Table(title="words that moved each score", title_justify="left")
    for column in ("word", "controlled", "misdeclaration", "vagueness"):
        table.add_column(column, justify="left" if column == "word" else "right")
    ranked = sorted(evidence.words, key=lambda w: -max(abs(m) for m in w.moves.values()))
    for word in ranked[:12]:
        moves = [word.moves.get(f"{name}_score") for name in ("controlled", "misdeclaration", "vagueness")]
        table.add_row(Text(word.text), *("-" if m is None else f"{m:+.3f}" for m in moves))
    table.add_section()
    table.add_row("score", _two(line.controlled_score), _two(line.misdeclaration_score), _two(line.vagueness_score))
    console.print(table)
    codes = Table(title="likely headings", title_justify="left")
    for column in ("heading", "p", "nomenclature"):
        codes.add_column(column)
    for row in evidence.codes:
        codes.add_row(row["hs"] + (" declared" if row["declared"] else ""), _two(row["p"]), Text(row["text"][:90]))
    console.print(codes)
    entries = ", ".join(f"{r.code} {r.p:.2f}" for r in line.control)
    console.print(f"control entries: {entries}", markup=False)
    if evidence.entry:
        console.print(f"{evidence.entry['entry']}: {evidence.entry['title']}", markup=False)
        console.print(f"decides: {evidence.entry['fact']}", markup=False)
    if line.ask:
        console.print(f"ask: {line.ask}", style="bold", markup=False)


def _two(p: float | None) -> str:
    return "-" if p is None else f"{p:.2f}"

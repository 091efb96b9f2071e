"""Report of the catalogue check, for people."""

from rich.console import Console
from rich.table import Table

from elek_training.catalogue_check import Report


def show(report: Report, console: Console) -> None:
    """Print counts, what is not covered, and problems.

    Parameters
    ----------
    report : Report
    console : Console
    """
    totals = Table(title="goods catalogue", title_justify="left")
    totals.add_column("count")
    totals.add_column("value", justify="right")
    for name, value in report.counts.items():
        if isinstance(value, dict):
            continue
        totals.add_row(name, f"{value:,}")
    console.print(totals)
    for name, value in report.counts.items():
        if isinstance(value, dict):
            console.print(f"{name}: " + ", ".join(f"{k} {n:,}" for k, n in value.items()), markup=False, soft_wrap=True)
    for name, missing in report.uncovered.items():
        shown = ", ".join(missing[:20]) + (" …" if len(missing) > 20 else "")
        console.print(f"{name}: {len(missing)} {shown}", markup=False, soft_wrap=True)
    for problem in report.problems[:50]:
        console.print(f"problem: {problem}", style="red", markup=False, soft_wrap=True)
    console.print(f"{len(report.problems):,} problems", style="red" if report.problems else "green")

"""The command `elek bench`: what this machine does with a bundle."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from elek.errors import ElekError

CANNOT_RUN = 3
TITLES = {
    "lines_per_second": "lines/s, strings to arrays, one core",
    "records_per_second": "lines/s, strings to records, one core",
    "single_p50_ms": "one line, median, ms",
    "single_p99_ms": "one line, 99th percentile, ms",
    "cold_start_s": "process start to first score, s",
    "rss_mb": "resident memory, MB",
    "gather_gb_per_second": "random rows of the table, GB/s",
    "gather_limit_lines_per_second": "lines/s that this would feed",
    "share_of_limit": "share of that limit",
}


def bench(
    bundle: Annotated[Path | None, typer.Option("--bundle", help="Folder of a bundle; default is the starter.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure how fast this machine scores; run it while nothing else runs."""
    from elek.bench import bench as measure

    console = Console(stderr=True)
    try:
        with console.status("measuring") as status:
            report = measure(bundle, lambda step: status.update(f"measuring: {step}")).as_dict()
    except ElekError as error:
        console.print(f"{error}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(CANNOT_RUN) from error
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=1))
        return
    table = Table(title=f"{report['machine']}; bundle {report['bundle'][:19]}", title_justify="left")
    table.add_column("measured")
    table.add_column("", justify="right")
    for name, title in TITLES.items():
        table.add_row(title, f"{report[name]:,.2f}" if report[name] < 100 else f"{report[name]:,.0f}")
    Console().print(table)

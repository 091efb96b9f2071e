"""Table: results as JSON and Markdown; the README's part is written between two comments."""

import json
import math
from pathlib import Path
from typing import Any

from benchmarks.figures import Bar, Figure
from benchmarks.rows import ROWS

START, END = "<!-- benchmark: start -->", "<!-- benchmark: end -->"

Results = dict[str, Any]
"""Row name to ``{"figures": [...]}`` or ``{"absent": sentence}``; what results.json holds."""


def as_json(figures: list[Figure]) -> list[dict[str, Any]]:
    """Give plain values."""
    return [{"contestant": f.contestant, "role": f.role, "measure": f.measure, **f.found.as_dict()} for f in figures]


def _number(value: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:,.0f}"


def _cell(figure: dict[str, Any]) -> str:
    value = _number(figure["value"])
    if figure["low"] == figure["high"]:
        return value
    return f"{value} ({_number(figure['low'])} to {_number(figure['high'])})"


def _asked(bar: Bar, best: float | None) -> float:
    return bar.limit + (best or 0.0) if bar.over_peer else bar.limit


def _bar_cells(bar: Bar | None, mine: float, best: float | None) -> tuple[str, str]:
    """Tell what is asked, and whether it is reached."""
    if bar is None or (bar.over_peer and best is None):
        return "", ""
    asked = _asked(bar, best)
    reached = mine <= asked if bar.at_most else mine >= asked
    return f"{'at most' if bar.at_most else 'at least'} {_number(asked)}", "yes" if reached else "**no**"


def summary(results: Results) -> str:
    """Render one line for each measure of elek: elek, the best peer, what is asked, whether it is reached."""
    rows = [
        "| lines | measure | elek (95 %) | best peer (95 %) | which | asked | reached | n |",
        "|---|---|---|---|---|---|---|---:|",
    ]
    for name, row in ROWS.items():
        found = results.get(name, {})
        if "absent" in found:
            rows.append(f"| {row.title} | not run: {found['absent']} | | | | | | |")
        for mine in (f for f in found.get("figures", ()) if f["role"] == "elek"):
            peers = [f for f in found["figures"] if f["role"] == "peer" and f["measure"] == mine["measure"]]
            bar = row.bars.get(mine["measure"])
            lowest_wins = bar is not None and bar.at_most
            ranked = sorted(peers, key=lambda f: f["value"], reverse=not lowest_wins)
            best = ranked[0] if ranked else None
            asked, reached = _bar_cells(bar, mine["value"], best["value"] if best else None)
            cells = [
                row.title,
                mine["measure"],
                _cell(mine),
                _cell(best) if best else "",
                best["contestant"] if best else "",
            ]
            rows.append(f"| {' | '.join([*cells, asked, reached, str(mine['n'])])} |")
    return "\n".join(rows) + "\n"


def details(results: Results) -> str:
    """Render every figure of every contestant, row by row."""
    parts = []
    for name, row in ROWS.items():
        figures = results.get(name, {}).get("figures")
        if not figures:
            continue
        measures = list(dict.fromkeys(f["measure"] for f in figures))
        table = [f"| contestant | {' | '.join(measures)} | n |", f"|---|{'---|' * len(measures)}---:|"]
        for contestant in dict.fromkeys(f["contestant"] for f in figures):
            mine = {f["measure"]: f for f in figures if f["contestant"] == contestant}
            cells = [_cell(mine[m]) if m in mine else "" for m in measures]
            table.append(f"| {contestant} | {' | '.join(cells)} | {max(f['n'] for f in mine.values())} |")
        parts.append(f"## {row.title}\n\n" + "\n".join(table) + "\n")
    return "\n".join(parts)


def read_results(path: Path) -> Results:
    """Read results.json; empty when there is none."""
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def write_results(results: Results, folder: Path) -> None:
    """Write results.json and results.md."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "results.md").write_text(f"{summary(results)}\n{details(results)}", encoding="utf-8")


def write_readme(results: Results, readme: Path) -> None:
    """Replace what stands between the two comments of the README with `readme_table`."""
    readme.write_text(with_table(readme.read_text(encoding="utf-8"), readme_table(results)), encoding="utf-8")


def readme_table(results: Results) -> str:
    """Render the summary; rows without a result are named."""
    return summary({**{name: {"absent": "no result yet"} for name in ROWS}, **results})


def with_table(text: str, table: str) -> str:
    r"""Put a table between the two comments of a text.

    Examples
    --------
    >>> with_table(f"a {START} old {END} b", "new") == f"a {START}\nnew{END} b"
    True
    """
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"the text lacks the comments {START} and {END}; put them where the table belongs")
    return f"{before}{START}\n{table}{END}{after}"

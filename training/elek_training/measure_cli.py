"""The `elek train` sub-commands that measure bundles."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from elek.errors import ElekError

if TYPE_CHECKING:
    from elek_training.compare import Comparison
    from elek_training.gate import GateResult
    from elek_training.metrics import Measured
    from elek_training.scorecard import Result

app = typer.Typer()

Bundle = Annotated[Path, typer.Argument(help="Folder of a bundle.")]
TestLines = Annotated[
    list[Path], typer.Option("--lines", help="Labelled CSV; may be given several times.", exists=True, dir_okay=False)
]
Html = Annotated[Path | None, typer.Option("--html", help="Write the report as one HTML page.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def evaluate(folder: Bundle, lines: TestLines, html: Html = None, as_json: AsJson = False) -> None:
    """Measure a bundle on labelled lines it has not seen; refused when it was trained on them."""
    from elek_training.evaluate import evaluate as measure
    from elek_training.evaluation_report import write_evaluation
    from elek_training.labelled import read_labelled

    try:
        found = measure(folder, [line for path in lines for line in read_labelled(path).lines])
        if html:
            write_evaluation(found, html)
    except ElekError as error:
        Console(stderr=True).print(f"{error}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(3) from error
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))
        return
    console = Console()
    title = f"{len(found.judged.lines):,} lines, {found.seen.total():,} left out as trained on"
    show_figures(console, title, found.figures)
    for kind, table in found.slices.items():
        heads = {name: f["heading top-1"] for name, f in table.items() if "heading top-1" in f}
        show_figures(console, f"heading top-1 by {kind}", heads)
    show_scorecard(console, found.scorecard)
    if html:
        console.print(f"report: {html}", markup=False)


@app.command()
def compare(
    champion: Bundle,
    challenger: Bundle,
    lines: TestLines,
    rules: Annotated[
        Path | None, typer.Option("--rules", help="TOML of gate rules.", exists=True, dir_okay=False)
    ] = None,
    record: Annotated[
        Path | None, typer.Option("--record", help="Write the gate record that `promote` asks for.")
    ] = None,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Compare two bundles on a frozen test; exit 0 better, 1 not better, 2 worse somewhere it must not be, 3 cannot compare."""
    from elek_training.compare import compare as measure
    from elek_training.comparison_report import write_comparison
    from elek_training.gate import EXIT_CODES, gate_record, judge, read_gate_rules
    from elek_training.labelled import read_labelled
    from elek_training.retrain_facts import label_doubt

    try:
        limits = read_gate_rules(rules) if rules else read_gate_rules()
        test = [line for path in lines for line in read_labelled(path).lines]
        found = measure((champion, challenger), test, limits.review_budget, limits.least_positives, limits.rounds)
        doubt = label_doubt(challenger)
    except ElekError as error:
        Console(stderr=True).print(f"{error}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(3) from error
    result = judge(found, doubt, limits)
    written = json.dumps(gate_record(found, result), ensure_ascii=False, indent=1)
    if record:
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(written, encoding="utf-8")
    if html:
        write_comparison(found, result, doubt, limits, html)
    typer.echo(written) if as_json else show_comparison(found, result)
    raise typer.Exit(EXIT_CODES[result.answer])


def show_comparison(found: "Comparison", result: "GateResult") -> None:
    """Print the answer, its reasons and every figure."""
    console = Console()
    table = Table(title=f"{len(found.champion.lines):,} lines, {len(found.flips):,} flipped", title_justify="left")
    for column in ("figure", "champion", "challenger", "difference", "interval", "n", "p"):
        table.add_column(column, justify="left" if column == "figure" else "right")
    for name, p in (found.figures | found.slices).items():
        d = p.difference
        chance = "" if p.p_value is None else f"{p.p_value:.2g}"
        interval = f"{d.low:+.3f} to {d.high:+.3f}"
        table.add_row(name, f"{p.champion:.3f}", f"{p.challenger:.3f}", f"{d.value:+.3f}", interval, f"{d.n:,}", chance)
    console.print(table)
    for title, sentences in (
        ("better", result.rises),
        ("worse", result.falls),
        ("refused", result.refusals),
        ("unsure", result.warnings),
    ):
        for sentence in sentences:
            console.print(f"{title}: {sentence}", markup=False)
    console.print(f"the challenger is {result.answer}", style="bold", markup=False)


@app.command()
def drift(
    lines: Annotated[Path, typer.Option("--lines", help="Recent manifest: CSV, XLSX, JSONL or Parquet.", exists=True)],
    reference: Annotated[
        Path | None,
        typer.Option("--reference", help="Earlier manifest; default: the first half of the recent one.", exists=True),
    ] = None,
    bundle: Annotated[Path | None, typer.Option("--bundle", help="Folder of a bundle; default: the starter.")] = None,
    decisions: Annotated[
        Path | None, typer.Option("--decisions", help="The desk's export, for the override rate.", exists=True)
    ] = None,
    budget: Annotated[int, typer.Option("--budget", min=0, help="Lines that can be labelled next.")] = 50,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Tell how far recent lines have moved from earlier ones; exit 0 steady or moved, 1 drifted, 3 cannot tell."""
    from elek.manifest import read_manifest
    from elek.scorer import Scorer
    from elek_training.drift import find_drift
    from elek_training.drift_report import HEADLINES, write_drift

    try:
        recent = list(read_manifest(lines).lines)
        half = len(recent) // 2
        earlier, recent = (
            (list(read_manifest(reference).lines), recent) if reference else (recent[:half], recent[half:])
        )
        said = (
            [json.loads(row) for row in decisions.read_text(encoding="utf-8").splitlines() if row] if decisions else []
        )
        found = find_drift(Scorer.load(bundle), earlier, recent, budget, said)
        if html:
            write_drift(found, html)
    except ElekError as error:
        Console(stderr=True).print(f"{error}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(3) from error
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))
    else:
        console = Console()
        table = Table(title=f"{found.n_before:,} earlier lines, {found.n_after:,} recent", title_justify="left")
        for column in ("measure", "state", "PSI", "by chance below"):
            table.add_column(column, justify="left" if column in ("measure", "state") else "right")
        for name, m in found.measures.items():
            table.add_row(name, m.state, f"{m.psi:.3f}", f"{m.chance:.3f}")
        console.print(table)
        console.print(HEADLINES[found.state])
        for goods, scored in found.next[:10]:
            console.print(f"label next: {goods.line_id}  {goods.description[:80]}  ({scored.verdict})", markup=False)
    raise typer.Exit(1 if found.state == "drifted" else 0)


def show_figures(console: Console, title: str, figures: "dict[str, Measured]") -> None:
    """Print figures with their intervals and n."""
    if not figures:
        return
    table = Table(title=title, title_justify="left")
    for column in ("measure", "value", "95 % interval", "n"):
        table.add_column(column, justify="left" if column == "measure" else "right")
    for name, m in figures.items():
        table.add_row(name, f"{m.value:.3f}", f"{m.low:.3f} to {m.high:.3f}", f"{m.n:,}")
    console.print(table)


def show_scorecard(console: Console, results: "list[Result]") -> None:
    """Print the evasion scorecard; says what is missing when there is none."""
    if not results:
        console.print(
            "no evasion scorecard: it needs lines of controlled and of harmless goods (columns control and hs)"
        )
        return
    table = Table(title="evasion scorecard: queued lines that become clear and unflagged", title_justify="left")
    for column in ("text", "treatment", "share", "95 % interval", "n", "at most", "score lost, p95", "passed"):
        table.add_column(column, justify="left" if column in ("text", "treatment", "passed") else "right")
    for r in results:
        m = r.evaded
        limit = "reported" if r.limit is None else f"{r.limit:.1%}"
        lost = (
            "" if r.drop is None else f"{r.drop:.2f}" + ("" if r.drop_limit is None else f" (at most {r.drop_limit})")
        )
        passed = {True: "yes", False: "[red]no[/]", None: ""}[r.passed]
        table.add_row(
            r.row, r.treatment, f"{m.value:.1%}", f"{m.low:.1%} to {m.high:.1%}", f"{m.n:,}", limit, lost, passed
        )
    console.print(table)

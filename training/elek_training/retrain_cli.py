"""The `elek train` sub-commands that learn from new labels or look for wrong ones."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from elek.errors import ElekError
from elek_training.labels_cli import STORE, Quarantine, Rules, Store, show_held
from elek_training.measure_cli import show_comparison

app = typer.Typer()

Champion = Annotated[
    Path | None,
    typer.Option("--champion", help="Folder of the champion; default: the published one, else the starter."),
]
Config = Annotated[str, typer.Option("--config", help="retrain, retrain-smoke, or a TOML file.")]
Published = Annotated[Path, typer.Option("--published", help="Folder of published bundles.")]
PUBLISHED = Path("bundles/published")


@app.command()
def retrain(
    out: Annotated[Path, typer.Option("--out", help="Folder of the challenger.")],
    seizures: Annotated[str, typer.Option("--seizures", help="CSV or XLSX of seizures, or the desk's export.")] = "",
    champion: Champion = None,
    test: Annotated[
        list[Path],
        typer.Option("--test", help="Frozen labelled CSV to compare on as well; may be repeated.", exists=True),
    ] = [],  # noqa: B006 (typer needs a list; never changed)
    store: Store = STORE,
    published: Published = PUBLISHED,
    config: Config = "retrain",
    quarantine_days: Quarantine = None,
    rules: Rules = None,
    track: Annotated[bool, typer.Option(help="Write the run to mlruns/mlflow.db under the current folder.")] = True,
) -> None:
    """Learn from new labels, starting from the champion; exits as `compare` does: 0 better, 1 not better, 2 worse."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from elek_training.gate import EXIT_CODES, read_gate_rules
    from elek_training.intake import rules_with
    from elek_training.label_store import LabelStore
    from elek_training.labelled import read_labelled
    from elek_training.published import champion_folder
    from elek_training.refit import read_refit_config
    from elek_training.retrain import RetrainRequest
    from elek_training.retrain import retrain as learn
    from elek_training.retrain_report import write_reports
    from elek_training.tracking import Run

    console = Console(stderr=True)
    try:
        request = RetrainRequest(
            seizures,
            champion or champion_folder(published),
            out,
            LabelStore(store),
            [line for path in test for line in read_labelled(path).lines],
            read_refit_config(config),
            rules_with(quarantine_days, rules),
            read_gate_rules(),
            datetime.now(UTC),
        )
        run = Run(out.name, Path("mlruns") if track else None)
        found = learn(request, run)
        reports = write_reports(found, request)
        run.finish(request.config.as_dict(), found.evaluation.figures, request.store.digests(), out, reports)
    except ElekError as error:
        console.print(f"{error}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(3) from error
    show_comparison(found.comparison, found.gate)
    show_held(found.selection.held, console)
    console.print(f"reports: {reports}", markup=False)
    if found.gate.answer == "better":
        console.print(
            f"next: read {reports / 'compare.html'}, then elek train promote {out} --gate {reports / 'gate.json'}",
            markup=False,
        )
    typer.echo(str(out))
    raise typer.Exit(EXIT_CODES[found.gate.answer])


@app.command("label-issues")
def label_issues(
    out: Annotated[Path, typer.Option("-o", "--out", help="CSV or JSONL for the desk, most doubtful first.")],
    lines: Annotated[
        list[Path], typer.Option("--lines", help="Labelled CSV; default: the label store.", exists=True, dir_okay=False)
    ] = [],  # noqa: B006 (typer needs a list; never changed)
    champion: Champion = None,
    store: Store = STORE,
    published: Published = PUBLISHED,
    config: Config = "retrain",
    html: Annotated[Path | None, typer.Option("--html", help="Write the report as one HTML page.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Rank labels that models trained on the other labels contradict, each with its reason."""
    from elek_training.champion_weights import read_champion
    from elek_training.fit import prepare
    from elek_training.gate import read_gate_rules
    from elek_training.intake import rules_with, trainable
    from elek_training.label_issues import find_label_issues, write_issues
    from elek_training.label_report import write_label_report
    from elek_training.label_store import LabelStore
    from elek_training.labelled import read_labelled
    from elek_training.published import champion_folder
    from elek_training.refit import read_refit_config
    from elek_training.relations import with_relations
    from elek_training.tracking import Run

    console = Console(stderr=True)
    try:
        if lines:
            labelled = with_relations([line for path in lines for line in read_labelled(path).lines])
        else:
            labelled = trainable(LabelStore(store), rules_with(0), datetime.now(UTC)).lines
        model = read_champion(champion or champion_folder(published)).model
        prepared = prepare(labelled, model.config.n_rows)
        review = find_label_issues(model, prepared, read_refit_config(config), Run("label-issues", None))
        write_issues(review, out)
        if html:
            write_label_report(review, read_gate_rules().most_label_doubt, html)
    except ElekError as error:
        console.print(f"{error}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(3) from error
    if as_json:
        typer.echo(
            json.dumps({"labels": len(review.issues), "share_wrong": round(review.share_wrong, 4), "list": str(out)})
        )
        return
    for issue in review.issues[:10]:
        typer.echo(f"{issue.doubt:.2f}  {issue.description[:60]}  {issue.reason}")
    typer.echo(
        f"{len(review.issues):,} labels ranked in {out}; about {review.share_wrong:.1%} look wrong. Review the list from its top"
    )

"""The command `elek explain`: one description, its scores and what moved them."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from elek.errors import ElekError
from elek.goods import GoodsLine
from elek.scorer import Scorer

LINES_WITH_ERRORS, CANNOT_RUN = 1, 3


def explain(
    text: Annotated[str, typer.Argument(help="A goods description.")],
    declared_hs: Annotated[str | None, typer.Option("--declared-hs", help="The declared code.")] = None,
    bundle: Annotated[Path | None, typer.Option("--bundle", help="Folder of a bundle; default is the starter.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write one printable page to this file.")] = None,
) -> None:
    """Score one description and show what moved its scores."""
    from elek.evidence import explain as find_evidence
    from elek.evidence_page import evidence_page
    from elek.evidence_view import show_evidence

    try:
        evidence = find_evidence(Scorer.load(bundle), GoodsLine(text, declared_hs=declared_hs, line_id="1"))
        if html:
            html.write_text(evidence_page(evidence), encoding="utf-8", errors="replace")
    except (ElekError, OSError) as error:
        Console(stderr=True).print(f"{error}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(CANNOT_RUN) from error
    if html:
        Console(stderr=True).print(f"wrote {html}; open it in a browser, or print it", markup=False, soft_wrap=True)
    if as_json:
        typer.echo(json.dumps(evidence.to_record(), ensure_ascii=False, indent=1))
    elif not html:
        show_evidence(Console(), evidence)
    raise typer.Exit(LINES_WITH_ERRORS if evidence.line.status == "error" else 0)

"""Evaluation report: one HTML page that needs nothing beside itself."""

import base64
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from elek_training.curves import draw_curves
from elek_training.durable import write_whole
from elek_training.evaluate import Evaluation
from elek_training.judged import SCORES

COLUMNS = (
    "heading top-1", "heading top-5", "subheading top-1", "subheading top-5", "entry top-1", "controlled recall at 2% false flags",
    "controlled average precision", "controlled calibration error", "misdeclaration average precision", "vagueness average precision",
)  # fmt: skip
"""Figures shown for each slice."""

QUESTIONS = {
    "controlled": "Does it name a controlled good?",
    "misdeclaration": "Does the declared code fit?",
    "vagueness": "Does it say enough to tell?",
}


def render(template: str, **values: Any) -> str:
    """Fill one of the templates; every value is escaped."""
    environment = Environment(
        loader=PackageLoader("elek_training"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template(template).render(**values)


def picture(png: bytes) -> str:
    """Give a PNG as base64, for the page itself."""
    return base64.b64encode(png).decode("ascii")


def write_evaluation(found: Evaluation, out: Path) -> None:
    """Write the page of one evaluation, and each of its pictures beside it as PNG.

    Parameters
    ----------
    found : Evaluation
    out : Path
        HTML file; the pictures are named after it.
    """
    codes = {k: m for k, m in found.figures.items() if k.split()[0] in ("heading", "subheading", "entry")}
    rows = {name: {k: m for k, m in found.figures.items() if k.startswith(name)} for name in SCORES}
    parts = [("codes", "Which code and entry?", codes), *((n, QUESTIONS[n], rows[n]) for n in SCORES if rows[n])]
    drawn = {name: draw_curves([("this bundle", found.judged)], name) for name in SCORES}
    shown = {kind: table for kind, table in found.slices.items() if table}
    columns = [c for c in COLUMNS if any(c in f for table in shown.values() for f in table.values())]
    curves = {name: picture(png) for name, png in drawn.items()} | {"codes": ""}
    page = render(
        "evaluation.html", title="Evaluation", found=found, scores=parts, curves=curves, tables=shown, columns=columns
    )
    write_whole(out, page.encode("utf-8"))
    for name, png in drawn.items():
        if png:
            write_whole(out.with_name(f"{out.stem}-{name}.png"), png)

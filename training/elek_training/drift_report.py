"""Drift report: one HTML page that says what moved, and which lines to have labelled."""

import io
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from elek_training.curves import COLOURS
from elek_training.drift import Drift
from elek_training.evaluation_report import picture, render

HEADLINES = {
    "steady": "Nothing moved by more than chance explains.",
    "moved": "Some measures moved; look at them, and have the lines below labelled.",
    "drifted": "The lines have changed: have the lines below labelled, and retrain.",
}


def draw_drift(found: Drift) -> bytes:
    """Draw earlier and recent shares of every measure as bars; PNG."""
    measures = {name: m for name, m in found.measures.items() if m.bins}
    rows = -(-len(measures) // 2)
    figure = Figure(figsize=(12, 2.5 * rows), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, 2, squeeze=False).flatten()
    for axis, (name, m) in zip(axes, measures.items(), strict=False):
        at = np.arange(len(m.bins))
        axis.bar(at - 0.2, m.before, 0.4, color=COLOURS[0], label="earlier")
        axis.bar(at + 0.2, m.after, 0.4, color=COLOURS[1], label="recent")
        axis.set_xticks(at, [b.replace("_", " ") for b in m.bins], fontsize=7, rotation=25 if len(m.bins) > 5 else 0)
        axis.set_title(f"{name}: {m.state}, PSI {m.psi:.2f}", fontsize=10, loc="left")
        axis.spines[["top", "right"]].set_visible(False)
        axis.set_ylabel("share of lines", fontsize=8)
    for axis in axes[len(measures) :]:
        axis.set_axis_off()
    if measures:
        axes[0].legend(frameon=False, fontsize=8)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=110, metadata={"Software": None})
    return out.getvalue()


def write_drift(found: Drift, out: Path) -> None:
    """Write the page."""
    page = render(
        "drift.html", title="Drift", found=found, headline=HEADLINES[found.state], bars=picture(draw_drift(found))
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page, encoding="utf-8")

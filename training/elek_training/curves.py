"""Curves: reliability, precision-recall and review budget of one or two bundles, as PNG."""

import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve

from elek_training.judged import Judged

COLOURS = ("#1b5e87", "#c2571a")
_BINS = 10

Floats = npt.NDArray[np.float64]


def draw_curves(judged: Sequence[tuple[str, Judged]], name: str) -> bytes:
    """Draw the three curves of one score side by side.

    Parameters
    ----------
    judged : sequence of (str, Judged)
        Title and answers of one or two bundles on the same lines.
    name : str
        One of `elek_training.judged.SCORES`.

    Returns
    -------
    bytes
        PNG; empty when no line of both kinds is known.
    """
    figure = Figure(figsize=(12, 3.8), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(1, 3)
    drawn = False
    for (title, one), colour in zip(judged, COLOURS, strict=False):
        p, truth = one.score(name), one.truth(name)
        known = ~np.isnan(p) & ~np.isnan(truth)
        p, truth = p[known], truth[known]
        if len(set(truth.tolist())) < 2:
            continue
        drawn = True
        _reliability(axes[0], p, truth, colour, title)
        precision, recall, _ = precision_recall_curve(truth, p)
        axes[1].plot(recall, precision, color=colour, label=title)
        budget, found = _found(p, truth)
        axes[2].plot(budget, found, color=colour, label=title)
    if not drawn:
        return b""
    axes[0].plot([0, 1], [0, 1], color="#999999", linewidth=0.8, linestyle="--")
    axes[2].axvline(2, color="#999999", linewidth=0.8, linestyle="--")
    axes[2].set_xscale("log")
    axes[2].set_xlim(0.5, 100)
    axes[2].set_xticks([0.5, 1, 2, 5, 10, 100], ["0.5", "1", "2", "5", "10", "100"])
    words = (
        ("Does a score of 0.8 mean 8 in 10?", "score", "share that is so"),
        ("What a longer queue costs", "share found (recall)", "share of queue that is right (precision)"),
        ("What a review budget finds", "% of lines looked at", "share found"),
    )
    for axis, (title, across, up) in zip(axes, words, strict=True):
        axis.set_title(title, fontsize=11, loc="left")
        axis.set_xlabel(across)
        axis.set_ylabel(up)
        axis.set_ylim(0, 1.03)
        axis.grid(alpha=0.25)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].legend(frameon=False, fontsize=9, loc="upper left")
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=110, metadata={"Software": None})
    return out.getvalue()


def _reliability(axis: Axes, p: Floats, truth: Floats, colour: str, title: str) -> None:
    """Mean score against share of positives in bins of equal count, the intervals as bars."""
    parts = [part for part in np.array_split(np.argsort(p, kind="stable"), _BINS) if len(part)]
    said = np.array([p[part].mean() for part in parts])
    true = np.array([truth[part].mean() for part in parts])
    spread = np.array([1.96 * np.sqrt(max(true[i] * (1 - true[i]), 0.01) / len(part)) for i, part in enumerate(parts)])
    axis.errorbar(
        said, true, yerr=spread, color=colour, marker="o", markersize=4, linewidth=1.2, capsize=2, label=title
    )


def _found(p: Floats, truth: Floats) -> tuple[Floats, Floats]:
    """Percent of lines looked at and share of positives found, highest scores first."""
    order = np.argsort(-p, kind="stable")
    found = np.cumsum(truth[order]) / max(1.0, truth.sum())
    return 100 * np.arange(1, len(p) + 1) / len(p), found

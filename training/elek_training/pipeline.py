"""The whole way from sources to a bundle: two fits, calibration between them, export."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from elek_training.calibration_fit import DISTANCES, SERVED_PRIOR, TRAINED_PRIOR, calibrate
from elek_training.config import FitConfig
from elek_training.conformal import conformal_sets
from elek_training.controlled_truth import controlled_truth
from elek_training.export import BundleFacts, export
from elek_training.fit import GoodsModel, Prepared, prepare
from elek_training.fit_members import fit
from elek_training.graph import GoodsGraph
from elek_training.known_words import known_words
from elek_training.metrics import Measured, bootstrap, share
from elek_training.model_card import write_card
from elek_training.nomenclature import EDITION
from elek_training.sources import Sources
from elek_training.split import hold_out
from elek_training.swaps import Swapper
from elek_training.targets import LabelSpace
from elek_training.taxonomy import read_taxonomy
from elek_training.thresholds import choose_thresholds
from elek_training.tracking import Run
from elek_training.tree import read_tree
from elek_training.wide import choose_mix, mix_in, widen


@dataclass(frozen=True)
class Trained:
    """What a training run gives.

    Attributes
    ----------
    digest : str
        Digest of the bundle.
    metrics : dict of str to Measured
        On the groups that the first fit did not see.
    """

    digest: str
    metrics: dict[str, Measured]


def train(sources: Sources, config: FitConfig, out: Path, run: Run) -> Trained:
    """Fit on most groups, calibrate on the rest, fit again on all, export.

    Parameters
    ----------
    sources : Sources
    config : FitConfig
    out : Path
        The bundle's folder.
    run : Run
        Where progress and metrics go.

    Returns
    -------
    Trained
    """
    torch.use_deterministic_algorithms(True)
    space = LabelSpace(read_tree(), read_taxonomy().labels())
    everything = prepare(sources.lines, config.n_rows)
    kept, held = _split(everything, config)
    with run.step("fit on part of the groups") as progress:
        first = widen(fit(kept, config, space, progress), kept)
    with run.step("calibrate on the others"):
        mix = choose_mix(first, held)
        mix_in(first, mix)
        calibration = calibrate(first, held, config.seed)
        graph = GoodsGraph(first, calibration)
        metrics, thresholds = measure(graph, first, held, config.seed)
        sets = conformal_sets(graph, first, held)
    with run.step("fit on all") as progress:
        model = widen(fit(everything, config, space, progress), everything)
        mix_in(model, mix)
    with run.step("export"):
        facts = _facts(sources, config, metrics, thresholds, sets)
        digest = export(GoodsGraph(model, calibration), space, sources.lines, facts, out)
    run.finish(config.as_dict(), metrics, sources.digests, out)
    return Trained(digest, metrics)


def measure(
    graph: GoodsGraph, model: GoodsModel, held: Prepared, seed: int
) -> tuple[dict[str, Measured], dict[str, float]]:
    """Measure every head on held-out lines, and choose the thresholds on them.

    Parameters
    ----------
    graph : GoodsGraph
        Of a model that has not seen the groups of `held`.
    model : GoodsModel
    held : Prepared
    seed : int

    Returns
    -------
    dict of str to Measured
    dict of str to float
        Threshold of each score.
    """
    tree = graph.tree
    at = {c: i for codes in (tree.chapters, tree.headings, tree.subheadings) for i, c in enumerate(codes)}
    drawn = {d.row: d for d in Swapper(held.lines, tree).draw(SERVED_PRIOR, DISTANCES, seed + 99)}
    declared = torch.full((len(held.rows), 3), -1)
    for row, d in drawn.items():
        declared[row] = torch.tensor([at[d.code[:2]], at[d.code[:4]], at[d.code] if len(d.code) == 6 else -1])
    words = torch.tensor([len(line.description.split()) for line in held.lines]).add(1).log1p()[:, None]
    parts: list[dict[str, Any]] = []
    with torch.no_grad():
        for i in range(0, len(held.rows), 256):
            outputs, features = graph.judge(
                model.embed(held.rows[i : i + 256]), declared[i : i + 256], words[i : i + 256]
            )
            parts.append(
                {
                    "controlled": outputs["controlled"],
                    "vague": outputs["vague"],
                    "misdeclared": graph.calibration.misdeclared_probability(features)[:, 0],
                    "headings": outputs["headings"].topk(5).indices,
                    "subheadings": outputs["subheadings"].topk(5).indices,
                }
            )
    said = {name: torch.cat([p[name] for p in parts]).double().numpy() for name in parts[0]}
    wrong = {row: d.wrong for row, d in drawn.items()}
    truths = {
        "controlled": controlled_truth(held.lines).double().numpy(),
        "vague": np.array([np.nan if line.vague is None else float(line.vague) for line in held.lines]),
        "misdeclared": np.array([float(wrong[i]) if i in wrong else np.nan for i in range(len(held.lines))]),
    }
    return _code_figures(said, held, at) | _score_figures(said, truths), choose_thresholds(said, truths)


def _code_figures(said: dict[str, np.ndarray], held: Prepared, at: dict[str, int]) -> dict[str, Measured]:
    figures: dict[str, Measured] = {}
    for level, digits in (("heading", 4), ("subheading", 6)):
        rows = [i for i, line in enumerate(held.lines) if not line.vague and line.hs and len(line.hs) >= digits]
        truth = np.array([at[(held.lines[i].hs or "")[:digits]] for i in rows])
        top = said[f"{level}s"][rows]
        figures[f"{level} top-1"] = share(top[:, 0] == truth)
        figures[f"{level} top-5"] = share((top == truth[:, None]).any(axis=1))
    return figures


def _score_figures(said: dict[str, np.ndarray], truths: dict[str, np.ndarray]) -> dict[str, Measured]:
    figures: dict[str, Measured] = {}
    for name, truth in truths.items():
        known = ~np.isnan(truth)
        for short, title in (("ap", "average precision"), ("ece", "calibration error")):
            figures[f"{name} {title}"] = bootstrap(short, said[name][known], truth[known])
    return figures


def _split(everything: Prepared, config: FitConfig) -> tuple[Prepared, Prepared]:
    rows = {id(line): row for line, row in zip(everything.lines, everything.rows, strict=True)}
    kept, held = hold_out(everything.lines, config.held_out, config.seed)
    return Prepared(kept, [rows[id(line)] for line in kept]), Prepared(held, [rows[id(line)] for line in held])


def _facts(
    sources: Sources,
    config: FitConfig,
    metrics: dict[str, Measured],
    thresholds: dict[str, float],
    sets: dict[str, Any],
) -> BundleFacts:
    recorded = {
        "editions": {"hs": EDITION, "control": "EU 2021/821 Annex I (October 2022) and US-only entries"},
        "conformal": sets,
        "priors": {"misdeclared": SERVED_PRIOR, "misdeclared_in_training": TRAINED_PRIOR},
        "data": {"counts": sources.counts, "digests": sources.digests, "changed_labels": dict(sources.changed)},
        "config": config.as_dict(),
        "metrics": {name: m.as_dict() for name, m in metrics.items()},
    }
    words = known_words(sources.names, sources.lines)
    return BundleFacts(thresholds, recorded, write_card(recorded, thresholds), words)

"""Export: a fitted model as a bundle on disk. Refused when the graph does not give the scores that torch gives."""

import logging
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from elek.bundle import WORDS, Bundle, write_index
from elek.code_points import to_code_points
from elek.errors import ElekError
from elek.graph import INPUTS, LABELS_KEY, OUTPUTS
from elek.graph import Graph as OnnxGraph
from elek.labels import Labels
from elek.scorer import Scorer
from elek.text import normalise
from elek.vocabulary import Vocabulary
from elek_training.golden import golden_lines
from elek_training.graph import GoodsGraph
from elek_training.labelled import LabelledLine
from elek_training.model_text import model_text
from elek_training.nomenclature import EDITION, read_nomenclature
from elek_training.precedents import choose, pack
from elek_training.targets import LabelSpace
from elek_training.taxonomy import read_taxonomy
from elek_training.trained_on import digest_lines

PARITY_TOLERANCE = 1e-4
PARITY_LINES = 500


class ExportError(ElekError):
    """A model that must not become a bundle; the message says which check failed."""


@dataclass(frozen=True)
class BundleFacts:
    """What a bundle says of itself beside its files.

    Attributes
    ----------
    thresholds : mapping
        `controlled`, `misdeclared`, `vague`.
    recorded : mapping
        Priors, editions, data digests, configuration, metrics: written into `bundle.json` as they are.
    card : str
        Markdown for people.
    words : Vocabulary
        The words that the bundle knows.
    trained_before : bytes
        Digests of what the weights were trained on in earlier runs.
    """

    thresholds: Mapping[str, float]
    recorded: Mapping[str, Any]
    card: str
    words: Vocabulary
    trained_before: bytes = b""


def make_labels(space: LabelSpace) -> Labels:
    """Give the labels in the order of the heads."""
    taxonomy = read_taxonomy()
    texts = read_nomenclature().texts
    tree = space.tree
    return Labels(
        edition=EDITION,
        chapters=tree.chapters,
        headings=tree.headings,
        subheadings=tree.subheadings,
        texts={code: texts[code] for code in sorted((*tree.chapters, *tree.headings, *tree.subheadings))},
        entries=space.entries,
        chpl=taxonomy.chpl,
        moves={old: moved for old in sorted(taxonomy.moves) if (moved := taxonomy.moved(old))},
    )


def to_onnx(graph: GoodsGraph, labels: Labels) -> bytes:
    """Export the graph to ONNX, weights inside, lengths and batch free, with a digest of the label order.

    Parameters
    ----------
    graph : GoodsGraph
    labels : Labels
        What its columns mean.

    Returns
    -------
    bytes
    """
    texts = ["микросхема", "现场可编程门阵列", "ball bearing 6205"]
    example = (torch.from_numpy(to_code_points(texts).copy()), torch.tensor([[0, 0, 0], [1, 2, 3], [-1, -1, -1]]))
    lines, length = torch.export.Dim("lines", min=1, max=65536), torch.export.Dim("length", min=2, max=8192)
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # it names optional packages on every export
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            graph.eval(),
            example,
            dynamo=True,
            dynamic_shapes=({0: lines, 1: length}, {0: lines}),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            external_data=False,
            verbose=False,
        )
    if program is None:
        raise ExportError("torch.onnx.export gave no program; see its messages above")
    model = program.model_proto
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    del model.metadata_props[:], model.graph.metadata_props[:], model.graph.value_info[:]
    model.metadata_props.add(key=LABELS_KEY, value=labels.order_digest)
    return bytes(model.SerializeToString(deterministic=True))


def check_parity(graph: GoodsGraph, model: bytes, texts: Sequence[str], declared: np.ndarray) -> float:
    """Compare the ONNX graph with torch, line by line.

    Parameters
    ----------
    graph : GoodsGraph
    model : bytes
    texts : sequence of str, length n
        Normalised.
    declared : ndarray of int64, shape (n, 3)

    Returns
    -------
    float
        Largest absolute difference over all probabilities.

    Raises
    ------
    ExportError
        If it exceeds `PARITY_TOLERANCE`.
    """
    runner = OnnxGraph(model)
    worst = 0.0
    for at in range(0, len(texts), 50):
        code_points = to_code_points(texts[at : at + 50])
        indices = declared[at : at + 50]
        mine = runner.run(code_points, indices, 5)
        with torch.no_grad():
            outputs = graph(torch.from_numpy(code_points.copy()), torch.from_numpy(indices))
        theirs = dict(zip(OUTPUTS, outputs, strict=True))
        for name in ("controlled", "misdeclared", "vague", "declared_p", "control", "chpl"):
            worst = max(worst, float(np.abs(getattr(mine, name) - theirs[name].numpy()).max()))
        for level in ("heading", "subheading"):
            reference = theirs[f"top_{level}_p"].numpy()[:, :5]
            worst = max(worst, float(np.abs(getattr(mine, f"{level}_p") - reference).max()))
    if not worst <= PARITY_TOLERANCE:
        raise ExportError(
            f"ONNX and torch differ by {worst:.1e}, more than {PARITY_TOLERANCE:.0e}; nothing was exported"
        )
    return worst


def export(graph: GoodsGraph, space: LabelSpace, lines: Sequence[LabelledLine], facts: BundleFacts, out: Path) -> str:
    """Write a bundle; `out` is replaced only when everything succeeded.

    Parameters
    ----------
    graph : GoodsGraph
    space : LabelSpace
    lines : sequence of LabelledLine
        What it was trained on: precedents, digests for leak checks, lines for the parity check.
    facts : BundleFacts
    out : Path
        The bundle's folder.

    Returns
    -------
    str
        Digest of the bundle.

    Raises
    ------
    ExportError
        If the graph does not agree with torch.
    """
    out = out.resolve()
    if out.exists() and any(out.iterdir()) and not (out / "bundle.json").exists():
        raise ExportError(f"'{out}' exists and is no bundle; choose another --out")
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        labels = make_labels(space)
        model = to_onnx(graph, labels)
        sample = _spread(lines, PARITY_LINES)
        texts = [model_text(line.description) for line in sample]
        declared = np.random.default_rng(0).integers(-1, len(space.tree.chapters), size=(len(texts), 3))
        worst = check_parity(graph, model, texts, declared)
        (work / "model.onnx").write_bytes(model)
        (work / "labels.json").write_text(labels.to_json(), encoding="utf-8")
        _write_precedents(work, graph, lines)
        (work / "trained_on.bin").write_bytes(digest_lines(lines, facts.trained_before))
        (work / WORDS).write_bytes(facts.words.pack())
        (work / "card.md").write_text(facts.card, encoding="utf-8")
        (work / "golden.jsonl").write_text("", encoding="utf-8")
        described = {
            "thresholds": dict(facts.thresholds),
            **facts.recorded,
            "git_commit": _git_commit(),
            "parity": {"lines": len(texts), "largest_difference": worst},
        }
        write_index(work, described)
        (work / "golden.jsonl").write_text(
            golden_lines(Scorer(Bundle.load(work, trust_key=""), check_golden=False)), encoding="utf-8"
        )
        digest = write_index(work, described)
        Scorer(Bundle.load(work, trust_key=""))  # a new bundle is signed when it is promoted
        work.chmod(0o755)
        _replace(work, out)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return digest


def _write_precedents(work: Path, graph: GoodsGraph, lines: Sequence[LabelledLine]) -> None:
    chosen = [lines[i] for i in choose(lines)]
    texts = [model_text(line.description) for line in chosen]
    parts = []
    with torch.no_grad():
        for at in range(0, len(texts), 128):
            embedding = graph.embed(torch.from_numpy(to_code_points(texts[at : at + 128]).copy()))
            parts.append(torch.nn.functional.normalize(embedding, dim=1).numpy())
    (work / "precedents.npz").write_bytes(pack(chosen, np.concatenate(parts)))


def _spread(lines: Sequence[LabelledLine], n: int) -> list[LabelledLine]:
    step = max(1, len(lines) // n)
    return [line for line in lines[::step] if normalise(line.description).text][:n]


def _git_commit() -> str:
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False, cwd=Path(__file__).parent
        )
    except OSError:
        return ""
    return done.stdout.strip()


def _replace(work: Path, out: Path) -> None:
    """Move the new bundle to its place; an old one is moved aside first and removed last."""
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        os.rename(out, old)
    os.rename(work, out)
    shutil.rmtree(old, ignore_errors=True)

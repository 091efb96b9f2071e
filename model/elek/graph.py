"""Graph: the ONNX session and the names of its inputs and outputs; the only module that touches onnxruntime."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

from elek.errors import BundleError
from elek.labels import Labels
from elek.onnx_scan import check_model

INPUTS = ("code_points", "declared")
OUTPUTS = (
    "controlled",
    "misdeclared",
    "vague",
    "declared_p",
    "control",
    "chpl",
    "top_heading_p",
    "top_heading",
    "top_subheading_p",
    "top_subheading",
    "headings",
    "subheadings",
    "embedding",
)
"""Every head of the graph. Each run computes them all; `headings`, `subheadings` and `embedding` are copied out when asked for."""

TOP = 10
"""Headings and subheadings that the graph ranks itself."""

LABELS_KEY = "elek.labels"
"""Metadata of the graph: digest of the order of its columns."""

_REFUSALS = (
    RuntimeError,
    ValueError,
    ort_errors.Fail,
    ort_errors.InvalidArgument,
    ort_errors.InvalidGraph,
    ort_errors.InvalidProtobuf,
    ort_errors.NoSuchFile,
    ort_errors.NotImplemented,
    ort_errors.RuntimeException,
)
_SCORED = OUTPUTS[:10]
_FULL = ("controlled", "misdeclared", "vague", "declared_p", "control", "chpl", "headings", "subheadings")


@dataclass(frozen=True, slots=True)
class Scores:
    """What the graph says of n lines; all float32 probabilities unless said.

    Attributes
    ----------
    controlled, misdeclared, vague, declared_p : ndarray, shape (n,)
        `misdeclared` and `declared_p` mean nothing for a line without a declared code.
    control : ndarray, shape (n, n_entries)
    chpl : ndarray, shape (n, 6)
        Probability mass of each tier.
    heading_p, subheading_p : ndarray, shape (n, k)
        Most probable first.
    heading, subheading : ndarray of int64, shape (n, k)
        Columns of the labels.
    """

    controlled: npt.NDArray[np.float32]
    misdeclared: npt.NDArray[np.float32]
    vague: npt.NDArray[np.float32]
    declared_p: npt.NDArray[np.float32]
    control: npt.NDArray[np.float32]
    chpl: npt.NDArray[np.float32]
    heading_p: npt.NDArray[np.float32]
    heading: npt.NDArray[np.int64]
    subheading_p: npt.NDArray[np.float32]
    subheading: npt.NDArray[np.int64]


class Graph:
    """A running `model.onnx`.

    Parameters
    ----------
    model : bytes
        Verified bytes of the graph.
    labels : Labels, optional
        What its columns mean; without them that is not checked.
    threads : int
        Threads inside one operator. One is best: run a worker for each core.

    Raises
    ------
    BundleError
        If the graph reaches outside its bytes, onnxruntime refuses it, its inputs and outputs are not those of elek, or its columns
        are not those of the labels.
    """

    def __init__(self, model: bytes, labels: Labels | None = None, threads: int = 1) -> None:
        check_model(model)
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except _REFUSALS as error:
            raise BundleError(f"model.onnx cannot be run ({str(error)[:200]}); export the bundle again") from error
        names = {o.name for o in self._session.get_outputs()}
        if {i.name for i in self._session.get_inputs()} != set(INPUTS) or not names >= set(OUTPUTS):
            raise BundleError("model.onnx has other inputs or outputs than this version reads; export the bundle again")
        if labels is not None:
            self._check_labels(labels)

    def _check_labels(self, labels: Labels) -> None:
        widths = {o.name: o.shape[-1] for o in self._session.get_outputs()}
        of_heads = {
            "control": len(labels.entries),
            "headings": len(labels.headings),
            "subheadings": len(labels.subheadings),
        }
        wrong = next((name for name, width in of_heads.items() if widths[name] != width), None)
        if wrong:
            raise BundleError(
                f"labels.json names {of_heads[wrong]} columns for '{wrong}', model.onnx has {widths[wrong]}; copy the bundle again"
            )
        digest = self._session.get_modelmeta().custom_metadata_map.get(LABELS_KEY)
        if digest is not None and digest != labels.order_digest:
            raise BundleError(
                "labels.json has another label order than model.onnx was made with; copy the bundle again"
            )

    def run(self, code_points: npt.NDArray[np.int32], declared: npt.NDArray[np.int64], top: int) -> Scores:
        """Score a batch.

        Parameters
        ----------
        code_points : ndarray of int32, shape (n, length)
            As `elek.code_points.to_code_points` lays them out.
        declared : ndarray of int64, shape (n, 3)
            Columns of the declared chapter, heading and subheading; -1 for none. Only the misdeclaration head reads them.
        top : int
            Headings and subheadings wanted.

        Returns
        -------
        Scores
        """
        feed = {"code_points": code_points, "declared": declared}
        if top <= TOP:
            out = dict(zip(_SCORED, self._session.run(list(_SCORED), feed), strict=True))
            ranked = (
                out.pop("top_heading_p")[:, :top],
                out.pop("top_heading")[:, :top],
                out.pop("top_subheading_p")[:, :top],
                out.pop("top_subheading")[:, :top],
            )
        else:
            out = dict(zip(_FULL, self._session.run(list(_FULL), feed), strict=True))
            ranked = (*_rank(out.pop("headings"), top), *_rank(out.pop("subheadings"), top))
        return Scores(**out, heading_p=ranked[0], heading=ranked[1], subheading_p=ranked[2], subheading=ranked[3])

    def embed(self, code_points: npt.NDArray[np.int32]) -> npt.NDArray[np.float32]:
        """Embed a batch; shape (n, width), unit length."""
        declared = np.full((len(code_points), 3), -1, dtype=np.int64)
        [embedding] = self._session.run(["embedding"], {"code_points": code_points, "declared": declared})
        return np.asarray(embedding)


def _rank(p: npt.NDArray[np.float32], top: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    order = np.argsort(-p, axis=1, kind="stable")[:, :top]
    return np.take_along_axis(p, order, axis=1), order

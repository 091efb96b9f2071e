"""Precedents: known goods of a bundle that lie near a line, each with its code, case and source. It only reads them."""

import io
import zipfile
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from elek.errors import BundleError

_COLUMNS = ("hs", "control", "case_id", "source")


@dataclass(frozen=True, slots=True)
class Precedent:
    """A known goods line near the one that was asked about.

    Attributes
    ----------
    text : str
        As it was written.
    hs : str
        Its true code.
    control : str
        Its control entries, joined by ``;``; empty when unknown.
    case_id : str
        Empty for what is no case.
    source : str
        Where it comes from.
    similarity : float
        Cosine of the two embeddings, in [-1, 1].
    """

    text: str
    hs: str
    control: str
    case_id: str
    source: str
    similarity: float


@dataclass(frozen=True)
class Precedents:
    """The known goods of one bundle.

    Attributes
    ----------
    embedding : ndarray of int8, shape (n, width)
        Unit vectors times 127.
    texts : tuple of str, length n
    columns : dict of str to tuple of str, each of length n
    """

    embedding: npt.NDArray[np.int8]
    texts: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]

    @classmethod
    def from_bytes(cls, content: bytes) -> "Precedents":
        """Read `precedents.npz`.

        Raises
        ------
        BundleError
            If it is no archive of plain arrays, or they do not fit together.
        """
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                embedding, ends = arrays["embedding"], [0, *arrays["text_end"].tolist()]
                joined = arrays["text"].tobytes()
                columns = {c: tuple(v.decode("utf-8", "replace") for v in arrays[c].tolist()) for c in _COLUMNS}
        except (ValueError, KeyError, OSError, EOFError, TypeError, AttributeError, zipfile.BadZipFile) as error:
            raise BundleError(f"precedents.npz cannot be read ({error}); export the bundle again") from error
        texts = tuple(joined[a:b].decode("utf-8", "replace") for a, b in pairwise(ends))
        n = len(texts)
        if embedding.ndim != 2 or embedding.dtype != np.int8 or {n, len(embedding), *map(len, columns.values())} != {n}:
            raise BundleError("precedents.npz holds arrays of different lengths; export the bundle again")
        return cls(embedding, texts, columns)

    @cached_property
    def _unit(self) -> npt.NDArray[np.float32]:
        wide = self.embedding.astype(np.float32)
        unit: npt.NDArray[np.float32] = wide / np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), 1.0)
        return unit

    def nearest(self, embedding: npt.NDArray[np.float32], n: int = 3) -> tuple[Precedent, ...]:
        """Find the nearest precedents.

        Parameters
        ----------
        embedding : ndarray, shape (width,)
            Unit length, as the graph gives it.
        n : int
            How many at most.

        Returns
        -------
        tuple of Precedent
            The most similar first.
        """
        if not self.texts:
            return ()
        similarity = self._unit @ embedding
        order = np.argsort(-similarity, kind="stable")[:n].tolist()
        return tuple(
            Precedent(
                text=self.texts[i],
                hs=self.columns["hs"][i],
                control=self.columns["control"][i],
                case_id=self.columns["case_id"][i],
                source=self.columns["source"][i],
                similarity=round(float(similarity[i]), 4),
            )
            for i in order
        )

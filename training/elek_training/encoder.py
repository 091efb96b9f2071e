"""The default encoder, `ngram`: a static embedding of hashed character n-grams and words, as a sentence-transformers module."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self, cast

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file, save_file
from sentence_transformers.base.modules.input_module import InputModule
from torch import Tensor, nn

from elek.code_points import to_code_points
from elek_training.model_text import model_text
from elek_training.ngrams import hash_features

Rows = npt.NDArray[np.int32]
"""Rows of the embedding table that one text touches, with repetition; shape (m,)."""


def featurise(texts: Sequence[str], n_rows: int, batch: int = 256) -> list[Rows]:
    """Normalise and hash texts, once for all epochs.

    Parameters
    ----------
    texts : sequence of str, length n
        Descriptions as written.
    n_rows : int
        Rows of the embedding table.
    batch : int
        Texts hashed together.

    Returns
    -------
    list of ndarray of int32, length n
    """
    normal = [model_text(text) for text in texts]
    order = sorted(range(len(normal)), key=lambda i: len(normal[i]))
    rows: list[Rows] = [np.zeros(0, dtype=np.int32)] * len(normal)
    for at in range(0, len(order), batch):
        part = order[at : at + batch]
        features = hash_features(torch.from_numpy(to_code_points([normal[i] for i in part]).copy()), n_rows)
        for k, i in enumerate(part):
            rows[i] = features.rows[k][features.valid[k]].numpy().astype(np.int32)
    return rows


class NgramEncoder(InputModule):
    """Weighted sum of the embeddings of a text's features, divided by the norm of the weights; of each member, side by side.

    Parameters
    ----------
    n_rows : int
        Rows of the tables.
    width : int
        Dimensions of the embedding, of all members together.
    members : int
        Encoders in one: each has a table and gates of its own over the same features.

    Attributes
    ----------
    tables : list of nn.EmbeddingBag, n_rows x (width / members)
        Sparse gradients.
    gates : list of nn.Embedding, n_rows x 1
        Log weight of each feature; starts as its log inverse document frequency.
    """

    config_keys = ("n_rows", "width", "members")
    save_in_root = True

    def __init__(self, n_rows: int, width: int, members: int = 1) -> None:
        super().__init__()
        self.n_rows, self.width, self.members = n_rows, width, members
        share = width // members
        self.tables = nn.ModuleList([nn.EmbeddingBag(n_rows, share, mode="sum", sparse=True) for _ in range(members)])
        self.gates = nn.ModuleList([nn.Embedding(n_rows, 1, sparse=True) for _ in range(members)])
        for table, gate in self.pairs:
            nn.init.normal_(table.weight, 0.0, 0.05)
            nn.init.zeros_(gate.weight)

    @property
    def pairs(self) -> list[tuple[nn.EmbeddingBag, nn.Embedding]]:
        """Table and gates of each member."""
        return cast(list[tuple[nn.EmbeddingBag, nn.Embedding]], list(zip(self.tables, self.gates, strict=True)))

    def start_gates(self, rows: Sequence[Rows]) -> None:
        """Set the gates to the log of 1 + log(n / document frequency) of the training texts."""
        frequency = np.zeros(self.n_rows)
        for text in rows:
            frequency[np.unique(text)] += 1
        idf = np.log((len(rows) + 1) / (frequency + 1)) + 1
        with torch.no_grad():
            for _, gate in self.pairs:
                gate.weight[:, 0] = torch.from_numpy(np.log(idf)).float()

    def preprocess(self, inputs: list[str], prompt: str | None = None, **kwargs: Any) -> dict[str, Tensor]:
        """Hash texts; shape of `rows` is (total features,), of `offsets` (n,)."""
        return collate(featurise([(prompt or "") + text for text in inputs], self.n_rows))

    def forward(self, features: dict[str, Tensor], **kwargs: Any) -> dict[str, Tensor]:
        """Embed hashed texts; `sentence_embedding` has shape (n, width)."""
        rows, offsets = features["rows"], features["offsets"]
        owner = torch.bucketize(torch.arange(len(rows)), offsets, right=True) - 1
        parts = []
        for table, gate in self.pairs:
            weights = gate(rows)[:, 0].exp()
            square = torch.zeros(len(offsets)).index_add(0, owner, weights * weights)
            parts.append(table(rows, offsets, per_sample_weights=weights) / (square.sqrt() + 1e-3)[:, None])
        features["sentence_embedding"] = torch.cat(parts, dim=1)
        return features

    @property
    def max_seq_length(self) -> float:
        """No limit; the normaliser caps."""
        return math.inf

    def get_embedding_dimension(self) -> int:
        """Width of the embedding."""
        return self.width

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Write config and weights (safetensors)."""
        self.save_config(output_path)
        save_file(self.state_dict(), str(Path(output_path) / "model.safetensors"))

    @classmethod
    def load(cls, model_name_or_path: str, **kwargs: Any) -> Self:
        """Read what `save` wrote."""
        encoder = cls(**cls.load_config(model_name_or_path))
        encoder.load_state_dict(load_file(str(Path(model_name_or_path) / "model.safetensors")))
        return encoder


def collate(rows: Sequence[Rows]) -> dict[str, Tensor]:
    """Join the features of several texts for the embedding bag.

    Examples
    --------
    >>> collate([np.array([3, 4]), np.array([5])])["offsets"].tolist()
    [0, 2]
    """
    lengths = [len(text) for text in rows]
    offsets = torch.tensor([0, *np.cumsum(lengths[:-1], dtype=np.int64).tolist()]) if rows else torch.zeros(0)
    joined = np.concatenate(rows) if rows else np.zeros(0)
    return {"rows": torch.from_numpy(joined.astype(np.int64)), "offsets": offsets.to(torch.int64)}

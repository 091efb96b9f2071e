"""Precedents: known goods that a reviewer can be shown beside a line, with their embeddings, as one .npz without objects."""

import io
import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from elek_training.labelled import LabelledLine

MAX_PRECEDENTS = 12_000


def choose(lines: Sequence[LabelledLine]) -> list[int]:
    """Choose the lines that stand as precedents: real lines with a case first, then one of each group, without repeats.

    Parameters
    ----------
    lines : sequence of LabelledLine

    Returns
    -------
    list of int
        Rows, at most `MAX_PRECEDENTS`.
    """
    chosen, seen = [], set()
    ranked = sorted(range(len(lines)), key=lambda i: (not lines[i].case_id, lines[i].source == "composed", i))
    for row in ranked:
        line = lines[row]
        text = line.description.casefold()
        if line.vague or not line.hs or line.typology or text in seen or len(text) > 120:
            continue
        seen.add(text)
        chosen.append(row)
        if len(chosen) == MAX_PRECEDENTS:
            break
    return chosen


def pack(lines: Sequence[LabelledLine], embeddings: npt.NDArray[np.float32]) -> bytes:
    """Write precedents as .npz bytes.

    Parameters
    ----------
    lines : sequence of LabelledLine, length n
    embeddings : ndarray of float32, shape (n, width), unit length
        Stored as int8, 127 for 1.

    Returns
    -------
    bytes
        Arrays `embedding` (n, width) int8, `text` (UTF-8 bytes) and `text_end` (n,), and fixed-width `hs`, `control`,
        `case_id`, `source` as UTF-8 bytes.
    """
    texts = [line.description.encode("utf-8", "replace") for line in lines]

    def column(values: list[str]) -> npt.NDArray[np.bytes_]:
        return np.array([v.encode("utf-8", "replace")[:48] for v in values], dtype="S48")

    out = io.BytesIO()
    np.savez_compressed(
        out,
        embedding=np.round(embeddings * 127).astype(np.int8),
        text=np.frombuffer(b"".join(texts), dtype=np.uint8),
        text_end=np.cumsum([len(t) for t in texts], dtype=np.int64),
        hs=column([line.hs or "" for line in lines]),
        control=column([";".join(line.control or ()) for line in lines]),
        case_id=column([line.case_id for line in lines]),
        source=column([line.source for line in lines]),
    )
    return out.getvalue()


def unpack(content: bytes) -> list[LabelledLine]:
    """Read precedents back as labelled lines; their embeddings are left, another model makes its own.

    Parameters
    ----------
    content : bytes
        As `pack` gives it.
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        raw, ends = arrays["text"].tobytes(), [0, *arrays["text_end"].tolist()]
        columns = [
            [v.decode("utf-8", "replace") for v in arrays[n].tolist()] for n in ("hs", "control", "case_id", "source")
        ]
    texts = [raw[start:end].decode("utf-8", "replace") for start, end in itertools.pairwise(ends)]
    return [
        LabelledLine(
            text, hs=hs or None, control=tuple(control.split(";")) if control else None, case_id=case, source=source
        )
        for text, hs, control, case, source in zip(texts, *columns, strict=True)
    ]

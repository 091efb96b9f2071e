"""Precedents: known goods that a reviewer can be shown beside a line, with their embeddings, as one .npz without objects."""

import io
import itertools
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from elek.labels import NONE
from elek_training.labelled import LabelledLine
from elek_training.nomenclature import EDITION
from elek_training.provenance import COMPOSED, OFFICIAL

MAX_PRECEDENTS = 2_000
MAX_CHARACTERS = 120


def choose(lines: Sequence[LabelledLine]) -> list[int]:
    """Choose the lines that stand as precedents.

    Parameters
    ----------
    lines : sequence of LabelledLine

    Returns
    -------
    list of int
        Rows, at most `MAX_PRECEDENTS`, no text twice: first lines with a case; then in turn from each source and language, of a
        good its shortest line and controlled goods before others; official texts only where room is left.
    """
    shortest: dict[tuple[str, ...], int] = {}
    for row, line in enumerate(lines):
        if line.vague or not line.hs or line.typology or len(line.description) > MAX_CHARACTERS:
            continue
        key = (
            line.source,
            line.lang,
            line.group if line.source == COMPOSED and line.group else line.description.casefold(),
        )
        if key not in shortest or len(line.description) < len(lines[shortest[key]].description):
            shortest[key] = row
    queues: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for (source, lang, _), row in shortest.items():
        line = lines[row]
        queues[("cases",) if line.case_id else ("official",) if _is_official(source) else (source, lang)].append(row)
    for queue in queues.values():
        queue.sort(key=lambda row: lines[row].control in (None, (NONE,)))
    in_turn = [queue for name, queue in queues.items() if name not in (("cases",), ("official",))]
    ranked = [*queues["cases",], *_in_turn(in_turn), *queues["official",]]
    first = {lines[row].description.casefold(): row for row in reversed(ranked)}
    return [row for row in ranked if first[lines[row].description.casefold()] == row][:MAX_PRECEDENTS]


def _is_official(source: str) -> bool:
    return source in OFFICIAL or source == EDITION


def _in_turn(queues: Sequence[Sequence[int]]) -> list[int]:
    """Take one of each, then the next of each, and so on."""
    return [row for rank in itertools.zip_longest(*queues) for row in rank if row is not None]


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

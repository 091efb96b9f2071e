"""Trained on: digests of the training lines inside a bundle, enough to find a test line that was seen, and no text."""

import hashlib
from collections.abc import Sequence

from elek.text import normalise
from elek_training.clusters import skeleton
from elek_training.labelled import LabelledLine
from elek_training.provenance import COMPOSED, is_own
from elek_training.split import group_of

_BYTES = 8
_LEAST_WORDS = 4
"""Shorter skeletons are trade names; two lines that share one are not copies."""

SEEN_AS = ("text", "group", "near-copy")
"""Ways a line can have been seen, strongest first."""


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()[:_BYTES]


def _near_copy(text: str) -> str:
    bones = skeleton(text)
    return f"near:{bones}" if bones.count(" ") + 1 >= _LEAST_WORDS else ""


def digest_lines(lines: Sequence[LabelledLine], before: bytes = b"") -> bytes:
    """Digest what was trained on, 8 bytes a key, sorted.

    Parameters
    ----------
    lines : sequence of LabelledLine
        Normalised texts, skeletons and groups of labelled lines are digested; of the catalogue, whose goods may be left out, the
        groups only; nothing of other public wording, which declarants copy word for word.
    before : bytes
        Digests of what the weights were trained on earlier.

    Returns
    -------
    bytes
    """
    texts = {normalise(line.description).text for line in lines if is_own(line)}
    groups = {f"group:{group_of(line)}" for line in lines if is_own(line) or line.source == COMPOSED}
    keys = texts | {_near_copy(text) for text in texts} | groups
    known = {before[i : i + _BYTES] for i in range(0, len(before), _BYTES)}
    return b"".join(sorted(known | {_digest(key) for key in keys if key}))


def seen_as(digests: bytes, lines: Sequence[LabelledLine]) -> list[str]:
    """Tell how each line was seen in training.

    Parameters
    ----------
    digests : bytes
        Content of `trained_on.bin`.
    lines : sequence of LabelledLine, length n

    Returns
    -------
    list of str, length n
        One of `SEEN_AS`, or empty for a line that was not seen.
    """
    known = {digests[i : i + _BYTES] for i in range(0, len(digests), _BYTES)}

    def way(line: LabelledLine) -> str:
        text = normalise(line.description).text
        keys = {"text": text, "group": f"group:{line.group}" if line.group else "", "near-copy": _near_copy(text)}
        return next((name for name in SEEN_AS if keys[name] and _digest(keys[name]) in known), "")

    return [way(line) for line in lines]

"""Encodings and separators of text files, found from their first bytes."""

import codecs
import csv
import io
import itertools
from pathlib import Path

from elek.columns import count_fields

SAMPLE_BYTES = 262_144
FURTHER = 4
"""Pieces from the rest of a long file that are looked at as well: its first lines may be plain ASCII."""

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OTHERS = frozenset("ёЁәғқңөұүһіӘҒҚҢӨҰҮҺІ№«»–—“”’…°±×²³µμΩ℃φØ®™·、，。（）；：")
_COMMON_HAN = frozenset(
    "".join(
        bytes((lead, trail)).decode("gb2312", "ignore") for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF)
    )
)
"""The 3,755 characters of the first level of GB 2312: those in daily use."""

SEPARATORS = (",", ";", "\t")


def _is_plausible(char: str) -> bool:
    """Letters of Russian, Kazakh and common Han, and signs of measures: what a right decoding of this border's files is made of."""
    return "а" <= char <= "я" or "А" <= char <= "Я" or char in _COMMON_HAN or char in _OTHERS


def read_sample(path: Path) -> bytes:
    """Read the first bytes of a file and, of a long one without a mark or zero bytes, lines from further places in it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
        if size <= SAMPLE_BYTES or b"\0" in sample or sample.startswith(tuple(bom for bom, _ in _BOMS)):
            return sample
        sample = sample[: sample.rfind(b"\n") + 1 or None]
        for n in range(1, FURTHER + 1):
            file.seek(max(SAMPLE_BYTES, size * n // FURTHER - SAMPLE_BYTES // 4))
            piece = file.read(SAMPLE_BYTES // 4)
            sample += piece[piece.find(b"\n") + 1 : piece.rfind(b"\n") + 1]
    return sample


def detect_encoding(sample: bytes) -> str:
    """Find the encoding of a text file.

    Parameters
    ----------
    sample : bytes
        Its first bytes; may end inside a character.

    Returns
    -------
    {"utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "gb18030"}
        utf-8 when nothing fits better.

    Examples
    --------
    >>> detect_encoding("описание;код".encode("cp1251")), detect_encoding("品名,数量".encode("gb18030"))
    ('cp1251', 'gb18030')
    """
    for bom, name in _BOMS:
        if sample.startswith(bom):
            return name
    if 0 in sample:
        fits = {name: _utf16_quality(sample, name) for name in ("utf-16-le", "utf-16-be")}
        best = max(fits, key=lambda name: fits[name])
        if fits[best] >= 0.9:
            return best
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
        return "utf-8"
    except UnicodeDecodeError:
        pass
    quality = {name: _quality(sample, name) for name in ("utf-8", "cp1251", "gb18030")}
    best = max(quality, key=lambda name: quality[name])
    return best if quality[best] > 0 else "utf-8"


def _utf16_quality(sample: bytes, encoding: str) -> float:
    """Share of plausible letters and ASCII in bytes without a mark read as UTF-16; 0 when no ASCII separators are among them."""
    text = sample[: len(sample) // 2 * 2].decode(encoding, "replace")[:4096]
    plain = sum(c.isascii() and (c.isprintable() or c.isspace()) for c in text)
    letters = sum(_is_plausible(c) for c in text)
    return (plain + letters) / len(text) if text and plain >= 0.05 * len(text) else 0.0


def _quality(sample: bytes, encoding: str) -> float:
    """Share of plausible letters among the characters beyond ASCII, in decoded bytes; 0 when it cannot be decoded."""
    text = sample.decode(encoding, "replace")
    beyond = [c for c in text if ord(c) > 127]
    if not beyond:
        return 0.0
    common = sum(map(_is_plausible, beyond)) / len(beyond)
    if encoding == "cp1251":
        # running Russian is mostly lower case or mostly upper case; bytes of Chinese read as cp1251 jump between them
        letters = [c for c in beyond if c.isalpha()]
        jumps = sum(a.islower() and b.isupper() for a, b in itertools.pairwise(letters))
        return common - 2 * jumps / max(1, len(letters))
    return common if encoding == "utf-8" else 0.95 * common - 2 * text.count("\ufffd") / len(beyond)


def detect_separator(text: str) -> str:
    """Find the separator: the one by which a row names most fields, else the one that cuts rows most evenly.

    Examples
    --------
    >>> detect_separator("品名;数量")
    ';'
    """
    head = text[:20_000]
    rows = {s: _first_rows(head, s) for s in SEPARATORS}
    fields = {s: max((count_fields(row) for row in rows[s] if len(row) > 1), default=0) for s in SEPARATORS}
    if any(fields.values()):
        return max(SEPARATORS, key=lambda s: (fields[s], -SEPARATORS.index(s)))
    return max(SEPARATORS, key=lambda s: (_evenness(rows[s]), -SEPARATORS.index(s)))


def _first_rows(text: str, separator: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) == 20:
                break
    except csv.Error:
        return rows
    return rows


def _evenness(rows: list[list[str]]) -> float:
    widths = [len(row) for row in rows if row]
    if not widths or max(widths) == 1:
        return 0.0
    return widths.count(widths[0]) / len(widths) * min(widths[0], 3)

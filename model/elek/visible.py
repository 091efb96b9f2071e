"""Visible: a description as declared, cut into pieces, with invisible and look-alike characters told apart from the rest."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from elek.lookalikes import repair_token
from elek.text import INVISIBLE, UNREADABLE, fold

Kind = Literal["plain", "invisible", "lookalike"]

_TOKEN = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a description.

    Attributes
    ----------
    text : str
        What stands there; of an invisible character its code, as in ``U+200B``.
    kind : {"plain", "invisible", "lookalike"}
    meaning : str
        Of an invisible character its name, of a look-alike letter the letter it stands for.
    """

    text: str
    kind: Kind = "plain"
    meaning: str = ""


def reveal(description: str) -> list[Piece]:
    """Cut a description into pieces.

    Parameters
    ----------
    description : str
        As declared.

    Returns
    -------
    list of Piece
        In order; the plain and look-alike ones joined are the description without its invisible characters.

    Examples
    --------
    >>> [(p.text, p.kind) for p in reveal("a\u200bb")]
    [('a', 'plain'), ('U+200B', 'invisible'), ('b', 'plain')]
    >>> [(p.text, p.meaning) for p in reveal("сentrifuge") if p.kind == "lookalike"]
    [('с', 'c')]
    """
    replaced = _lookalikes(description)
    pieces: list[Piece] = []
    plain = ""
    for at, character in enumerate(description):
        piece = None
        if INVISIBLE.match(character) or (UNREADABLE.match(character) and character not in "\t\n\r"):
            name = unicodedata.name(character, "unreadable character").lower()
            piece = Piece(f"U+{ord(character):04X}", "invisible", name)
        elif at in replaced:
            piece = Piece(character, "lookalike", replaced[at])
        if piece is None:
            plain += character
            continue
        if plain:
            pieces.append(Piece(plain))
            plain = ""
        pieces.append(piece)
    return [*pieces, Piece(plain)] if plain else pieces


def _lookalikes(description: str) -> dict[int, str]:
    """Find letters that stand for one of another script, and that one, by position."""
    found = {}
    for match in _TOKEN.finditer(description):
        token = match.group()
        folded = fold(token)
        if token.isascii() or len(folded) != len(token):
            continue
        for offset, (before, after) in enumerate(zip(folded, repair_token(folded), strict=True)):
            if before != after:
                found[match.start() + offset] = after
    return found

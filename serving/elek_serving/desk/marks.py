"""Marks: a description cut into pieces for people: what moved a score, signs that do not show, letters that pose as others."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from elek.lookalikes import repair, repair_token
from elek.text import MAX_CHARACTERS, fold, part_words

LEVELS = (0.02, 0.1, 0.3)
"""Moves of a score from which a word is marked faintly, plainly, strongly."""

SHORT = {
    "\u00ad": "SHY", "\u200b": "ZWSP", "\u200c": "ZWNJ", "\u200d": "ZWJ", "\u200e": "LRM", "\u200f": "RLM",
    "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO", "\u2060": "WJ",
    "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI", "\ufeff": "BOM", "\0": "NUL",
}  # fmt: skip

_HAN = "\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKENS = re.compile(rf"\s+|[{_HAN}]|[^\s,;:()\[\]{{}}«»\"“”„!?{_HAN}]+|.", re.DOTALL)
_UNITS = re.compile(rf"[{_HAN}]|[^\s{_HAN}]+")
_PAIR = re.compile(rf"[{_HAN}]{{2}}")
_LETTERS = re.compile(r"[^\W_]+")
_SPACES = frozenset("\t\n\r\v\f\u0085\u2028\u2029")


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a description.

    Attributes
    ----------
    text : str
        What to show: the characters themselves, or the short name of one that does not show.
    kind : {"plain", "hidden", "twin"}
        `hidden`: does not show on paper. `twin`: a letter of another script than its word.
    code : str
        ``U+0421 CYRILLIC CAPITAL LETTER ES``; empty for plain pieces.
    """

    text: str
    kind: Literal["plain", "hidden", "twin"] = "plain"
    code: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """A token of a description and by how much it moved a score.

    Attributes
    ----------
    pieces : tuple of Piece
    move : float
        Score with it less score without it, in [-1, 1].
    """

    pieces: tuple[Piece, ...]
    move: float = 0.0

    @property
    def level(self) -> int:
        """How strongly it is marked: 0 to 3."""
        return sum(abs(self.move) >= bound for bound in LEVELS)


def mark(description: str, words: Sequence[tuple[str, float]] = ()) -> tuple[Marked, ...]:
    """Cut a description into marked tokens; joined, their plain pieces are the description.

    Parameters
    ----------
    description : str
    words : sequence of (str, float)
        Normalised words in the order of the text, each with the move of one score; in Chinese a word or pairs of signs.

    Examples
    --------
    >>> [m.move for m in mark("Насос, 水泵", [("насос", 0.5), ("水泵", 0.1)])]
    [0.5, 0.0, 0.0, 0.1, 0.1]
    """
    tokens = _TOKENS.findall(description)
    moves = _moves_of_tokens(tokens, _units(words))
    kinds = _kinds(description)
    marked, at = [], 0
    for i, token in enumerate(tokens):
        marked.append(Marked(_pieces(token, kinds[at : at + len(token)]), moves.get(i, 0.0)))
        at += len(token)
    return tuple(marked)


def odd_signs(description: str) -> tuple[Piece, ...]:
    """Give each hidden sign and posing letter of a description once, in the order they come."""
    found: dict[tuple[str, str], Piece] = {}
    for marked in mark(description):
        for piece in marked.pieces:
            if piece.kind != "plain":
                found.setdefault((piece.kind, piece.code), piece)
    return tuple(found.values())


@lru_cache(maxsize=4096)
def is_hidden(character: str) -> bool:
    """Say whether a character does not show: one that normalising drops, a control character, or an unassigned one.

    Examples
    --------
    >>> is_hidden(chr(0x200B)), is_hidden("a")
    (True, False)
    """
    if character in _SPACES or character == " ":
        return False
    return fold(f"a{character}a") == "aa" or unicodedata.category(character) in ("Cc", "Cs", "Cn", "Co", "Cf")


def _units(words: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Cut words where tokens are cut: each Chinese character by itself; pairs that overlap share one, with its larger move."""
    units: list[tuple[str, float]] = []
    before = ""
    for word, move in words:
        parts = _UNITS.findall(word)
        if _PAIR.fullmatch(word) and _PAIR.fullmatch(before) and before[1] == word[0]:
            units[-1] = max(units[-1], (word[0], move), key=lambda unit: abs(unit[1]))
            parts = parts[1:]
        units.extend((part, move) for part in parts)
        before = word
    return units


def _moves_of_tokens(tokens: Sequence[str], units: Sequence[tuple[str, float]]) -> dict[int, float]:
    """Find each unit of the normalised text in the token it came from."""
    if not units:
        return {}
    owner, written, length = [], [], 0
    for i, token in enumerate(tokens):
        length += len(token)
        if length > MAX_CHARACTERS:
            break
        for unit in [] if token.isspace() else _UNITS.findall(part_words(repair(fold(token))[0])):
            owner.append(i)
            written.append(unit)
    moves: dict[int, float] = {}
    matcher = SequenceMatcher(None, written, [unit for unit, _ in units], autojunk=False)
    for here, there, size in matcher.get_matching_blocks():
        for k in range(size):
            i, move = owner[here + k], units[there + k][1]
            if abs(move) > abs(moves.get(i, 0.0)):
                moves[i] = move
    return moves


def _kinds(description: str) -> list[Literal["plain", "hidden", "twin"]]:
    kinds: list[Literal["plain", "hidden", "twin"]] = ["hidden" if is_hidden(c) else "plain" for c in description]
    shown = [i for i, kind in enumerate(kinds) if kind == "plain"]
    for match in _LETTERS.finditer("".join(description[i] for i in shown)):
        token = match.group()
        small = token.casefold()
        if token.isascii() or len(small) != len(token) or not repair(small)[1]:
            continue
        for i, (before, after) in enumerate(zip(small, repair_token(small), strict=True)):
            if before != after:
                kinds[shown[match.start() + i]] = "twin"
    return kinds


def _pieces(token: str, kinds: Sequence[Literal["plain", "hidden", "twin"]]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for character, kind in zip(token, kinds, strict=True):
        if kind == "plain" and pieces and pieces[-1].kind == "plain":
            pieces[-1] = Piece(pieces[-1].text + character)
        elif kind == "plain":
            pieces.append(Piece(character))
        else:
            number = f"U+{ord(character):04X}"
            text = character if kind == "twin" else SHORT.get(character, number)
            pieces.append(Piece(text, kind, f"{number} {unicodedata.name(character, '')}".strip()))
    return tuple(pieces)

"""The evidence view: what moved one line's scores, printed for people at a terminal."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from elek.evidence import MOVES, Evidence, Word
from elek.report import STYLES
from elek.visible import reveal

_SHOWN_WORDS = 12
_PIECES = {"plain": "", "invisible": "reverse red", "lookalike": "underline red"}


def show_evidence(console: Console, evidence: Evidence) -> None:
    """Print the evidence of one line.

    Parameters
    ----------
    console : Console
    evidence : Evidence
    """
    line = evidence.line
    if line.status == "error":
        console.print(line.error or "", style="red", markup=False)
        return
    console.print(Text(line.verdict or "", style=STYLES[line.verdict or "clear"]), Text(evidence.text))
    console.print(Text("declared: ").append_text(_revealed(evidence.description)), soft_wrap=True)
    if line.flags:
        console.print("flags: " + ", ".join(line.flags), markup=False)
    for written, meant in evidence.respelt:
        console.print(Text(f"read as another word: {written} → {meant}"), soft_wrap=True)
    console.print(_words(evidence))
    console.print(_codes(evidence))
    console.print(_entries(evidence))
    for head, found in evidence.sets.items():
        labels = ", ".join(found["labels"])
        console.print(f"{head}, one of these at {found['coverage']:.0%}: {labels}", markup=False, soft_wrap=True)
    for precedent in evidence.precedents:
        case = f", case {precedent.case_id}" if precedent.case_id else ""
        told = f"near {precedent.similarity:.2f}: {precedent.text} ({precedent.hs}, {precedent.source}{case})"
        console.print(told, markup=False, highlight=False, soft_wrap=True)
    if line.ask:
        console.print(f"ask: {line.ask}", style="bold", markup=False)


def _revealed(description: str) -> Text:
    shown = Text()
    for piece in reveal(description):
        shown.append(piece.text, style=_PIECES[piece.kind])
    return shown


def _words(evidence: Evidence) -> Table:
    table = Table(title="words that moved each score", title_justify="left")
    for column in ("word", "controlled", "misdeclaration", "vagueness"):
        table.add_column(column, justify="left" if column == "word" else "right")

    def weight(word: Word) -> float:
        return -max((abs(move) for move in word.moves.values()), default=0.0)

    for word in sorted(evidence.words, key=weight)[:_SHOWN_WORDS]:
        moves = [word.moves.get(name) for name in MOVES]
        table.add_row(Text(word.text), *("-" if move is None else f"{move:+.3f}" for move in moves))
    table.add_section()
    table.add_row("score", *(_two(getattr(evidence.line, name)) for name in MOVES))
    return table


def _codes(evidence: Evidence) -> Table:
    table = Table(title="likely headings", title_justify="left")
    for column in ("heading", "p", "nomenclature"):
        table.add_column(column)
    for row in evidence.codes:
        table.add_row(row["hs"] + (" declared" if row["declared"] else ""), _two(row["p"]), Text(row["text"][:90]))
    return table


def _entries(evidence: Evidence) -> Table:
    table = Table(title="control entries", title_justify="left")
    for column in ("entry", "p", "title", "fact that decides"):
        table.add_column(column)
    for entry in (*([evidence.entry] if evidence.entry else []), *evidence.rejected):
        table.add_row(entry["entry"], _two(entry["p"]), Text(entry["title"]), Text(entry["fact"]))
    none = next((r.p for r in evidence.line.control if r.code == "none"), None)
    table.add_section()
    table.add_row("none", _two(none), "no entry applies", "")
    return table


def _two(p: float | None) -> str:
    return "-" if p is None else f"{p:.2f}"

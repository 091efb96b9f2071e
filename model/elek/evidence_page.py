"""The evidence page: one printable HTML page for one scored line, without scripts and without anything loaded from elsewhere."""

from html import escape
from pathlib import Path

from elek.evidence import MOVES, Evidence, Word
from elek.visible import reveal

TITLES = {
    "controlled_score": "controlled",
    "misdeclaration_score": "wrongly declared",
    "vagueness_score": "too vague",
}
VERDICTS = {
    "clear": "Clear",
    "controlled": "Names a controlled good",
    "wrong_code": "The declared code does not fit",
    "wrong_code_hides_control": "Names a controlled good that the declared code hides",
    "too_vague": "Says too little to tell",
}
_SHOWN_WORDS = 12
_FULL_COLOUR = 0.3
"""A word that moves the score by this much has the full colour."""

_STYLE = Path(__file__).with_name("evidence_page.css")


def evidence_page(evidence: Evidence) -> str:
    """Write the page.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    str
        HTML. Everything that was declared is escaped; invisible and look-alike characters are shown.
    """
    line = evidence.line
    heading = VERDICTS[line.verdict] if line.verdict else "Could not be scored"
    parts = [
        f"<header><h1>{heading}</h1><div class=faint>line {escape(line.line_id)} · bundle {escape(line.bundle)}</div></header>",
        f"<h2>As declared</h2><div class=text>{_revealed(evidence.description)}</div>",
    ]
    if line.status == "error":
        parts.append(f"<p class=ask>{escape(line.error or '')}</p>")
    else:
        parts += [_scores(evidence), _as_read(evidence), _words(evidence), _codes(evidence), _entries(evidence)]
        parts += [_precedents(evidence), _flags(evidence)]
    body = "\n".join(part for part in parts if part)
    style = _STYLE.read_text(encoding="utf-8")
    return (
        f'<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n<meta name=viewport content="width=device-width, initial-scale=1">\n'
        f"<title>elek: evidence for line {escape(line.line_id)}</title>\n<style>{style}</style>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _revealed(description: str) -> str:
    shown = []
    for piece in reveal(description):
        text = escape(piece.text)
        if piece.kind == "invisible":
            shown.append(f'<span class=odd title="{escape(piece.meaning)}">{text}</span>')
        elif piece.kind == "lookalike":
            shown.append(f'<span class=twin title="stands for {escape(piece.meaning)}">{text}</span>')
        else:
            shown.append(text)
    return "".join(shown)


def _scores(evidence: Evidence) -> str:
    line = evidence.line
    boxes = "".join(
        f"<div>{title}<b>{'–' if getattr(line, name) is None else f'{getattr(line, name):.2f}'}</b></div>"
        for name, title in TITLES.items()
    )
    ask = f"<p class=ask><b>Ask the declarant:</b> {escape(line.ask)}</p>" if line.ask else ""
    return f"<h2>Probabilities</h2><div class=scores>{boxes}</div>{ask}"


def leading_score(evidence: Evidence) -> str:
    """Name the score that the verdict rests on; its words are marked."""
    verdict = evidence.line.verdict
    return {"wrong_code": "misdeclaration_score", "too_vague": "vagueness_score"}.get(verdict or "", "controlled_score")


def _respelt(evidence: Evidence) -> str:
    """Tell which words are read as others."""
    told = "; ".join(f"{escape(written)} → {escape(meant)}" for written, meant in evidence.respelt)
    return f"<div class=faint>read as other words (by their sound): {told}</div>" if told else ""


def _as_read(evidence: Evidence) -> str:
    """Mark every character with the strongest move of the words that hold it."""
    score = leading_score(evidence)
    moves = [0.0] * len(evidence.text)
    for word in evidence.words:
        for at in range(word.start, word.end):
            moves[at] = max(moves[at], word.moves.get(score, 0.0), key=abs)
    shown, at = [], 0
    while at < len(moves):
        end = at + 1
        while end < len(moves) and moves[end] == moves[at]:
            end += 1
        shown.append(_marked(evidence.text[at:end], moves[at]))
        at = end
    title = TITLES[score]
    return (
        f"<h2>As the model read it</h2><div class=text>{''.join(shown)}</div>"
        f"<div class=faint>red pushes “{title}” up, blue down; the fuller the colour, the more</div>{_respelt(evidence)}"
    )


def _marked(text: str, move: float) -> str:
    strength = round(min(1.0, abs(move) / _FULL_COLOUR) * 0.75, 2)
    if strength < 0.02:
        return escape(text)
    side = "up" if move > 0 else "down"
    return f'<mark style="background: rgba(var(--{side}), {strength})">{escape(text)}</mark>'


def _words(evidence: Evidence) -> str:
    def weight(word: Word) -> float:
        return -max((abs(move) for move in word.moves.values()), default=0.0)

    rows = [
        f"<tr><td>{escape(word.text)}</td>"
        + "".join(f"<td class=n>{_signed(word.moves.get(name))}</td>" for name in MOVES)
        + "</tr>"
        for word in sorted(evidence.words, key=weight)[:_SHOWN_WORDS]
    ]
    head = "".join(f"<th class=n>{title}</th>" for title in TITLES.values())
    note = "<div class=faint>by how much each probability falls when the word is left out</div>"
    return (
        f"<h2>Words that moved the probabilities</h2><table><tr><th>word</th>{head}</tr>{''.join(rows)}</table>{note}"
    )


def _signed(move: float | None) -> str:
    return "–" if move is None else f"{move:+.3f}"


def _three(p: float | None) -> str:
    return "–" if p is None else f"{p:.3f}"


def _codes(evidence: Evidence) -> str:
    rows = "".join(
        f"<tr><td>{escape(row['hs'])}{' <b>declared</b>' if row['declared'] else ''}</td>"
        f"<td class=n>{_three(row['p'])}</td><td>{escape(row['text'])}</td></tr>"
        for row in evidence.codes
    )
    declared = evidence.line.declared
    note = f"<div class=faint>declared: {escape(declared.hs)}</div>" if declared else ""
    head = "<th>heading</th><th class=n>p</th><th>nomenclature</th>"
    return f"<h2>Likely headings</h2><table><tr>{head}</tr>{rows}</table>{note}{_set(evidence, 'headings')}"


def _entries(evidence: Evidence) -> str:
    entries = [*([evidence.entry] if evidence.entry else []), *evidence.rejected]
    rows = "".join(
        f"<tr><td>{escape(e['entry'])}</td><td class=n>{e['p']:.3f}</td><td>{escape(e['title'])}</td><td>{escape(e['fact'])}</td></tr>"
        for e in entries
    )
    none = next((r.p for r in evidence.line.control if r.code == "none"), 0.0)
    chpl = evidence.line.chpl
    listed = f"; on the Common High Priority List: {chpl.p:.3f}, tier {escape(chpl.code)}" if chpl else ""
    return (
        f"<h2>Control entries</h2><table><tr><th>entry</th><th class=n>p</th><th>title</th><th>fact that decides</th></tr>{rows}</table>"
        f"<div class=faint>no entry applies: {none:.3f}{listed}</div>{_set(evidence, 'control')}"
    )


def _set(evidence: Evidence, head: str) -> str:
    found = evidence.sets.get(head)
    if not found:
        return ""
    return f"<div class=faint>one of these at {found['coverage']:.0%}: {escape(', '.join(found['labels']))}</div>"


def _precedents(evidence: Evidence) -> str:
    if not evidence.precedents:
        return ""
    rows = "".join(
        f"<tr><td>{escape(p.text)}</td><td>{escape(p.hs)}</td><td>{escape(p.control or '–')}</td>"
        f"<td>{escape(p.case_id or '–')}</td><td>{escape(p.source)}</td><td class=n>{p.similarity:.2f}</td></tr>"
        for p in evidence.precedents
    )
    head = "<th>goods</th><th>code</th><th>control</th><th>case</th><th>source</th><th class=n>similarity</th>"
    return f"<h2>Nearest precedents</h2><table><tr>{head}</tr>{rows}</table>"


def _flags(evidence: Evidence) -> str:
    flags = ", ".join(evidence.line.flags) or "none"
    return f"<h2>Flags</h2><p>{escape(flags)}</p><p class=faint>Decision support: this page determines no classification.</p>"

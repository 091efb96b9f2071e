"""Heading lexicon: the everyday trade names of the goods of each HS heading, in four languages.

The files stand in `data/catalogue/lexicon`, one for each section of the nomenclature (chapters 84 and 85 in files of their own).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elek_training.catalogue import LANGUAGES, read_yaml
from elek_training.folders import data_folder
from elek_training.nomenclature import read_nomenclature


@dataclass(frozen=True, slots=True)
class LexiconTerm:
    """One trade name of goods of one heading.

    Attributes
    ----------
    heading : str
        Four digits.
    lang : str
        One of `en`, `ru`, `kk`, `zh`.
    term : str
        One to six words, lower case.
    """

    heading: str
    lang: str
    term: str


def read_lexicon(folder: Path | None = None) -> list[LexiconTerm]:
    """Read every term of the heading lexicon.

    Parameters
    ----------
    folder : Path, optional
        Default is `data/catalogue/lexicon`.

    Returns
    -------
    list of LexiconTerm
        Sorted by file, then in the order of the file.

    Raises
    ------
    ValueError
        If a file is no YAML, a heading is unknown or written twice, or lacks terms in a language; the message names the
        file and the heading.

    Examples
    --------
    >>> {t.lang for t in read_lexicon() if t.heading == "8483"} == {"en", "ru", "kk", "zh"}
    True
    """
    known = frozenset(read_nomenclature().codes(4))
    terms: list[LexiconTerm] = []
    seen: dict[str, str] = {}
    for path in sorted((folder or data_folder("catalogue") / "lexicon").glob("*.yaml")):
        for heading, names in _headings(path):
            where = f"{path.name}, heading {heading}"
            if heading not in known:
                raise ValueError(f"{where}: no such HS heading; write the four digits of the nomenclature")
            if heading in seen:
                raise ValueError(f"{where}: already written in {seen[heading]}; keep one of the two")
            seen[heading] = path.name
            terms += _terms(heading, names, where)
    return terms


def _headings(path: Path) -> Iterator[tuple[str, Any]]:
    raw = read_yaml(path) or {}
    if not isinstance(raw, dict):
        raise ValueError(f"{path.name}: must map headings to terms")
    yield from raw.items()


def _terms(heading: str, names: Any, where: str) -> Iterator[LexiconTerm]:
    if not isinstance(names, dict) or set(names) != set(LANGUAGES):
        raise ValueError(f"{where}: must hold exactly {', '.join(LANGUAGES)}")
    for lang in LANGUAGES:
        terms = names[lang]
        if (
            not isinstance(terms, list)
            or not all(isinstance(term, str) and term.strip() for term in terms)
            or not terms
        ):
            raise ValueError(f"{where}, {lang}: must be a list with at least one term, none of them empty")
        if len(set(terms)) < len(terms):
            raise ValueError(f"{where}, {lang}: a term is written twice; remove one")
        yield from (LexiconTerm(heading, lang, term) for term in terms)

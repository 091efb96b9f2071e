"""Provenance: which training lines are public wording, and which somebody labelled."""

from elek_training.labelled import LabelledLine
from elek_training.nomenclature import EDITION

COMPOSED = "composed"
OURS = frozenset({COMPOSED, "lexicon", EDITION})
"""Sources of the lines that every fit has."""

OFFICIAL = frozenset({"tnved", "hts", "annex1", "ccl", "chpl"})
"""Sources that the importers of official texts write."""

PARAGRAPHS = frozenset({"annex1", "ccl"})
"""Of them, the texts of the control lists: the only ones that say what a control entry is in the words of the law."""


def is_own(line: LabelledLine) -> bool:
    """Tell a line that somebody labelled from public wording: catalogue, lexicon, nomenclature, official texts.

    Declarants copy public wording word for word. A test line that stands in it was not learnt from a declaration, so it is no leak.

    Examples
    --------
    >>> is_own(LabelledLine("живые лошади", hs="0101", source="tnved")), is_own(LabelledLine("лошадь", hs="0101", source="july"))
    (False, True)
    """
    return line.source not in OURS and line.source not in OFFICIAL

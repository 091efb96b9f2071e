"""Verdict: which of the five answers the three scores give, and which thresholds they crossed."""

from elek.bundle import Thresholds
from elek.goods import DeclaredCode, Verdict


def crossed(thresholds: Thresholds, controlled: float, misdeclared: float | None, vague: float) -> tuple[str, ...]:
    """Name every threshold that a line's scores reach.

    Examples
    --------
    >>> crossed(Thresholds(0.5, 0.5, 0.5), 0.9, None, 0.5)
    ('controlled', 'too_vague')
    """
    names = []
    if controlled >= thresholds.controlled:
        names.append("controlled")
    if vague >= thresholds.vague:
        names.append("too_vague")
    if misdeclared is not None and misdeclared >= thresholds.misdeclared:
        names.append("wrong_code")
    return tuple(names)


def decide(names: tuple[str, ...], declared: DeclaredCode | None) -> Verdict:
    """Give the first verdict that holds.

    Parameters
    ----------
    names : tuple of str
        As `crossed` gives them.
    declared : DeclaredCode or None

    Returns
    -------
    Verdict

    Examples
    --------
    >>> decide(("controlled", "wrong_code"), DeclaredCode("950300", True, 0.001, None))
    'wrong_code_hides_control'
    """
    hidden = declared is not None and declared.chpl_tier is None
    if "controlled" in names and "wrong_code" in names and hidden:
        return "wrong_code_hides_control"
    if "controlled" in names:
        return "controlled"
    if "too_vague" in names:
        return "too_vague"
    return "wrong_code" if "wrong_code" in names else "clear"

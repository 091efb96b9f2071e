"""Wording: how numbers, times, codes and digests are written on a page."""

from datetime import datetime


def percent(p: float | None) -> str:
    """Write a probability.

    Examples
    --------
    >>> percent(0.974), percent(0.0), percent(None)
    ('97%', '<1%', '–')
    """
    if p is None:
        return "–"
    if p < 0.01:
        return "<1%"
    return ">99%" if 0.995 <= p < 1 else f"{p:.0%}"


def share(p: float) -> str:
    """Write a share that was counted, where nought is nought.

    Examples
    --------
    >>> share(0.0), share(2 / 3)
    ('0%', '67%')
    """
    return f"{p:.0%}"


def signed(move: float) -> str:
    """Write by how much a score moved.

    Examples
    --------
    >>> signed(0.6), signed(-0.05)
    ('+0.60', '−0.05')
    """
    return f"{move:+.2f}".replace("-", "\u2212")


def times(factor: float) -> str:
    """Write by what something is multiplied or divided.

    Examples
    --------
    >>> times(10.9), times(0.5)
    ('×11', '÷2.0')
    """
    sign, size = ("×", factor) if factor >= 1 else ("÷", 1 / factor)
    return f"{sign}{size:.0f}" if size >= 9.95 else f"{sign}{size:.1f}"


def moment(at: datetime | None) -> str:
    """Write a time, UTC."""
    return at.strftime("%Y-%m-%d %H:%M UTC") if at else "–"


def spaced_code(digits: str | None) -> str:
    """Write an HS code in its parts.

    Examples
    --------
    >>> spaced_code("8542310000"), spaced_code("8542"), spaced_code("n/a")
    ('8542 31 0000', '8542', 'n/a')
    """
    if not digits or not digits.isdigit() or len(digits) <= 4:
        return digits or "–"
    return " ".join(part for part in (digits[:4], digits[4:6], digits[6:]) if part)


def short_digest(digest: str | None) -> str:
    """Write the beginning of a digest."""
    return (digest or "–").removeprefix("sha256:")[:12]


FILTERS = {
    "percent": percent,
    "share": share,
    "signed": signed,
    "moment": moment,
    "spaced_code": spaced_code,
    "short_digest": short_digest,
}
"""Filters of the templates."""

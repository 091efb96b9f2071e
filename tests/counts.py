"""Counts of a test: reduced by default, full under ELEK_SOAK=1."""

import os

SOAK = bool(os.environ.get("ELEK_SOAK"))


def count(reduced: int, full: int) -> int:
    """Give the count to use."""
    return full if SOAK else reduced

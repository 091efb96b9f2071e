"""Model text: a description as the model reads it."""

from elek.sound import sound_form
from elek.text import normalise


def model_text(description: str) -> str:
    """Give a description as the model reads it: normalised, then folded to its sound.

    Examples
    --------
    >>> model_text("Подшипник  ШАРИКОВЫЙ") == model_text("подшипник шариковый")
    True
    """
    return sound_form(normalise(description).text)

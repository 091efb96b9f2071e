"""Error log: the kind and place of an error that nobody foresaw, never its text: that may hold a description."""

import logging
import traceback
from pathlib import Path

FRAMES = 3


def log_place(log: logging.Logger, what: str, error: BaseException) -> None:
    """Log what failed, the error's kind, and where.

    Parameters
    ----------
    log : Logger
    what : str
        Must hold nothing that was sent.
    error : BaseException
    """
    frames = reversed(traceback.extract_tb(error.__traceback__)[-FRAMES:])
    place = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    log.error("%s: %s at %s", what, type(error).__name__, place)

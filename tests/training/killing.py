"""Kills a process at a chosen moment of what it writes, as `kill -9` or a power cut would."""

import os
import signal
from collections.abc import Callable
from itertools import count

WRITES = ("fsync", "replace", "rename")


def die_at(moment: int) -> None:
    """Let this process die just before its write number `moment`."""
    number = count()

    def dying(write: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object, **named: object) -> object:
            if next(number) == moment:
                os.kill(os.getpid(), signal.SIGKILL)
            return write(*given, **named)

        return call

    for name in WRITES:
        setattr(os, name, dying(getattr(os, name)))


def kill_at(moment: int, action: Callable[[], object]) -> bool:
    """Run an action in a child that dies at a write; True when it was killed, False when it ended before."""
    child = os.fork()
    if child == 0:
        die_at(moment)
        try:
            action()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])

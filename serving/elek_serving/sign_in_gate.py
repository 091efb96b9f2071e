"""Sign-in gate: slows down whoever guesses passwords, by name and by address. It lives in memory and starts empty."""

import threading
import time
from collections import OrderedDict, deque

WINDOW_SECONDS = 15 * 60.0
PER_NAME, PER_ADDRESS = 5, 20
MAX_KEPT = 10_000


class SignInGate:
    """Counts failed sign-ins of the last quarter of an hour.

    Examples
    --------
    >>> gate = SignInGate()
    >>> for _ in range(5): gate.failed("aida", "10.0.0.1")
    >>> gate.wait_seconds("aida", "10.0.0.2") > 0, gate.wait_seconds("oleg", "10.0.0.1")
    (True, 0)
    """

    def __init__(self) -> None:
        self._failed: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_seconds(self, name: str, address: str) -> int:
        """Give how long to wait before the next try; 0 when it may be made now."""
        with self._lock:
            return max(self._wait(("name", name), PER_NAME), self._wait(("address", address), PER_ADDRESS))

    def failed(self, name: str, address: str) -> None:
        """Count a failed sign-in."""
        with self._lock:
            for key, limit in ((("name", name), PER_NAME), (("address", address), PER_ADDRESS)):
                self._failed.setdefault(key, deque(maxlen=limit)).append(time.monotonic())
                self._failed.move_to_end(key)
            while len(self._failed) > MAX_KEPT:
                self._failed.popitem(last=False)

    def succeeded(self, name: str) -> None:
        """Forget the failures of a name."""
        with self._lock:
            self._failed.pop(("name", name), None)

    def _wait(self, key: tuple[str, str], limit: int) -> int:
        times = self._failed.get(key)
        if times is None or len(times) < limit:
            return 0
        left = times[0] + WINDOW_SECONDS - time.monotonic()
        return max(0, int(left) + (left > 0))

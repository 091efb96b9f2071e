"""Metrics for Prometheus: latency, lines, verdicts, what waits, age of the bundle."""

from collections import Counter as Tally
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import Scope

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The figures of one running service."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._seconds = Histogram(
            "elek_request_seconds", "Time to answer.", ("route", "status"), registry=self._registry, buckets=BUCKETS
        )
        self._refused = Counter("elek_requests_refused", "Requests turned away as too many.", registry=self._registry)
        self._lines = Counter("elek_lines_scored", "Goods lines scored.", registry=self._registry)
        self._verdicts = Counter("elek_verdicts", "Verdicts given.", ("verdict",), registry=self._registry)
        self._swaps = Counter("elek_bundle_swaps", "Bundles swapped.", ("outcome",), registry=self._registry)

    def watch(self, name: str, about: str, value: Callable[[], float]) -> None:
        """Show a figure that is asked for when the metrics are read."""
        Gauge(name, about, registry=self._registry).set_function(value)

    def answered(self, scope: Scope, status: int, seconds: float) -> None:
        """Count an answer and its time, under the route's own path."""
        route = scope.get("route")
        path = getattr(route, "path", "unknown")
        self._seconds.labels(path, str(status)).observe(seconds)

    def refused(self) -> None:
        """Count a request that was turned away."""
        self._refused.inc()

    def scored(self, verdicts: Iterable[str | None]) -> None:
        """Count lines and their verdicts; None counts as ``error``."""
        for verdict, n in Tally(verdicts).items():
            self._lines.inc(n)
            self._verdicts.labels(verdict or "error").inc(n)

    def swapped(self, outcome: str) -> None:
        """Count a bundle that was swapped in or refused."""
        self._swaps.labels(outcome).inc()

    def text(self) -> bytes:
        """Give the figures in the text form of Prometheus."""
        return generate_latest(self._registry)

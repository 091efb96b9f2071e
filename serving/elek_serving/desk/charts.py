"""Charts: numbers laid out as SVG coordinates, drawn by the template with no script and no inline style."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 200
LEFT, RIGHT, TOP, BOTTOM = 58, 12, 14, 28


@dataclass(frozen=True)
class Bar:
    """One bar: left edge, top edge, width and height, and what it says when pointed at."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    told: str


@dataclass(frozen=True)
class Dot:
    """One point with its interval: position, top and bottom of the interval, and what it says when pointed at."""

    x: float
    y: float
    high: float
    low: float
    told: str


@dataclass(frozen=True)
class Tick:
    """A line of the scale or a name under the axis."""

    at: float
    text: str


@dataclass(frozen=True)
class Chart:
    """Everything the template draws.

    Attributes
    ----------
    bars : tuple of Bar
    dots : tuple of Dot
    scale : tuple of Tick
        Heights, with their values.
    names : tuple of Tick
        Under the axis.
    """

    bars: tuple[Bar, ...]
    dots: tuple[Dot, ...]
    scale: tuple[Tick, ...]
    names: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


@dataclass(frozen=True)
class Rate:
    """A share with its 95 % interval.

    Attributes
    ----------
    name : str
    k, n : int
        k of n.
    p, low, high : float
        In [0, 1]; Wilson's interval.
    """

    name: str
    k: int
    n: int
    p: float
    low: float
    high: float

    @classmethod
    def of(cls, name: str, k: int, n: int) -> "Rate":
        """Give k of n; n is at least 1.

        Examples
        --------
        >>> rate = Rate.of("ru", 8, 10)
        >>> rate.p, round(rate.low, 2), round(rate.high, 2)
        (0.8, 0.49, 0.94)
        """
        z2 = 1.959964**2
        middle = (k + z2 / 2) / (n + z2)
        half = 1.959964 / (n + z2) * (k * (n - k) / n + z2 / 4) ** 0.5
        return cls(name, k, n, k / n, max(0.0, middle - half), min(1.0, middle + half))


def columns(days: Sequence[str], series: Sequence[tuple[str, str, Sequence[int]]]) -> Chart:
    """Lay out bars side by side for each day.

    Parameters
    ----------
    days : sequence of str
    series : sequence of (kind, name, counts)
        `kind` chooses the fill.
    """
    top = _round_up(max((n for _, _, counts in series for n in counts), default=0))
    step = (WIDTH - LEFT - RIGHT) / max(1, len(days))
    width = min(22.0, step * 0.8 / max(1, len(series)))
    bars = []
    for place, (kind, name, counts) in enumerate(series):
        for i, count in enumerate(counts):
            y = _height(count / top)
            x = LEFT + step * (i + 0.5) + width * (place - len(series) / 2)
            told = f"{days[i]}, {name}: {count}"
            bars.append(Bar(round(x, 1), y, round(width, 1), round(HEIGHT - BOTTOM - y, 1), kind, told))
    scale = tuple(Tick(_height(share), f"{top * share:g}") for share in (0.0, 0.5, 1.0))
    return Chart(tuple(bars), (), scale, _names(days, step))


def points(rates: Sequence[Rate]) -> Chart:
    """Lay out shares in time with their intervals."""
    step = (WIDTH - LEFT - RIGHT) / max(1, len(rates))
    dots = []
    for i, rate in enumerate(rates):
        told = f"{rate.name}: {rate.p:.0%} ({rate.k}/{rate.n}; {rate.low:.0%}–{rate.high:.0%})"
        x = round(LEFT + step * (i + 0.5), 1)
        dots.append(Dot(x, _height(rate.p), _height(rate.high), _height(rate.low), told))
    scale = tuple(Tick(_height(share), f"{share:.0%}") for share in (0.0, 0.5, 1.0))
    return Chart((), tuple(dots), scale, _names([rate.name for rate in rates], step))


def _height(share: float) -> float:
    return round(TOP + (HEIGHT - BOTTOM - TOP) * (1 - share), 1)


def _names(names: Sequence[str], step: float) -> tuple[Tick, ...]:
    every = max(1, round(62 / step))
    return tuple(Tick(round(LEFT + step * (i + 0.5), 1), n) for i, n in enumerate(names) if i % every == 0)


def _round_up(most: int) -> int:
    """Give the end of a scale: 1, 2 or 5 times a power of ten, even where it can be."""
    size = 2
    while size < most:
        for factor in (1, 2.5, 5, 10):
            if size * factor >= most:
                return int(size * factor)
        size *= 10
    return size

"""What each threshold would pass and let through, as numbers for an SVG; the template only draws them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inspection.policy.thresholds import Point
from inspection.templatetags.figures import decimal
from inspection.templatetags.shares import share as in_words

WIDTH, HEIGHT = 960, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 72, 48
BAR_WORDS = 180
"""About as wide as what the bar is called, in any language."""
NICE = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


@dataclass(frozen=True)
class Tick:
    at: float
    words: str


@dataclass(frozen=True)
class Mark:
    """A threshold with its name, the words at a height at which those of others do not lie over them."""

    x: float
    y: float
    words: str
    level: float
    anchor: str
    kind: str


@dataclass(frozen=True)
class Words:
    """Where words stand, and which end of them."""

    x: float
    y: float
    anchor: str

    @property
    def box(self) -> tuple[float, float, float, float]:
        """From left to right and from top to bottom."""
        left = self.x - BAR_WORDS if self.anchor == "end" else self.x
        return left, left + BAR_WORDS, self.y - 14, self.y + 4


@dataclass(frozen=True)
class Plot:
    """All in units of the SVG."""

    path: str
    steps: tuple[tuple[float, float], ...]
    """Where the path turns: between two thresholds of the grid there is nothing to read."""
    bar: Tick
    bar_words: Words
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM
    top: int = TOP


@dataclass(frozen=True)
class Named:
    """A threshold to be marked; `kind` is its class in the style sheet."""

    at: float | None
    words: str
    kind: str


def plot(points: Sequence[Point], *, bar: float, named: Sequence[Named]) -> Plot | None:
    """The share that would be passed from left to right, the upper limit of escapes upwards on a log scale; None where
    nothing has been counted."""
    if not points or not points[0].n:
        return None
    scale = _Scale.over([bar, *(point.upper for point in points)])
    marked = sorted(
        ((one, *_place(points, one.at)) for one in named if one.at is not None), key=lambda one: (one[1], one[2])
    )
    way = list(dict.fromkeys((_x(point.passed / point.n), scale.y(point.upper)) for point in points))
    marks = tuple(_mark(one, share, upper, scale, place) for place, (one, share, upper) in enumerate(marked))
    return Plot(
        path=" ".join(f"{across},{up}" for across, up in way),
        steps=tuple(way),
        bar=Tick(at=scale.y(bar), words=in_words(bar)),
        across=tuple(Tick(at=_x(tenth / 10), words=str(10 * tenth)) for tenth in range(0, 11, 2)),
        up=tuple(Tick(at=scale.y(value), words=decimal(100 * value, _places(value))) for value in scale.ticks),
        marks=marks,
        bar_words=_beside(scale.y(bar), way, [mark.x for mark in marks]),
    )


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float

    @classmethod
    def over(cls, values: Sequence[float]) -> _Scale:
        least, most = min(values), max(values)
        # A step beyond both ends, so that no line runs along the edge.
        low = max((value for value in NICE if value < least / 1.2), default=NICE[0] / 2)
        high = min((value for value in NICE if value > most * 1.2), default=NICE[-1])
        return cls(low=low, high=high if high > low else 1.0)

    def y(self, value: float) -> float:
        share = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(1.0, share), 1)

    @property
    def ticks(self) -> list[float]:
        return [value for value in NICE if self.low <= value <= self.high]


def _place(points: Sequence[Point], at: float) -> tuple[float, float]:
    """Share passed and upper limit at a threshold; between two steps of the grid on the line that is drawn there."""
    below = max((point for point in points if point.at <= at), key=lambda point: point.at, default=points[0])
    above = next((point for point in points if point.at >= at), points[-1])
    way = (at - below.at) / (above.at - below.at) if above.at > below.at else 0.0
    way = min(1.0, max(0.0, way))
    passed = below.passed + way * (above.passed - below.passed)
    return passed / below.n, below.upper + way * (above.upper - below.upper)


def _mark(one: Named, share: float, upper: float, scale: _Scale, place: int) -> Mark:
    x = _x(share)
    anchor = "end" if x > WIDTH / 2 else "start"
    return Mark(x=x, y=scale.y(upper), words=one.words, level=8 + 18 * (place % 3), anchor=anchor, kind=one.kind)


def _beside(bar: float, way: Sequence[tuple[float, float]], lines: Sequence[float]) -> Words:
    """Words beside the bar, where neither the line of the plot nor that of a mark runs through them."""
    places = [(LEFT + 8, "start"), (WIDTH - RIGHT - 8, "end"), (WIDTH / 2, "start")]
    tried = [Words(x=x, y=y, anchor=anchor) for x, anchor in places for y in (bar + 16, bar - 6)]
    inside = [words for words in tried if words.y <= HEIGHT - BOTTOM - 4]
    return min(inside, key=lambda words: _crossed(words, way, lines))


def _crossed(words: Words, way: Sequence[tuple[float, float]], lines: Sequence[float]) -> int:
    left, right, top, bottom = words.box
    across = np.arange(left, right, 2.0)
    heights = np.interp(across, [x for x, _ in way], [y for _, y in way], left=-1.0, right=-1.0)
    through = bool(((heights > top) & (heights < bottom)).any())
    return 2 * through + sum(left - 4 < x < right + 4 for x in lines)


def _x(share: float) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * share, 1)


def _places(value: float) -> int:
    return 2 if value < 0.001 else 1 if value < 0.01 else 0

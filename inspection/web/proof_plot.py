"""The way of an e-value as numbers for an SVG; the template only draws them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from inspection.queries.readiness import Mark, Point
from inspection.templatetags.figures import number
from inspection.web.plot_marks import Mark as Line
from inspection.web.plot_marks import begins, placed, told

WIDTH, HEIGHT = 640, 292
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 68, 44
FIRST_ROW, ROW = 8, 15
HEAD = 32
"""What stands above the plot itself: what its axis is called."""
LOWEST = -4.0
"""In powers of ten; what lies deeper is drawn at the edge: how far from proof a failure is tells nobody anything."""
NICE = (1, 2, 5)
MOST_TICKS = 6
SIGNS = str.maketrans("-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")


@dataclass(frozen=True)
class Tick:
    at: float
    words: str


@dataclass(frozen=True)
class ProofPlot:
    """All in units of the SVG. `path` is a polyline, `end` where it stands now."""

    path: str
    end: tuple[float, float]
    bar: Tick
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    marks: tuple[Line, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM
    top: int = TOP

    @property
    def begins(self) -> float:
        """Height at which the drawing begins."""
        return begins(self.marks, first=FIRST_ROW, most=TOP - HEAD)

    @property
    def tall(self) -> float:
        return self.height - self.begins


def proof_plot(points: Sequence[Point], marks: Sequence[Mark], *, alpha: float) -> ProofPlot | None:
    """Counted items from left to right, the e-value upwards in powers of ten; None while nothing is counted."""
    if not points:
        return None
    needed = -math.log10(alpha)
    values = [max(LOWEST, point.log_e / math.log(10)) for point in points]
    low, high = math.floor(min(-1.0, *values)), math.ceil(max(needed + 0.5, *values))
    most = points[-1].n if points[-1].n > 0 else 1
    most = max(most, *(point.n for point in points))

    def x(n: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * n / most, 1)

    def y(value: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low), 1)

    way = [(x(0), y(0.0)), *((x(point.n), y(value)) for point, value in zip(points, values, strict=True))]
    return ProofPlot(
        path=" ".join(f"{across},{up}" for across, up in way),
        end=way[-1],
        bar=Tick(at=y(needed), words=number(round(1 / alpha))),
        across=tuple(Tick(at=x(n), words=number(n)) for n in _whole_ticks(most)),
        up=tuple(Tick(at=y(power), words=_power(power)) for power in _powers(low, high)),
        marks=placed([told(x(mark.n), mark.words, mark.why) for mark in marks], width=WIDTH, first=FIRST_ROW, step=ROW),
    )


def _whole_ticks(most: int) -> range:
    """Round numbers from 0 on, at most `MOST_TICKS` steps."""
    size = 10 ** max(0, len(str(most)) - 2)
    step = next(step for scale in (1, 10, 100) for nice in NICE if (step := nice * size * scale) * MOST_TICKS >= most)
    return range(0, most + 1, step)


def _powers(low: int, high: int) -> range:
    return range(low, high + 1, max(1, math.ceil((high - low) / MOST_TICKS)))


def _power(power: int) -> str:
    """10 to a power as people write it."""
    if 0 <= power <= 3:
        return number(10**power)
    return f"10{str(power).translate(SIGNS)}"

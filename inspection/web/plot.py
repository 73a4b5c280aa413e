"""The plot of agreement by lot as numbers for an SVG; the template only draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from inspection.queries.agreement_by_lot import Change, LotPoint
from inspection.refused import spoken

WIDTH, HEIGHT = 960, 320
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 64, 56
MOST_NAMED = 12
"""More names than these would run into one another below the axis."""


@dataclass(frozen=True)
class Dot:
    """One lot: its agreement, the ends of its interval, and its name where there is room for one."""

    x: float
    y: float
    low: float
    high: float
    title: str
    name: str


@dataclass(frozen=True)
class Tick:
    y: float
    words: str


@dataclass(frozen=True)
class Mark:
    """A vertical line where something changed."""

    x: float
    words: str
    level: float
    """Height of the words, so that close marks do not cover one another."""
    anchor: str


@dataclass(frozen=True)
class Plot:
    """All in units of the SVG."""

    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM
    top: int = TOP


def plot(points: Sequence[LotPoint], changes: Sequence[Change]) -> Plot:
    """Lots from left to right in order, agreement from 0 to 100 % upwards."""
    every = max(1, -(-len(points) // MOST_NAMED))
    dots = tuple(
        _dot(point, place=place, of=len(points), named=place % every == 0) for place, point in enumerate(points)
    )
    ticks = tuple(Tick(y=_y(share / 4), words=f"{25 * share}") for share in range(5))
    marks = tuple(_mark(change, points, number) for number, change in enumerate(changes))
    return Plot(dots=dots, ticks=ticks, marks=marks)


def _dot(point: LotPoint, *, place: int, of: int, named: bool) -> Dot:
    share = point.agree
    low, high = share.interval() or (0.0, 1.0)
    title = gettext("{lot}: {k} of {n} agree ({low} to {high} %)").format(
        lot=point.lot, k=share.k, n=share.n, low=f"{100 * low:.0f}", high=f"{100 * high:.0f}"
    )
    return Dot(
        x=_x(place + 0.5, of),
        y=_y(share.value or 0.0),
        low=_y(low),
        high=_y(high),
        title=title,
        name=_short(point.lot) if named else "",
    )


def _mark(change: Change, points: Sequence[LotPoint], number: int) -> Mark:
    before = sum(point.first < change.at for point in points)
    x = _x(before, len(points))
    anchor = "end" if x > WIDTH / 2 else "start"
    return Mark(x=x, words=spoken(change.words), level=8 + 16 * (number % 3), anchor=anchor)


def _short(lot: str) -> str:
    return lot if len(lot) <= 10 else f"…{lot[-9:]}"


def _x(place: float, of: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * place / max(of, 1), 1)


def _y(share: float) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - share), 1)

"""The plot of a person's day as numbers for an SVG; the template only draws them."""

from __future__ import annotations

from dataclasses import dataclass

from inspection.queries.own_work import Day

WIDTH, HEIGHT = 400, 190
LEFT, RIGHT, TOP, BOTTOM = 40, 8, 28, 40
WIDEST = 40
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True)
class Bar:
    """One hour."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    hour: str
    count: int


@dataclass(frozen=True)
class Tick:
    y: float
    words: str


@dataclass(frozen=True)
class DayPlot:
    """All in units of the SVG."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def day_plot(day: Day) -> DayPlot | None:
    """Hours from left to right, parts upwards from 0; None while nothing is judged."""
    if not day.by_hour:
        return None
    most = max(day.by_hour.values())
    step = next((step for step in STEPS if most <= 4 * step), STEPS[-1])
    top = step * max(1, -(-most // step))
    bars = tuple(
        _bar(place, hour, count, of=len(day.by_hour), top=top)
        for place, (hour, count) in enumerate(day.by_hour.items())
    )
    return DayPlot(bars=bars, ticks=tuple(Tick(y=_y(n, top), words=str(n)) for n in range(0, top + 1, step)))


def _bar(place: int, hour: int, count: int, *, of: int, top: int) -> Bar:
    room = (WIDTH - LEFT - RIGHT) / of
    width = min(WIDEST, 0.7 * room)
    middle = LEFT + room * (place + 0.5)
    y = _y(count, top)
    return Bar(
        x=round(middle - width / 2, 1),
        y=y,
        width=round(width, 1),
        height=round(HEIGHT - BOTTOM - y, 1),
        middle=round(middle, 1),
        hour=str(hour),
        count=count,
    )


def _y(count: int, top: int) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - count / top), 1)

"""Plots of a report as numbers for an SVG; the template only draws them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil, floor
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from inspection.policy.agreement import Share
from inspection.policy.charts import Bar as Ranked
from inspection.policy.charts import PChart
from inspection.queries.agreement_changes import Change
from inspection.templatetags.figures import decimal, number, on_day
from inspection.web.plot_marks import Mark, begins, placed
from inspection.web.plot_marks import told as marked

WIDTH, HEIGHT = 960, 320
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 84, 56
FIRST_ROW, ROW = 8, 16
HEAD = 32
"""What stands above the plot itself: what its axis is called."""
MOST_NAMED = 12
"""More names than these would run into one another below the axis."""
LEAST = 2
"""One point alone shows no course of anything."""
WIDEST = 56
STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25)


@dataclass(frozen=True)
class Dot:
    """One lot or day: its share, the ends of its interval where it has one, and its name where there is room for it."""

    x: float
    y: float
    title: str
    name: str
    low: float | None = None
    high: float | None = None
    out: bool = False
    """Outside the limits of its chart."""


@dataclass(frozen=True)
class Tick:
    y: float
    words: str


@dataclass(frozen=True)
class Line:
    """A line through points; `kind` is its class in the style sheet."""

    kind: str
    points: str


@dataclass(frozen=True)
class Column:
    """One bar of a Pareto chart."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    name: str
    title: str
    vital: bool


@dataclass(frozen=True)
class Plot:
    """All in units of the SVG. `floor` is the value at the foot of the axis, in per cent, where that is not 0."""

    dots: tuple[Dot, ...] = ()
    ticks: tuple[Tick, ...] = ()
    marks: tuple[Mark, ...] = ()
    lines: tuple[Line, ...] = ()
    columns: tuple[Column, ...] = ()
    floor: str = ""
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


@dataclass(frozen=True)
class _Scale:
    """Shares from `low` to `high`, upwards."""

    low: float
    high: float
    step: float

    @classmethod
    def over(cls, low: float, high: float) -> _Scale:
        span = max(high - low, 0.004)
        step = next((step for step in STEPS if span <= 5 * step), STEPS[-1])
        foot, head = floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step
        return cls(low=foot, high=min(1.0, max(head, foot + step)), step=step)

    def y(self, share: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - (share - self.low) / (self.high - self.low)), 1)

    @property
    def ticks(self) -> tuple[Tick, ...]:
        count = round((self.high - self.low) / self.step)
        places = 0 if self.step >= 0.01 else 1
        values = (self.low + self.step * place for place in range(count + 1))
        return tuple(Tick(y=self.y(value), words=decimal(100 * value, places)) for value in values)


def trend(days: Sequence[tuple[date, Share]], changes: Sequence[Change], *, zone: str) -> Plot | None:
    """Days by the calendar from left to right, agreement upwards with its interval; None before there are two days."""
    told = [(day, share) for day, share in days if share.n]
    if len(told) < LEAST:
        return None
    ends = [share.interval() or (0.0, 1.0) for _, share in told]
    scale = _Scale.over(floor(10 * min(low for low, _ in ends)) / 10, 1.0)
    calendar = _Calendar(told[0][0], (told[-1][0] - told[0][0]).days + 1, zone)
    every = max(1, ceil(calendar.days / MOST_NAMED))
    dots = tuple(
        Dot(
            x=calendar.x_of(day),
            y=scale.y(share.value or 0.0),
            low=scale.y(low),
            high=scale.y(high),
            title=_title(on_day(day), share, low=low, high=high),
            name=f"{day:%m-%d}" if (day - calendar.first).days % every == 0 else "",
        )
        for (day, share), (low, high) in zip(told, ends, strict=True)
    )
    foot = decimal(100 * scale.low, 0) if scale.low > 0 else ""
    return Plot(
        dots=dots, ticks=scale.ticks, marks=_marks((calendar.x_at(change.at), change) for change in changes), floor=foot
    )


@dataclass(frozen=True)
class _Calendar:
    first: date
    days: int
    zone: str

    def x_of(self, day: date) -> float:
        return _x((day - self.first).days + 0.5, self.days)

    def x_at(self, moment: datetime) -> float:
        begins = datetime.combine(self.first, time(), tzinfo=ZoneInfo(self.zone))
        return _x(min(max((moment - begins) / timedelta(days=1), 0.0), self.days), self.days)


def _marks(told: Iterable[tuple[float, Change]]) -> tuple[Mark, ...]:
    return placed([marked(x, change.words, change.why) for x, change in told], width=WIDTH, first=FIRST_ROW, step=ROW)


def control(
    names: Sequence[str], chart: PChart, marks: Sequence[tuple[float, Change]], *, below: Sequence[str] = ()
) -> Plot | None:
    """A p-chart: lots or days in order, each share with the limits of its own size. `marks` stand at the place
    that they name, 0 at the left edge of the first; `below` the axis stand shorter names. None before there are two
    points."""
    if chart.centre is None or len(_shares(chart)) < LEAST:
        return None
    highest = max([chart.centre, *(point.upper or 0.0 for point in chart.points), *_shares(chart)])
    scale = _Scale.over(0.0, min(1.0, highest))
    count, every = len(names), max(1, ceil(len(names) / MOST_NAMED))
    dots = tuple(
        Dot(
            x=_x(place + 0.5, count),
            y=scale.y(point.share),
            title=_title(names[place], Share(k=point.defective, n=point.n)),
            name=_short((below or names)[place]) if place % every == 0 else "",
            out=point.out,
        )
        for place, point in enumerate(chart.points)
        if point.share is not None
    )
    lines = (
        Line("centre", f"{LEFT},{scale.y(chart.centre)} {WIDTH - RIGHT},{scale.y(chart.centre)}"),
        Line("limit", _steps([point.upper for point in chart.points], scale)),
        Line("limit", _steps([point.lower for point in chart.points], scale)),
    )
    told = ((_x(place, count), change) for place, change in marks)
    return Plot(dots=dots, ticks=scale.ticks, lines=lines, marks=_marks(told))


def _shares(chart: PChart) -> list[float]:
    return [point.share for point in chart.points if point.share is not None]


def _steps(values: Sequence[float | None], scale: _Scale) -> str:
    """A line that runs level over each place."""
    corners = []
    for place, value in enumerate(values):
        if value is not None:
            y = scale.y(value)
            corners += [f"{_x(place, len(values))},{y}", f"{_x(place + 1, len(values))},{y}"]
    return " ".join(corners)


def ranking(bars: Sequence[Ranked], names: dict[str, str]) -> Plot | None:
    """A Pareto chart: the most frequent class of defect first, with the share of it and all before it together."""
    if not bars:
        return None
    scale = _Scale.over(0.0, 1.0)
    room = (WIDTH - LEFT - RIGHT) / len(bars)
    width = min(WIDEST, 0.7 * room)
    columns = tuple(
        Column(
            x=round(LEFT + room * (place + 0.5) - width / 2, 1),
            y=scale.y(bar.share),
            width=round(width, 1),
            height=round(scale.y(0.0) - scale.y(bar.share), 1),
            middle=round(LEFT + room * (place + 0.5), 1),
            name=_short(names.get(bar.name, bar.name), most=max(6, int(room / 8))),
            title=f"{names.get(bar.name, bar.name)}: {number(bar.count)}",
            vital=bar.vital,
        )
        for place, bar in enumerate(bars)
    )
    together = " ".join(f"{column.middle},{scale.y(bar.together)}" for column, bar in zip(columns, bars, strict=True))
    return Plot(columns=columns, ticks=scale.ticks, lines=(Line("together", together),))


def _title(name: str, share: Share, *, low: float | None = None, high: float | None = None) -> str:
    told = {"name": name, "k": number(share.k), "n": number(share.n)}
    if low is None or high is None:
        return gettext("{name}: {k} of {n}").format(**told)
    return gettext("{name}: {k} of {n} ({low} to {high} %)").format(
        **told, low=decimal(100 * low, 0), high=decimal(100 * high, 0)
    )


def _short(name: str, *, most: int = 10) -> str:
    return name if len(name) <= most else f"…{name[-(most - 1) :]}"


def _x(place: float, of: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * place / max(of, 1), 1)

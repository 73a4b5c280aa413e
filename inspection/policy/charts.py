"""Charts of a line's quality: the p-chart of defective parts per lot, and Pareto's ranking of the classes of defect."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

SIGMAS = 3
"""Shewhart's limits: a stable line crosses them in about 3 of 1,000 lots."""
VITAL = 0.8


@dataclass(frozen=True)
class Point:
    """One lot. Share and limits are None for a lot of which nothing was counted."""

    n: int
    defective: int
    share: float | None
    lower: float | None
    upper: float | None

    @property
    def out(self) -> bool:
        if self.share is None or self.lower is None or self.upper is None:
            return False
        return not self.lower <= self.share <= self.upper


@dataclass(frozen=True)
class PChart:
    """Lots in their order; `centre` is None when nothing was counted."""

    centre: float | None
    points: tuple[Point, ...]

    @property
    def out(self) -> tuple[int, ...]:
        """Places, from 0, of the lots outside their own limits."""
        return tuple(place for place, point in enumerate(self.points) if point.out)


def p_chart(*, n: Sequence[int], defective: Sequence[int], left_out: Collection[int] = ()) -> PChart:
    """Share of defective parts per lot with limits that fit the size of each lot (Shewhart; NIST e-Handbook 6.3.3.2).

    `left_out` are places of lots whose cause is known and mended: they are drawn, but centre and limits are revised
    without them.
    """
    if len(n) != len(defective) or any(not 0 <= d <= size for d, size in zip(defective, n, strict=False)):
        raise ValueError("each lot has a size and at most that many defective parts")
    kept = [place for place in range(len(n)) if place not in left_out]
    total = sum(n[place] for place in kept)
    centre = sum(defective[place] for place in kept) / total if total else None
    return PChart(
        centre=centre, points=tuple(_point(size, d, centre=centre) for size, d in zip(n, defective, strict=True))
    )


def _point(n: int, defective: int, *, centre: float | None) -> Point:
    share = defective / n if n else None
    if centre is None or not n:
        return Point(n=n, defective=defective, share=share, lower=None, upper=None)
    reach = SIGMAS * sqrt(centre * (1 - centre) / n)
    return Point(n=n, defective=defective, share=share, lower=max(centre - reach, 0.0), upper=min(centre + reach, 1.0))


def together(sizes: Sequence[int], *, least: int) -> list[range]:
    """Places of lots in their order, neighbours as one until they hold at least so many parts.

    From the newest one backwards, so that the oldest parts are left out where too few are left over; all lots are one
    where they hold too few altogether, and a small lot stands with the ones before it.
    """
    found, end, parts = [], len(sizes), 0
    for place in range(len(sizes) - 1, -1, -1):
        parts += sizes[place]
        if parts >= least:
            found.append(range(place, end))
            end, parts = place, 0
    return found[::-1] or [range(len(sizes))]


@dataclass(frozen=True)
class Bar:
    """One class of defect: its share of all defects, and that of it and all greater ones together."""

    name: str
    count: int
    share: float
    together: float
    vital: bool
    """Whether it belongs to the fewest classes that make up four fifths of all defects."""


def pareto(counts: Iterable[tuple[str, int]], *, vital: float = VITAL) -> list[Bar]:
    """Greatest first, equal ones by name; classes that never occurred are left out, so nothing counted is no bar."""
    ranked = sorted(((name, count) for name, count in counts if count), key=lambda row: (-row[1], row[0]))
    total = sum(count for _, count in ranked)
    bars, before = [], 0
    for name, count in ranked:
        together = (before + count) / total
        bars.append(Bar(name, count, count / total, together, vital=before / total < vital))
        before += count
    return bars

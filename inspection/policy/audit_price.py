"""What the random audit costs, and what it buys: after how many parts a fall is noticed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from inspection.policy.evalues import parts_until_noticed
from inspection.policy.stepping_down import LEAST_RATE

RATES = (0.02, 0.05, 0.10, 0.20)
"""Shares of the AI's decisions that are looked at again."""
TIMES_WORSE = (2, 5)


@dataclass(frozen=True)
class Fall:
    """From one share of bad parts among what the AI passes to a worse one, and the parts until it is noticed."""

    before: float
    after: float
    parts: int


@dataclass(frozen=True)
class Price:
    """One rate of audit: its cost in audits a shift, None where no shift has been worked yet, and what it buys."""

    rate: float
    audits: float | None
    falls: tuple[Fall, ...]


def planned_rate(*, k: int, n: int, bar: float) -> float:
    """The escape rate to plan with: what has been seen, between a tenth of the bar and the bar, as the detector takes
    it. Two digits, so that the price does not move with every part."""
    seen = (k + 1) / (n + 1)
    return _two_digits(min(bar, max(seen, bar * LEAST_RATE)))


def _two_digits(rate: float) -> float:
    return round(rate, 1 - math.floor(math.log10(rate)))


def prices(*, rate: float, decided: float | None) -> tuple[Price, ...]:
    """The price of each rate of audit when `rate` of the parts slip through, and `decided` parts a shift are the AI's.

    A fall is noticed at the median delay of the change detector; half of all falls are noticed sooner.
    """
    return tuple(
        Price(
            rate=audit,
            audits=None if decided is None else decided * audit,
            falls=tuple(_fall(rate, times, audit) for times in TIMES_WORSE),
        )
        for audit in RATES
    )


def _fall(rate: float, times: int, audit: float) -> Fall:
    worse = min(1.0, rate * times)
    return Fall(before=rate, after=worse, parts=parts_until_noticed(p0=rate, p1=worse, audit_rate=audit))

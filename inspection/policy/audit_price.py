"""What the random audit costs and what it buys: after how many parts a fall is noticed, and what it takes of one lot
beside what a sampling plan would take."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low

from inspection.policy import acceptance
from inspection.policy.acceptance import Plan, Switching
from inspection.policy.evalues import parts_until_noticed
from inspection.policy.stepping_down import LEAST_RATE
from inspection.vocabulary import AuditPlan

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


INSPECTION_LEVEL = "II"
"""The level that is used unless a contract names another."""
FIVE_TIMES = 5


@dataclass(frozen=True)
class Chances:
    """Probability that one lot is accepted: from a process at the escape bar, and from one five times as bad."""

    at_bar: float
    five_times: float


@dataclass(frozen=True)
class Comparison:
    """One lot of the usual size under a sampling plan for that lot and AQL, and under the random audit.

    `lot` is the median of `lots` sizes, `aql` in percent, `letter` the code letter of the lot; the plans, one a
    severity, may stand in other rows. `audits` is how many of the lot's parts the audit takes on average at `share`.
    `audited` are the lots that the audit has looked at, oldest first, whether it found no error; `standing` is where
    the switching rules would have come to with them.
    """

    lot: int
    lots: int
    bar: float
    aql: float
    letter: str
    plans: Mapping[AuditPlan, tuple[Plan, Chances]]
    share: float
    audits: float
    audit: Chances
    audited: tuple[bool, ...]
    standing: Switching

    @property
    def plan(self) -> Plan:
        """The plan for normal inspection, with which every series of lots begins."""
        return self.plans[AuditPlan.NORMAL][0]

    @property
    def rates(self) -> tuple[float, float]:
        return _rates(self.bar)


def compare(
    *, sizes: Sequence[int], bar: float, share: float, ai_share: float, audited: Sequence[bool]
) -> Comparison | None:
    """A sampling plan at level II beside the audit; None where no lot has a size or the bar lies below every AQL.

    `sizes` are those of the latest lots, `share` the share of the AI's decisions that is audited now, `ai_share` the
    share of the parts that are the AI's, `audited` whether the audit found no error, one a lot, oldest first.
    """
    aql = acceptance.preferred_aql(bar)
    if not sizes or aql is None:
        return None
    lot = median_low(sizes)
    plans = {one: acceptance.single_plan(lot=lot, aql=aql, level=INSPECTION_LEVEL, severity=one) for one in AuditPlan}
    return Comparison(
        lot=lot,
        lots=len(sizes),
        bar=bar,
        aql=aql,
        letter=acceptance.code_letter(lot=lot, level=INSPECTION_LEVEL),
        plans={one: (plan, _chances(plan.acceptance, bar)) for one, plan in plans.items()},
        share=share,
        audits=lot * ai_share * share,
        audit=_chances(lambda rate: unnoticed(lot=lot, rate=rate, share=share), bar),
        audited=tuple(audited),
        standing=stands(audited),
    )


def _rates(bar: float) -> tuple[float, float]:
    """Shares of bad parts for which the chances are said."""
    return bar, min(1.0, FIVE_TIMES * bar)


def _chances(accepts: Callable[[float], float], bar: float) -> Chances:
    at_bar, five_times = map(accepts, _rates(bar))
    return Chances(at_bar=at_bar, five_times=five_times)


def unnoticed(*, lot: int, rate: float, share: float) -> float:
    """Probability that the audit finds no error in a lot, where a share `rate` of all parts is passed though bad and
    each of those is drawn with probability `share`: with zero acceptance (c = 0), that the lot is accepted."""
    return (1.0 - rate * share) ** lot


def stands(audited: Iterable[bool]) -> Switching:
    """Where the switching rules would stand after these lots, a lot with one error in the audit not being accepted."""
    found = Switching()
    for accepted in audited:
        found = found.after(accepted, ac=0)
    return found

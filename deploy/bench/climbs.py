"""Climbs and falls of simulated jobs through the real steps: a better AI is promoted, a broken one thrown back."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from inspection.simulation.many import empty_database, many
from inspection.simulation.outcome import Outcome, summary
from inspection.simulation.plan import Drift, Plan, Rates

RUNS = 200
EVERY_SECONDS = 30
AT_MOST, MARGIN = 0.05, 4
"""False promotions: the share that the rules allow, and what chance may add to it in a hundred runs."""

FAR_ENOUGH = 0.8
"""The share of perfect AIs that has to reach partial automation in time. Two people who both slip on the same part put
an escape on its account, and 901 parts without one become 1,340 or more: it takes one run in ten too long."""

Say = Callable[[str], None]

_COMMON: dict[str, Any] = {"per_day": 30, "lot": 3, "defects": 0.2, "miss": 0.03, "overkill": 0.01, "blind": 0.5}
_GOOD = Rates(miss=0.01, overkill=0.002, unsure=0.002)
_BROKEN = Drift(at=330, rates=Rates(miss=0.5, overkill=0.2, unsure=0.05))
BETTER, FAR, AT_BAR, WORSE = "better, then broken", "better, all the way to partial", "at the bar", "worse, in bad lots"
PLANS = {
    # Four AIs under the default bars, people who slip; what is at the bar or worse must not climb.
    BETTER: Plan(parts=520, ai=_GOOD, drift=_BROKEN, **_COMMON),
    FAR: Plan(parts=2200, ai=replace(_GOOD, miss=0.0), **{**_COMMON, "per_day": 100}),
    AT_BAR: Plan(parts=360, ai=Rates(miss=0.15, overkill=0.023, unsure=0.002), **_COMMON),
    WORSE: Plan(parts=360, late=100, bad_lots=0.4, ai=Rates(miss=0.3, overkill=0.05, unsure=0.01), **_COMMON),
}
SHARES = {BETTER: 0.45, FAR: 0.05, AT_BAR: 0.25, WORSE: 0.25}


@dataclass
class _Progress:
    """Tells the rate and the time left, every half minute."""

    total: int
    say: Say
    done: int = 0

    def __post_init__(self) -> None:
        self._begun = self._told = time.monotonic()

    def __call__(self, more: int) -> None:
        self.done += more
        now = time.monotonic()
        if now - self._told < EVERY_SECONDS:
            return
        self._told = now
        rate = self.done / (now - self._begun)
        left = (self.total - self.done) / rate / 60
        self.say(f"{self.done:,} of {self.total:,} parts, {rate:.0f} a second, {left:.0f} min left")


def measure(*, runs: int, say: Say) -> dict[str, Any]:
    """All plans with their share of the runs, and whether they come to what the rules promise."""
    counts = {name: max(1, round(runs * share)) for name, share in SHARES.items()}
    progress = _Progress(total=sum(PLANS[name].parts * count for name, count in counts.items()), say=say)
    processes = os.cpu_count() or 1
    with empty_database() as empty:
        found = {
            name: many(plan, seeds=range(1, counts[name] + 1), empty=empty, processes=processes, say=progress)
            for name, plan in PLANS.items()
        }
    figures: dict[str, Any] = {name: summary(PLANS[name], some) for name, some in found.items()}
    return {**figures, "holds": verdict(found), "delay_to_naive": delay_ratio(found[BETTER])}


def verdict(found: Mapping[str, Sequence[Outcome]]) -> dict[str, bool]:
    """What has to hold: the better AI climbs and falls when it breaks; nobody else climbs more often than by chance."""
    broken, good = found[BETTER], [*found[BETTER], *found[FAR]]
    bad = [*found[AT_BAR], *found[WORSE]]
    arrived = sum(one.ours.partial_at is not None for one in found[FAR])
    return {
        "a better AI is promoted": all(one.ours.assistance_at is not None for one in good)
        and arrived >= FAR_ENOUGH * len(found[FAR]),
        "a broken one is demoted": all(one.ours.delay is not None for one in broken),
        "hardly another is promoted": sum(one.ours.wrong > 0 for one in bad) <= AT_MOST * len(bad) + MARGIN,
        "nothing flaps": all(len(one.ours.changes) <= 3 and one.ours.needless == 0 for one in [*good, *bad]),
    }


def delay_ratio(found: Sequence[Outcome]) -> float | None:
    """Parts between drift and first step down, by the naive rule for each by ours (medians)."""
    ours = [one.ours.delay for one in found if one.ours.delay is not None]
    naive = [one.naive.delay for one in found if one.naive.delay is not None]
    return round(statistics.median(naive) / statistics.median(ours), 2) if ours and naive else None

"""What came of simulated runs: time to promotion, false promotions, delay and cost of demotion, flapping."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from inspection.simulation.naive import Change
from inspection.simulation.plan import Plan
from inspection.simulation.stream import Made
from inspection.vocabulary import Level, Verdict


@dataclass(frozen=True)
class Passed:
    """A part that the AI has passed by itself, and whether it is truly bad."""

    number: int
    bad: bool


@dataclass(frozen=True)
class Course:
    """How one rule has moved the level in one run. Parts are counted from the first one; None for never.

    `wrong`: climbs that the AI did not deserve; `needless`: steps down of an AI that deserved its level. `delay`: parts
    between the drift and the first step down after it; `escapes`: bad parts that the AI passed in between.
    """

    changes: tuple[tuple[int, str, str], ...]
    assistance_at: int | None
    partial_at: int | None
    wrong: int
    needless: int
    delay: int | None
    escapes: int


@dataclass(frozen=True)
class Outcome:
    """One run: the product's rules, and the naive rule beside them on the same answers."""

    seed: int
    ours: Course
    naive: Course
    rerouted: int


def outcome(
    *,
    plan: Plan,
    seed: int,
    changes: Sequence[Change],
    naive: Sequence[Change],
    made: Sequence[Made],
    passed: Sequence[Passed],
    rerouted: int,
) -> Outcome:
    """What one run has come to. The naive rule's escapes are what the AI would have passed while it trusted it."""
    would_pass = [Passed(number=one.number, bad=one.bad) for one in made if one.opinion == Verdict.OK]
    trusted = [one for one in would_pass if _level_at(naive, one.number) == Level.PARTIAL]
    return Outcome(
        seed=seed,
        ours=_course(plan, changes, passed),
        naive=_course(plan, naive, trusted),
        rerouted=rerouted,
    )


def _course(plan: Plan, changes: Sequence[Change], passed: Iterable[Passed]) -> Course:
    drift = plan.drift.at if plan.drift is not None else None
    down = _first_down(changes, drift) if drift is not None else None
    escapes = 0
    if drift is not None:
        until = plan.parts if down is None else down
        escapes = sum(one.bad for one in passed if drift <= one.number <= until)
    return Course(
        changes=tuple((one.number, one.old.value, one.new.value) for one in changes),
        assistance_at=_reached(changes, Level.ASSISTANCE),
        partial_at=_reached(changes, Level.PARTIAL),
        wrong=sum(one.climb and not plan.deserves(one.new, one.number) for one in changes),
        needless=sum(not one.climb and plan.deserves(one.old, one.number) for one in changes),
        delay=down - drift if down is not None and drift is not None else None,
        escapes=escapes,
    )


def _reached(changes: Sequence[Change], level: Level) -> int | None:
    return next((one.number for one in changes if one.climb and one.new == level), None)


def _first_down(changes: Sequence[Change], drift: int) -> int | None:
    return next((one.number for one in changes if not one.climb and one.number >= drift), None)


def _level_at(changes: Sequence[Change], number: int) -> Level:
    """The level that a part met: a change is made when its parts have come in already."""
    return next((one.new for one in reversed(changes) if one.number < number), Level.SHADOW)


# ---------------------------------------------------------------- many runs


def summary(plan: Plan, found: Sequence[Outcome]) -> dict[str, Any]:
    """Figures over all runs, for the product's rules and for the naive rule."""
    return {
        "runs": len(found),
        "product": _figures(plan, [one.ours for one in found]),
        "naive": _figures(plan, [one.naive for one in found]),
        "rerouted": _median(one.rerouted for one in found),
    }


def _figures(plan: Plan, courses: Sequence[Course]) -> dict[str, Any]:
    climbs = {
        "assistance": [one.assistance_at for one in courses if one.assistance_at is not None],
        "partial": [one.partial_at for one in courses if one.partial_at is not None],
    }
    figures: dict[str, Any] = {"false_promotions": sum(one.wrong > 0 for one in courses)}
    for name, parts in climbs.items():
        median = _median(parts)
        figures[name] = len(parts)
        figures[f"{name}_after_parts"] = median
        figures[f"{name}_after_days"] = None if median is None else round(median / plan.per_day, 1)
    if plan.drift is not None:
        figures["stepped_down"] = sum(one.delay is not None for one in courses)
        figures["delay_in_parts"] = _median(one.delay for one in courses if one.delay is not None)
        figures["escapes_until_then"] = round(statistics.fmean(one.escapes for one in courses), 2)
    figures["needless_step_downs"] = sum(one.needless for one in courses)
    figures["level_changes_a_run"] = round(statistics.fmean(len(one.changes) for one in courses), 2)
    return figures


def _median(values: Iterable[int]) -> float | None:
    known = list(values)
    return statistics.median(known) if known else None


def from_json(data: dict[str, Any]) -> Outcome:
    """What `dataclasses.asdict` has made of an outcome, by way of JSON."""
    return Outcome(**{**data, "ours": _course_from(data["ours"]), "naive": _course_from(data["naive"])})


def _course_from(data: dict[str, Any]) -> Course:
    return Course(**{**data, "changes": tuple(tuple(change) for change in data["changes"])})

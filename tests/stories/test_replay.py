"""Runs through the real steps whose ledger, replayed by the rules alone, gives the same history of levels."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inspection.models import Job
from inspection.policy.replay import Step
from inspection.policy.replay import replay as by_the_rules
from inspection.queries import ledger
from inspection.simulation.outcome import Course
from inspection.simulation.plan import Drift, Plan, Rates
from inspection.simulation.run import run
from inspection.vocabulary import Level

pytestmark = pytest.mark.django_db

BARS = {"items": 60, "defects": 10, "lots": 20, "ai_error": 0.1, "escape": 0.05, "items_partial": 60, "days": 2}
BETTER = Plan(
    parts=180, per_day=30, lot=3, defects=0.3, ai=Rates(0.0, 0.0, 0.0), inspectors=3, miss=0.05, blind=0.5, bars=BARS
)
AT_THE_BAR = replace(BETTER, ai=Rates(miss=0.1, overkill=0.1, unsure=0.0))
BROKEN = replace(BETTER, parts=216, drift=Drift(at=120, rates=Rates(miss=0.9, overkill=0.3, unsure=0.0)))
LATE = replace(BROKEN, parts=216, overkill=0.1, late=40)
LOTS = replace(BETTER, parts=240, lot=12, bad_lots=0.4, ai=Rates(miss=0.02, overkill=0.02, unsure=0.02))


def history(plan: Plan, *, seed: int) -> tuple[Course, list[Step], list[Step]]:
    """How a run went, what the product did in it, and what the rules alone make of its ledger."""
    course = run(plan, seed=seed).ours
    job = Job.objects.latest("pk")
    return course, ledger.taken(job), by_the_rules(ledger.events(job), start=Level.SHADOW)


def test_a_clearly_better_ai_climbs_and_the_rules_alone_come_to_the_same() -> None:
    course, done, replayed = history(BETTER, seed=1)
    assert replayed == done
    assert [step.level for step in done] == [Level.ASSISTANCE, Level.PARTIAL]
    assert course.partial_at is not None


def test_an_ai_at_the_bar_stays_and_the_rules_alone_come_to_the_same() -> None:
    course, done, replayed = history(AT_THE_BAR, seed=2)
    assert replayed == done
    assert course.changes == ()


def test_a_broken_ai_is_thrown_back_and_the_rules_alone_come_to_the_same() -> None:
    course, done, replayed = history(BROKEN, seed=3)
    assert replayed == done
    assert ("lowered", course.delay is not None) == (done[-1].what, True)


def test_late_references_change_nothing_of_what_the_rules_come_to() -> None:
    course, done, replayed = history(LATE, seed=4)
    assert replayed == done
    assert course.changes != ()


def test_correlated_lots_change_nothing_of_what_the_rules_come_to() -> None:
    _course, done, replayed = history(LOTS, seed=5)
    assert replayed == done

"""The simulated stream: the same for the same seed, and as good or bad as the plan says."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from django.utils import timezone

from inspection.policy.routing import Thresholds, opinion
from inspection.simulation.plan import Drift, Plan, Rates
from inspection.simulation.stream import ACCEPT_AT, REJECT_AT, Made, stream
from inspection.vocabulary import Verdict

PLAN = Plan(parts=5000, per_day=1000, lot=10, defects=0.3, ai=Rates(miss=0.2, overkill=0.1, unsure=0.05))
NOW = timezone.now()


def made(plan: Plan, seed: int = 1) -> list[Made]:
    return list(stream(plan, seed=seed, begins=NOW))


def test_the_same_seed_gives_the_same_parts_and_another_one_others() -> None:
    small = replace(PLAN, parts=50)
    assert made(small) == made(small)
    assert {one.part.id for one in made(small)}.isdisjoint(one.part.id for one in made(small, seed=2))


def test_parts_are_bad_and_misjudged_as_often_as_planned() -> None:
    found = made(PLAN)
    bad = [one for one in found if one.bad]
    said = Counter(one.opinion for one in bad)
    assert len(bad) / len(found) == pytest.approx(0.3, abs=0.02)
    assert said[Verdict.UNSURE] / len(bad) == pytest.approx(0.05, abs=0.02)
    assert said[Verdict.OK] / len(bad) == pytest.approx(0.95 * 0.2, abs=0.03)


def test_each_score_means_its_opinion_under_the_thresholds_of_the_simulation() -> None:
    rule = Thresholds(accept_at=ACCEPT_AT, reject_at=REJECT_AT)
    assert {opinion(score=one.score, thresholds=rule) == one.opinion for one in made(PLAN)} == {True}


def test_correlated_errors_fall_into_few_lots_and_are_as_many() -> None:
    plan = replace(PLAN, parts=20_000, bad_lots=0.25, ai=Rates(miss=0.1, overkill=0.1, unsure=0.0))
    found = made(plan)
    wrong = [one for one in found if one.opinion != (Verdict.NG if one.bad else Verdict.OK)]
    assert len(wrong) / len(found) == pytest.approx(0.1, abs=0.02)
    assert len({one.part.lot for one in wrong}) / (plan.parts / plan.lot) == pytest.approx(0.25, abs=0.03)


def test_from_the_drift_on_the_ai_errs_otherwise() -> None:
    plan = replace(PLAN, parts=400, ai=Rates(0, 0, 0), drift=Drift(at=200, rates=Rates(miss=1, overkill=1, unsure=0)))
    right = [one.opinion == (Verdict.NG if one.bad else Verdict.OK) for one in made(plan)]
    assert (right[:200], right[200:]) == ([True] * 200, [False] * 200)


def test_a_day_has_its_parts_and_a_lot_its_own() -> None:
    found = made(replace(PLAN, parts=2001))
    assert (found[1000].part.captured_at - found[0].part.captured_at).days == 1
    assert Counter(one.part.lot for one in found).most_common(1)[0][1] == 10

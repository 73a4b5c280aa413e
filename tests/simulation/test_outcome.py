"""What came of runs: what was wrong, how late a fall was noticed, and what slipped through until then."""

from __future__ import annotations

import json
from dataclasses import asdict

from inspection.simulation.naive import Change
from inspection.simulation.outcome import Outcome, Passed, from_json, outcome, summary
from inspection.simulation.plan import Drift, Plan, Rates
from inspection.vocabulary import Level

PLAN = Plan(parts=1000, per_day=100, drift=Drift(at=500, rates=Rates(miss=0.9, overkill=0.5)))
UP = Change(number=200, old=Level.SHADOW, new=Level.ASSISTANCE)
HIGHER = Change(number=400, old=Level.ASSISTANCE, new=Level.PARTIAL)
DOWN = Change(number=560, old=Level.PARTIAL, new=Level.ASSISTANCE)


def run(*changes: Change, naive: tuple[Change, ...] = (), passed: tuple[Passed, ...] = ()) -> Outcome:
    return outcome(plan=PLAN, seed=1, changes=changes, naive=naive, made=[], passed=passed, rerouted=3)


def test_a_step_down_after_the_drift_has_its_delay_and_its_escapes() -> None:
    passed = tuple(Passed(number=number, bad=True) for number in (499, 500, 560, 561))
    found = run(UP, HIGHER, DOWN, passed=passed).ours
    assert (found.assistance_at, found.partial_at, found.delay, found.escapes) == (200, 400, 60, 2)
    assert (found.wrong, found.needless) == (0, 0)


def test_without_a_step_down_everything_slips_through_to_the_end() -> None:
    found = run(UP, HIGHER, passed=(Passed(number=999, bad=True),)).ours
    assert (found.delay, found.escapes) == (None, 1)


def test_a_climb_of_a_bad_ai_is_wrong_and_a_fall_of_a_good_one_needless() -> None:
    late = Change(number=600, old=Level.SHADOW, new=Level.ASSISTANCE)
    early = Change(number=450, old=Level.PARTIAL, new=Level.ASSISTANCE)
    assert run(late).ours.wrong == 1
    assert run(UP, HIGHER, early).ours.needless == 1


def test_many_runs_come_to_shares_and_medians() -> None:
    figures = summary(PLAN, [run(UP, HIGHER, DOWN), run(UP, naive=(UP,))])
    assert (figures["runs"], figures["rerouted"]) == (2, 3)
    assert (figures["product"]["assistance"], figures["product"]["assistance_after_days"]) == (2, 2.0)
    assert (figures["product"]["stepped_down"], figures["product"]["delay_in_parts"]) == (1, 60)
    assert (figures["product"]["level_changes_a_run"], figures["naive"]["partial"]) == (2.0, 0)


def test_an_outcome_is_the_same_after_json() -> None:
    found = run(UP, HIGHER, DOWN, naive=(UP,))
    assert from_json(json.loads(json.dumps(asdict(found)))) == found

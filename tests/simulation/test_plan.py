"""What can be simulated, and what an AI of known rates deserves."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest

from inspection.refused import Refused
from inspection.simulation.plan import Drift, Plan, Rates, check
from inspection.vocabulary import Level


def test_rates_of_one_part_add_up_to_those_of_all() -> None:
    rates = Rates(miss=0.2, overkill=0.1, unsure=0.5)
    assert rates.error(0.5) == pytest.approx(0.5 + 0.5 * 0.15)
    assert rates.escapes(0.5) == pytest.approx(0.05)
    assert rates.accepted(0.5) == pytest.approx(0.5 * (0.1 + 0.45))


@pytest.mark.parametrize(
    ("rates", "assistance", "partial"),
    [
        (Rates(miss=0.02, overkill=0.005, unsure=0.01), True, True),
        (Rates(miss=0.1, overkill=0.0, unsure=0.0), True, False),
        (Rates(miss=0.0, overkill=0.1, unsure=0.0), False, True),
        (Rates(miss=0.0, overkill=0.0, unsure=0.9), False, False),
    ],
)
def test_an_ai_deserves_a_level_when_it_is_truly_better_than_all_bars(
    rates: Rates, assistance: bool, partial: bool
) -> None:
    plan = Plan(ai=rates)
    assert (plan.deserves(Level.ASSISTANCE, 0), plan.deserves(Level.PARTIAL, 0)) == (assistance, partial)


def test_after_the_drift_it_is_judged_by_its_new_rates() -> None:
    plan = Plan(drift=Drift(at=100, rates=Rates(miss=0.9)))
    assert [plan.deserves(Level.PARTIAL, number) for number in (99, 100)] == [True, False]


def test_a_plan_is_the_same_after_json() -> None:
    plan = Plan(drift=Drift(at=100, rates=Rates(miss=0.9)), bars={"miss": 0.3})
    assert Plan.from_json(asdict(plan)) == plan


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"defects": 1.5}, "defects is a share"),
        ({"ai": Rates(miss=float("nan"))}, "AI miss is a share"),
        ({"inspectors": 0}, "Between 1 and 50"),
        ({"lot": 0}, "at least 1"),
        ({"parts": 5601}, "At most 28 days"),
        ({"bad_lots": 0.01}, "do not fit"),
    ],
)
def test_what_cannot_be_simulated_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said) as no:
        check(replace(Plan(), **changes))
    assert no.value.code == "bad_simulation"

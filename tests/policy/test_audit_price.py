from __future__ import annotations

import pytest

from inspection.policy.audit_price import RATES, planned_rate, prices
from inspection.policy.evalues import expected_delay


def test_a_fall_is_noticed_after_as_many_parts_as_bring_its_audits() -> None:
    [two, five, *_] = prices(rate=0.02, decided=None)
    assert [fall.parts for fall in five.falls] == [20 * expected_delay(0.02, 0.04), 20 * expected_delay(0.02, 0.10)]
    assert two.falls[0].parts == 50 * expected_delay(0.02, 0.04)


def test_twice_the_audit_costs_twice_as_much_and_notices_in_half_the_parts() -> None:
    _, _, ten, twenty = prices(rate=0.01, decided=400)
    assert (ten.audits, twenty.audits) == (40, 80)
    assert [fall.parts for fall in ten.falls] == [2 * fall.parts for fall in twenty.falls]


def test_without_a_pace_nothing_is_said_of_the_cost() -> None:
    assert {price.audits for price in prices(rate=0.01, decided=None)} == {None}
    assert [price.rate for price in prices(rate=0.01, decided=None)] == list(RATES)


@pytest.mark.parametrize(
    ("k", "n", "rate"),
    [(0, 0, 0.005), (0, 10_000, 0.0005), (9, 4_999, 0.002), (50, 1_000, 0.005), (2, 1_239, 0.0024)],
)
def test_the_rate_to_plan_with_lies_between_a_tenth_of_the_bar_and_the_bar(k: int, n: int, rate: float) -> None:
    assert planned_rate(k=k, n=n, bar=0.005) == rate


def test_no_share_gets_worse_than_all() -> None:
    [first, *_] = prices(rate=0.4, decided=None)
    assert [fall.after for fall in first.falls] == [0.8, 1.0]

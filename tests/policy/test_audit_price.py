from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from inspection.policy.acceptance import Plan
from inspection.policy.audit_price import RATES, Comparison, compare, planned_rate, prices, unnoticed
from inspection.policy.evalues import expected_delay
from inspection.vocabulary import AuditPlan


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


def comparison(**changes: Any) -> Comparison:
    """A lot of 1,000 parts at the default bar, all of it the AI's, 5 % audited."""
    facts: dict[str, Any] = {"sizes": [1_000], "bar": 0.005, "share": 0.05, "ai_share": 1.0, "audited": []}
    found = compare(**(facts | changes))
    assert found is not None
    return found


def test_a_usual_lot_is_set_beside_the_plan_of_its_letter() -> None:
    found = comparison(sizes=[1_000, 90_000, 30, 700, 800])
    assert (found.lot, found.lots, found.aql, found.letter) == (800, 5, 0.40, "J")
    assert found.plan == Plan(letter="K", n=125, ac=1, re=2)
    assert {one: (plan.n, plan.ac) for one, (plan, _) in found.plans.items()} == {
        AuditPlan.NORMAL: (125, 1), AuditPlan.TIGHTENED: (200, 1), AuditPlan.REDUCED: (50, 0),
    }  # fmt: skip


def test_plan_and_audit_are_asked_at_the_bar_and_at_five_times_it() -> None:
    found = comparison()
    assert found.rates == (0.005, 0.025)
    plan = found.plans[AuditPlan.NORMAL][1]
    assert (plan.at_bar, plan.five_times) == pytest.approx(binom.cdf(1, 125, found.rates))
    assert found.audit.at_bar == pytest.approx(binom.pmf(0, 1_000, 0.005 * 0.05))
    assert found.audit.five_times == pytest.approx((1 - 0.025 * 0.05) ** 1_000)


def test_the_audit_takes_its_share_of_what_is_the_ais() -> None:
    assert comparison(ai_share=0.6, share=0.2).audits == pytest.approx(120)
    assert comparison(ai_share=0.6).audit == comparison(ai_share=1.0).audit


def test_the_switching_rules_go_by_the_audited_lots() -> None:
    assert comparison(audited=[]).standing.state == "normal"
    assert comparison(audited=[True, False, True, False]).standing.state == "tightened"
    assert comparison(audited=[False] * 7).standing.state == "discontinued"


def test_without_a_lot_or_an_aql_there_is_nothing_to_compare() -> None:
    assert compare(sizes=[], bar=0.005, share=0.05, ai_share=1.0, audited=[]) is None
    assert compare(sizes=[100], bar=0.00009, share=0.05, ai_share=1.0, audited=[]) is None


@given(lot=st.integers(1, 10_000), rate=st.floats(0, 1), share=st.floats(0, 1), more=st.floats(0, 1))
def test_a_larger_audit_never_lets_more_through(lot: int, rate: float, share: float, more: float) -> None:
    assert unnoticed(lot=lot, rate=rate, share=max(share, more)) <= unnoticed(
        lot=lot, rate=rate, share=min(share, more)
    )

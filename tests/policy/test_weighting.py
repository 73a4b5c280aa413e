"""Weighted shares against plain ones, against published intervals, and against populations that are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.policy.agreement import clopper_pearson
from inspection.policy.line_measures import hajek_mean
from inspection.policy.weighting import NOTHING, Estimate, share, weights


def flags(*values: int) -> np.ndarray:
    return np.array(values, dtype=bool)


def alone(n: int) -> np.ndarray:
    """Every part in a lot of its own."""
    return np.arange(n)


def plain(k: int, n: int, *, lots: np.ndarray | None = None) -> Estimate:
    hits = np.arange(n) < k
    return share(hits=hits, among=np.ones(n, bool), weight=np.ones(n), lots=alone(n) if lots is None else lots)


def test_parts_that_are_all_alike_keep_their_own_weight() -> None:
    found = weights(blind=flags(0, 0), audit=flags(0, 0), decided=flags(0, 0), probability=np.ones(2))
    assert found.tolist() == [1.0, 1.0]


def test_what_two_draws_could_pick_counts_once() -> None:
    found = weights(
        blind=flags(1, 1, 0, 0, 0), audit=flags(0, 0, 1, 1, 1), decided=flags(1, 0, 1, 1, 1),
        probability=np.array([0.1, 0.1, 0.05, 0.05, 0.05]),
    )  # fmt: skip
    assert found.tolist() == pytest.approx([0.25 * 10 + 0.75, 10, 15, 15, 15])


def test_without_an_audit_the_blind_share_stands_for_all() -> None:
    found = weights(blind=flags(1, 1), audit=flags(0, 0), decided=flags(1, 0), probability=np.full(2, 0.1))
    assert found.tolist() == [10.0, 10.0]


def test_two_draws_together_hit_a_population_that_is_known() -> None:
    chance, totals, shares = np.random.default_rng(7), [], []
    decided = np.arange(20_000) % 10 < 6
    bad = (np.arange(20_000) % 100 == 0) | ~decided & (np.arange(20_000) % 7 == 0)
    for _ in range(60):
        blind = chance.random(20_000) < 0.1
        audit = ~blind & decided & (chance.random(20_000) < 0.05)
        drawn = blind | audit
        weight = weights(
            blind=blind[drawn], audit=audit[drawn], decided=decided[drawn],
            probability=np.where(blind[drawn], 0.1, 0.05),
        )  # fmt: skip
        totals.append(weight.sum())
        shares.append(np.average(bad[drawn], weights=weight))
    assert np.mean(totals) == pytest.approx(20_000, rel=0.01)
    assert np.mean(shares) == pytest.approx(bad.mean(), rel=0.02)


def test_no_probability_is_none() -> None:
    with pytest.raises(ValueError, match="above 0"):
        weights(blind=flags(1), audit=flags(0), decided=flags(0), probability=np.zeros(1))


@given(k=st.integers(0, 50), more=st.integers(1, 200))
def test_equal_weights_in_lots_of_one_give_the_plain_share(k: int, more: int) -> None:
    found = plain(k, k + more)
    assert found.value is not None
    assert (found.k, found.n, found.value) == (k, k + more, pytest.approx(k / (k + more)))


@pytest.mark.parametrize("k", [0, 300])
def test_where_nothing_varies_the_interval_is_the_exact_one(k: int) -> None:
    found, exact = plain(k, 300), clopper_pearson(k=k, n=300)
    assert exact is not None
    assert (found.low, found.high) == pytest.approx(exact)
    assert found.high != found.low


def test_independent_parts_come_to_the_exact_interval_but_for_the_spread_that_was_seen() -> None:
    found, exact = plain(30, 300), clopper_pearson(k=30, n=300)
    assert exact is not None
    assert (found.low, found.high) == pytest.approx(exact, rel=0.01)


@given(seed=st.integers(0, 1_000))
def test_the_mean_is_that_of_hajek(seed: int) -> None:
    chance = np.random.default_rng(seed)
    hits, inclusion = chance.random(40) < 0.3, chance.uniform(0.05, 1, 40)
    found = share(hits=hits, among=np.ones(40, bool), weight=1 / inclusion, lots=alone(40))
    assert found.value == pytest.approx(hajek_mean(hits.tolist(), inclusion.tolist()))


def test_bad_lots_make_the_interval_wide() -> None:
    single, lots = plain(30, 300), plain(30, 300, lots=np.arange(300) // 10)
    assert single.high is not None
    assert lots.high is not None
    assert lots.high > 1.5 * single.high


def test_without_an_error_a_lot_is_worth_three_parts() -> None:
    found, three = plain(0, 500, lots=np.arange(500) // 50), clopper_pearson(k=0, n=30)
    assert three is not None
    assert (found.low, found.high) == pytest.approx(three)


def test_one_lot_is_worth_three_parts_whatever_was_seen() -> None:
    found = plain(5, 100, lots=np.zeros(100, dtype=int))
    assert found.high is not None
    assert found.high > 0.7


def test_unequal_weights_are_worth_fewer_parts() -> None:
    uneven = np.where(np.arange(300) % 2, 20.0, 1.0)
    found = share(hits=np.zeros(300, bool), among=np.ones(300, bool), weight=uneven, lots=alone(300))
    assert found.high is not None
    assert found.high > 1.5 * (plain(0, 300).high or 0)


def test_of_no_part_there_is_no_share() -> None:
    none = share(hits=flags(1), among=flags(0), weight=np.ones(1), lots=alone(1))
    assert none == NOTHING
    assert none.times(0.5) == NOTHING


def test_the_interval_covers_the_truth_in_lots_that_go_wrong_together() -> None:
    """500 lines, one lot in ten bad: at least 93 of 100 intervals hold the true share (95 by promise)."""
    chance, truth, held = np.random.default_rng(11), 0.1 * 0.5, 0
    lots = np.repeat(np.arange(80), 5)
    for _ in range(500):
        rate = np.where(chance.random(80) < 0.1, 0.5, 0.0)
        found = share(hits=chance.random(400) < rate[lots], among=np.ones(400, bool), weight=np.ones(400), lots=lots)
        held += (found.low or 0) <= truth <= (found.high or 1)
    assert held / 500 >= 0.93


def test_lots_that_are_oddly_even_promise_no_more_than_their_parts() -> None:
    even = np.arange(300) % 10 == 0
    even[299] = True
    found = share(hits=even, among=np.ones(300, bool), weight=np.ones(300), lots=np.arange(300) // 10)
    exact = clopper_pearson(k=31, n=300)
    assert exact is not None
    assert (found.low, found.high) == pytest.approx(exact)


def test_two_lots_say_next_to_nothing_of_a_third() -> None:
    hits = np.array([1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], dtype=bool)
    found = share(hits=hits, among=np.ones(20, bool), weight=np.ones(20), lots=np.arange(20) // 10)
    assert (found.high or 0) - (found.low or 0) > 0.9

from __future__ import annotations

from math import exp, inf, isfinite, log, log1p

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta, binom

from inspection.policy.evalues import (
    disproven,
    items_that_prove,
    items_without_peeking,
    log_e_above,
    log_e_above_many,
    log_e_below,
    log_e_below_many,
    lower_limit,
    present_rate,
    proven,
    still_needed,
    two_sided,
    upper_limit,
)

bars = st.floats(0.001, 0.999)
alphas = st.sampled_from([0.05, 0.025, 0.0125, 0.2])


@st.composite
def counts(draw: st.DrawFn, largest: int = 2_000) -> tuple[int, int]:
    n = draw(st.integers(0, largest))
    return draw(st.integers(0, n)), n


@pytest.mark.parametrize(
    ("k", "n", "bar", "below", "above"),
    [  # computed independently; five of them checked with scipy.integrate.quad
        (0, 448, 0.01, 2.9896672551, -6.1070228877),
        (0, 449, 0.01, 2.9976038054, -6.1092475828),
        (0, 88, 0.05, 3.0104424545, -4.4886363697),
        (2, 1240, 0.01, 5.5820215628, -6.962993658),
        (5, 980, 0.01, 0.8249998739, -6.3024320981),
        (30, 1000, 0.05, 3.5771109943, -6.051350467),
        (1, 96, 0.05, 1.6821944732, -4.3854689789),
        (60, 1000, 0.05, -2.6719158693, -2.9992553638),
    ],
)
def test_the_e_values_are_those_computed_elsewhere(k: int, n: int, bar: float, below: float, above: float) -> None:
    assert (log_e_below(k, n, bar), log_e_above(k, n, bar)) == pytest.approx((below, above), abs=1e-7)


@given(count=counts(largest=60), bar=st.floats(0.05, 0.95))
def test_the_closed_form_is_the_integral_it_stands_for(count: tuple[int, int], bar: float) -> None:
    k, n = count
    at_bar = k * log(bar) + (n - k) * log1p(-bar)
    mean, _ = quad(lambda p: exp(k * log(p) + (n - k) * log1p(-p) - at_bar) if 0 < p < 1 else 0.0, 0, bar)
    assert log_e_below(k, n, bar) == pytest.approx(log(mean / bar), abs=1e-6)


@pytest.mark.parametrize(("k", "n", "bar"), [(500_000, 1_000_000, 0.01), (501, 502, 0.05)])
def test_a_hopeless_ai_never_looks_proven_where_numbers_underflow(k: int, n: int, bar: float) -> None:
    assert log_e_below(k, n, bar) < 0
    assert float(log_e_below_many(k, n, bar)) < 0
    assert (proven(k, n, bar, 0.05), disproven(k, n, bar, 0.05)) == (False, True)


@given(n=st.integers(0, 400), bar=bars)
def test_at_the_bar_the_e_value_is_worth_its_stake_on_average(n: int, bar: float) -> None:
    k = np.arange(n + 1)
    with np.errstate(divide="ignore"):
        total = np.exp(binom.logpmf(k, n, bar) + log_e_below_many(k, n, bar)).sum()
    assert total == pytest.approx(1, abs=1e-8)


@given(n=st.integers(1, 400), bar=bars)
def test_every_further_error_lowers_the_e_value(n: int, bar: float) -> None:
    e = log_e_below_many(np.arange(n + 1), n, bar)
    assert np.all(np.diff(e[np.isfinite(e)]) < 1e-9)
    assert np.isfinite(e[0])


@given(count=counts(), bar=bars)
def test_many_at_once_are_the_same_as_one_by_one(count: tuple[int, int], bar: float) -> None:
    assert float(log_e_below_many(*count, bar)) == pytest.approx(log_e_below(*count, bar), abs=1e-7)
    assert float(log_e_above_many(*count, bar)) == pytest.approx(log_e_above(*count, bar), abs=1e-7)


def test_nothing_seen_proves_nothing() -> None:
    assert (log_e_below(0, 0, 0.01), log_e_above(0, 0, 0.01), float(log_e_below_many(0, 0, 0.01))) == (0.0, 0.0, 0.0)
    assert (upper_limit(0, 0, 0.05), lower_limit(0, 0, 0.05), two_sided(0, 0, 0.05)) == (1.0, 0.0, (0.0, 1.0))
    assert (present_rate(0, 0), proven(0, 0, 0.5, 0.05), disproven(0, 0, 0.5, 0.05)) == (0.5, False, False)


@pytest.mark.parametrize("bar", [0, 1, -0.1, 1.1, float("nan")])
def test_a_bar_at_or_beyond_the_ends_is_refused(bar: float) -> None:
    for ask in (log_e_below, log_e_above, log_e_below_many, log_e_above_many):
        with pytest.raises(ValueError, match="a bar lies between 0 and 1"):
            ask(0, 10, bar)


@pytest.mark.parametrize(("k", "n"), [(-1, 3), (4, 3), (0, -1)])
def test_more_errors_than_items_are_refused(k: int, n: int) -> None:
    for ask in (log_e_below, log_e_below_many):
        with pytest.raises(ValueError, match="between 0 and n errors"):
            ask(k, n, 0.5)


@pytest.mark.parametrize("alpha", [0, 1, 20])
def test_an_alpha_that_promises_nothing_is_refused(alpha: float) -> None:
    with pytest.raises(ValueError, match="alpha lies between"):
        upper_limit(0, 10, alpha)


@pytest.mark.parametrize(
    ("k", "n", "upper", "lower", "both"),
    [  # computed independently, bisection of 80 steps
        (0, 100, 0.0439786803, 0.0, (0.0, 0.0521379181)),
        (0, 300, 0.01491568, 0.0, (0.0, 0.0177354783)),
        (3, 1000, 0.010642747, 6.85328e-05, (5.41346e-05, 0.011703811)),
        (2, 1240, 0.0071170519, 7.2749e-06, (5.1373e-06, 0.0079295774)),
        (61, 1500, 0.0578432554, 0.0240497816, (0.0234170021, 0.0593157987)),
        (950, 1000, 0.9717287423, 0.9267651553, (0.9247254109, 0.9725766892)),
    ],
)
def test_the_limits_are_those_computed_elsewhere(
    k: int, n: int, upper: float, lower: float, both: tuple[float, float]
) -> None:
    assert (upper_limit(k, n, 0.05), lower_limit(k, n, 0.05)) == pytest.approx((upper, lower), abs=1e-7)
    assert two_sided(k, n, 0.05) == pytest.approx(both, abs=1e-7)


@given(count=counts(), alpha=alphas)
def test_the_upper_limit_is_the_smallest_bar_that_is_proven(count: tuple[int, int], alpha: float) -> None:
    limit = upper_limit(*count, alpha)
    if limit < 1 - 1e-9:
        assert proven(*count, limit, alpha)
        assert not proven(*count, limit * (1 - 1e-6), alpha)
        assert proven(*count, limit + (1 - limit) / 2, alpha)


@given(count=counts(), alpha=alphas)
def test_looking_at_every_item_costs_width_against_looking_once(count: tuple[int, int], alpha: float) -> None:
    k, n = count
    once = 1.0 if k == n else float(beta.ppf(1 - alpha, k + 1, n - k))
    assert upper_limit(k, n, alpha) >= once - 1e-12


@given(n=st.integers(1, 100_000), alpha=alphas)
def test_without_errors_the_limit_falls_with_every_item(n: int, alpha: float) -> None:
    assert upper_limit(0, n + 1, alpha) < upper_limit(0, n, alpha)


@given(count=counts(), alpha=alphas)
def test_the_limits_stand_around_what_was_seen(count: tuple[int, int], alpha: float) -> None:
    k, n = count
    assume(n > 0)
    lower, upper = two_sided(k, n, alpha)
    assert 0 <= lower <= lower_limit(k, n, alpha) <= k / n <= upper_limit(k, n, alpha) <= upper <= 1


def test_the_sentences_of_the_ladder_page_have_their_figures() -> None:
    assert f"{upper_limit(2, 1240, 0.05):.2%}" == "0.71%"
    assert f"{upper_limit(5, 980, 0.05):.1%}" == "1.4%"
    assert still_needed(5, 980, 0.01, 0.05, rate=0) == 424
    assert still_needed(5, 980, 0.01, 0.05, rate=present_rate(5, 980)) == pytest.approx(2_330, abs=5)


def test_a_rate_at_the_bar_never_proves_it() -> None:
    assert still_needed(5, 100, 0.05, 0.05, rate=present_rate(5, 100)) is None
    assert still_needed(0, 10, 0.05, 0.05, rate=0.05) is None
    assert still_needed(0, 10, 0.05, 0.05, rate=0.0499999999) is None


def test_what_is_proven_needs_nothing_more() -> None:
    assert still_needed(2, 1240, 0.01, 0.05, rate=present_rate(2, 1240)) == 0
    assert still_needed(2, 1240, 0.01, 0.05, rate=0.5) == 0


@given(count=counts(largest=300), bar=st.floats(0.02, 0.5), share=st.floats(0, 0.7))
def test_fewer_items_than_needed_prove_nothing(count: tuple[int, int], bar: float, share: float) -> None:
    k, n = count
    needed = still_needed(k, n, bar, 0.05, rate=share * bar)
    assert needed is not None
    assert proven(k + needed * share * bar, n + needed, bar, 0.05)
    m = np.arange(max(needed - 2_000, 0), needed)
    assert np.all(log_e_below_many(k + m * share * bar, n + m, bar) < log(20))


@pytest.mark.parametrize(
    ("bar", "once", "always"),
    [  # fixed sizes are the classical exact binomial plans
        (0.05, [59, 93, 124, 153], [88, 134, 174, 210]),
        (0.02, [149, 236, 313, 386], [224, 340, 439, 531]),
        (0.01, [299, 473, 628, 773], [449, 683, 882, 1065]),
    ],
)
def test_items_that_prove_a_bar_with_up_to_three_errors(bar: float, once: list[int], always: list[int]) -> None:
    assert [items_without_peeking(errors, bar) for errors in range(4)] == once
    assert [items_that_prove(errors, bar, 0.05) for errors in range(4)] == always


@pytest.mark.parametrize(
    ("bar", "n"), [(0.1, 29), (0.05, 59), (0.02, 149), (0.01, 299), (0.005, 598), (0.001, 2995)]
)  # classical zero-failure plans, ceil(ln .05 / ln(1 - bar))
def test_a_plan_without_a_failure_has_its_classical_size(bar: float, n: int) -> None:
    assert items_without_peeking(0, bar) == n


def test_half_a_percent_takes_901_items_even_without_an_error() -> None:
    assert items_that_prove(0, 0.005, 0.05) == 901


def test_looking_all_the_time_promotes_hardly_anyone_who_is_at_the_bar() -> None:
    chance = np.random.default_rng(4)
    n = np.arange(1, 1_001)
    errors = (chance.random((1_000, 1_000)) < 0.05).cumsum(axis=1)
    ever = (log_e_below_many(errors, n, 0.05) >= log(20)).any(axis=1)
    assert 0.01 < ever.mean() < 0.05


def test_no_count_is_too_large_for_an_answer() -> None:
    assert isfinite(log_e_below(10**6, 10**9, 0.01))
    assert log_e_below(10**9, 10**9, 0.01) == -inf

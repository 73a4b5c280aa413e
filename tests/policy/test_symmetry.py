from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.policy.symmetry import bowker, mcnemar, stuart_maxwell
from tests.policy.tables import tables

VISION = [[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205], [36, 82, 179, 492]]
"""Stuart 1953: unaided distance vision of 7,477 women, right eye and left."""


@pytest.mark.parametrize(
    ("b", "c", "chi2", "chi2_cc", "p_exact", "p_mid"),
    [  # statsmodels 0.15.0 mcnemar; the first pair is Agresti's example of approval ratings
        (150, 86, 17.35593220339, 16.817796610169, 3.7159361e-05, 2.8933895e-05),
        (8, 1, 5.444444444444, 4.0, 0.0390625, 0.021484375),
    ],
)
def test_mcnemar_is_that_of_another_program(
    b: int, c: int, chi2: float, chi2_cc: float, p_exact: float, p_mid: float
) -> None:
    test = mcnemar(b=b, c=c)
    assert test is not None
    assert (test.chi2, test.chi2_cc, test.p_exact, test.p_mid) == pytest.approx(
        (chi2, chi2_cc, p_exact, p_mid), abs=1e-8
    )


def test_two_who_never_differ_are_not_tested() -> None:
    assert (mcnemar(b=0, c=0), bowker([[5, 0], [0, 3]]), stuart_maxwell([[5, 0], [0, 3]])) == (None, None, None)


def test_two_who_differ_evenly_are_not_called_different() -> None:
    test = mcnemar(b=7, c=7)
    assert test is not None
    assert (test.chi2, test.chi2_cc, test.p, test.p_cc, test.p_exact, test.p_mid) == pytest.approx((0, 0, 1, 1, 1, 1))


@given(b=st.integers(0, 200), c=st.integers(0, 200))
def test_who_is_called_first_does_not_matter_and_every_p_is_a_probability(b: int, c: int) -> None:
    one, other = mcnemar(b=b, c=c), mcnemar(b=c, c=b)
    assert (one is None) == (other is None) == (b + c == 0)
    if one is not None and other is not None:
        mine, yours = (np.array([test.p, test.p_cc, test.p_exact, test.p_mid]) for test in (one, other))
        assert mine == pytest.approx(yours)
        assert np.all((mine > 0) & (mine <= 1 + 1e-12))
        assert one.p_mid <= one.p_exact + 1e-12


def test_bowker_is_that_of_another_program() -> None:
    test = bowker(VISION)
    assert test is not None
    assert (test.statistic, test.df, test.p) == pytest.approx((19.1065502153, 6, 0.00398741984), abs=1e-6)


def test_bowker_is_that_printed_in_iso_22514_7() -> None:
    """ISO 22514-7:2012, clause 12.2, table 12: chi square 8.603 with three degrees of freedom, not symmetric."""
    test = bowker([[7, 3, 1], [10, 4, 7], [2, 1, 5]])
    assert test is not None
    assert (test.statistic, test.df, test.p) == pytest.approx((8.602564, 3, 0.035069), abs=1e-6)


def test_homogeneity_is_that_of_another_program() -> None:
    test = stuart_maxwell(VISION)
    assert test is not None
    assert (test.statistic, test.df, test.p) == pytest.approx((11.956569562623, 3, 0.007533425055), abs=1e-6)


@given(table=tables(classes=2, smallest=0))
def test_with_two_classes_all_three_are_the_same(table: list[list[int]]) -> None:
    ((_, b), (c, _)) = table
    one, two, three = mcnemar(b=b, c=c), bowker(table), stuart_maxwell(table)
    if one is None or two is None or three is None:
        assert (one, two, three) == (None, None, None)
    else:
        assert (two.statistic, three.statistic) == pytest.approx((one.chi2, one.chi2), abs=1e-9)
        assert (two.df, three.df) == (1, 1)


@given(table=tables(smallest=0))
def test_a_class_that_nobody_used_hides_no_difference(table: list[list[int]]) -> None:
    wider = [[*row, 0] for row in table] + [[0] * (len(table) + 1)]
    for ask in (bowker, stuart_maxwell):
        one, other = ask(table), ask(wider)
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert (one.statistic, one.df) == pytest.approx((other.statistic, other.df), abs=1e-6)

from __future__ import annotations

from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.policy.kappa import (
    Estimate,
    Level,
    Weights,
    alpha_of_counts,
    cohen_kappa,
    fleiss_kappa,
    fleiss_se,
    gwet_ac1,
    kappa_misleads,
    krippendorff_alpha,
    matthews,
    pabak,
)
from tests.policy.tables import tables

FOUR_FOLD = [[20, 5], [10, 15]]
THREE = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval", "ratio")
GWET = [[118, 5], [2, 0]]


@pytest.mark.parametrize(
    ("table", "weights", "value", "se", "ends"),
    [  # statsmodels 0.15.0 cohens_kappa, kappa and std_kappa
        (FOUR_FOLD, "unweighted", 0.4, 0.1269960629, (0.15109229, 0.64890771)),
        (FOUR_FOLD, "linear", 0.4, 0.1269960629, (0.15109229, 0.64890771)),
        (FOUR_FOLD, "quadratic", 0.4, 0.1269960629, (0.15109229, 0.64890771)),
        (THREE, "unweighted", 0.6764705882, 0.0877029535, (0.50457596, 0.84836522)),
        (THREE, "linear", 0.7222222222, 0.0843009539, (0.55699539, 0.88744906)),
        (THREE, "quadratic", 0.7553191489, 0.0867071325, (0.58537629, 0.92526201)),
        (GWET, "unweighted", -0.0233918129, 0.0122867567, (-0.04747341, 0.00068979)),
        (GWET, "linear", -0.0233918129, 0.0122867567, (-0.04747341, 0.00068979)),
        (GWET, "quadratic", -0.0233918129, 0.0122867567, (-0.04747341, 0.00068979)),
    ],
)
def test_cohens_kappa_is_that_of_another_program(
    table: list[list[int]], weights: Weights, value: float, se: float, ends: tuple[float, float]
) -> None:
    kappa = cohen_kappa(table, weights=weights)
    assert kappa is not None
    assert (kappa.value, kappa.se) == pytest.approx((value, se), abs=1e-6)
    assert kappa.interval() == pytest.approx(ends, abs=1e-6)


@pytest.mark.parametrize("table", [[[0, 0], [0, 0]], [[7, 0], [0, 0]], [[5]]])
def test_without_chance_to_beat_there_is_no_kappa(table: list[list[int]]) -> None:
    assert cohen_kappa(table) is None


def test_perfect_agreement_has_no_error() -> None:
    assert cohen_kappa([[7, 0, 0], [0, 3, 0], [0, 0, 11]]) == Estimate(value=1.0, se=0.0)
    assert Estimate(value=1.0, se=0.0).z is None


@pytest.mark.parametrize("table", [[[1, 2, 3], [4, 5, 6]], [1, 2], [[-1, 2], [3, 4]]])
def test_a_table_that_is_none_is_refused(table: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="a table of agreement is square"):
        cohen_kappa(table)


@given(table=tables(smallest=0))
def test_an_unused_class_changes_neither_kappa_nor_its_error(table: list[list[int]]) -> None:
    wider = [[*row, 0] for row in table] + [[0] * (len(table) + 1)]
    one, other = cohen_kappa(table), cohen_kappa(wider)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert (one.value, one.se) == pytest.approx((other.value, other.se), abs=1e-7)


@pytest.mark.parametrize(
    ("table", "value", "se"),
    [(GWET, 0.9407763376, 0.0230569643), ([[940, 20], [15, 25]], 0.9618990597, 0.0065496563)],
)  # irrCAC 0.4.4, to five digits
def test_ac1_is_that_of_another_program(table: list[list[int]], value: float, se: float) -> None:
    ac1 = gwet_ac1(table)
    assert ac1 is not None
    assert (ac1.value, ac1.se) == pytest.approx((value, se), abs=1e-8)


def test_ac1_of_nothing_or_of_one_class_has_no_value_and_of_one_part_no_error() -> None:
    assert (gwet_ac1([[0, 0], [0, 0]]), gwet_ac1([[5]])) == (None, None)
    assert gwet_ac1([[1, 0], [0, 0]]) == Estimate(value=1.0, se=None)


# K. Krippendorff, "Computing Krippendorff's alpha-reliability" (2011): four observers, twelve units.
GAP = None
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, GAP, GAP, GAP],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, GAP, 3],
    [GAP, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, GAP],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, GAP],
]


@pytest.mark.parametrize(
    ("level", "value"),
    [  # published .743, .815, .849, .797; the digits are those of krippendorff 0.9.0
        ("nominal", 0.743421052631579),
        ("ordinal", 0.8153875037548814),
        ("interval", 0.8491071428571428),
        ("ratio", 0.7974027747116121),
    ],
)
def test_alpha_is_the_published_one(level: Level, value: float) -> None:
    assert krippendorff_alpha(OBSERVERS, level=level) == pytest.approx(value, abs=1e-9)


def test_alpha_of_names_does_not_depend_on_what_they_are() -> None:
    names = [[None if value is None else "OK NG UNSURE A B".split()[value - 1] for value in row] for row in OBSERVERS]
    assert krippendorff_alpha(names) == pytest.approx(0.743421052631579, abs=1e-9)


@pytest.mark.parametrize(
    "ratings", [[], [[], []], [[GAP, GAP], [GAP, GAP]], [[1, GAP], [GAP, 2]], [[1, 1], [1, 1]], [[0, 3, 3]]]
)
def test_alpha_of_too_little_has_no_value(ratings: list[list[float | None]]) -> None:
    assert [krippendorff_alpha(ratings, level=level) for level in LEVELS] == [None] * 4


def test_a_ratio_between_two_zeros_is_no_difference() -> None:
    assert krippendorff_alpha([[0, 0, 5], [0, 0, 5]], level="ratio") == 1.0


def test_alpha_from_counts_is_the_same() -> None:
    assert alpha_of_counts([[2, 0], [1, 1], [0, 2], [1, 0]]) == krippendorff_alpha([[1, 1, 2, 1], [1, 2, 2, GAP]])


# Fleiss 1971 as printed in many places: ten subjects, 14 raters, five classes, kappa .210.
FLEISS = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
]


def test_fleiss_kappa_is_the_published_one() -> None:
    kappa = fleiss_kappa(FLEISS)
    assert kappa is not None
    assert kappa.overall.value == pytest.approx(0.20993, abs=1e-5)


@pytest.mark.parametrize(
    ("parts", "readings", "kappa", "se", "z"),
    [(15, 2, 0.58333, 0.258199, 2.25924), (30, 8, 0.974356, 0.0345033, 28.2395)],
)  # printed by Minitab in its examples of essays and of fabrics
def test_the_error_of_a_class_is_the_printed_one(parts: int, readings: int, kappa: float, se: float, z: float) -> None:
    one = Estimate(value=kappa, se=fleiss_se(parts=parts, readings=readings))
    assert one.se == pytest.approx(se, abs=1e-6)
    assert one.z == pytest.approx(z, abs=1e-4)


def test_the_probability_of_a_class_by_chance_is_the_printed_one() -> None:
    assert Estimate(value=0.58333, se=0.258199).p == pytest.approx(0.0119, abs=5e-5)


def test_with_two_classes_each_has_the_kappa_and_the_error_of_the_whole() -> None:
    kappa = fleiss_kappa([[3, 0], [2, 1], [0, 3], [1, 2], [3, 0]])
    assert kappa is not None
    assert [one and one.value for one in kappa.classes] == pytest.approx([kappa.overall.value] * 2)
    assert [one and one.se for one in kappa.classes] == pytest.approx([kappa.overall.se] * 2)


def test_a_class_that_nobody_said_has_no_kappa() -> None:
    kappa = fleiss_kappa([[2, 0, 0], [0, 2, 0], [1, 1, 0]])
    assert kappa is not None
    assert [one is None for one in kappa.classes] == [False, False, True]


def test_parts_read_once_are_left_out_and_uneven_ones_leave_no_error() -> None:
    even, uneven = fleiss_kappa([[2, 0], [1, 1], [1, 0], [0, 0]]), fleiss_kappa([[2, 0], [1, 2]])
    assert even == fleiss_kappa([[2, 0], [1, 1]])
    assert uneven is not None
    assert (uneven.overall.se, uneven.overall.p, uneven.overall.interval()) == (None, None, None)


@pytest.mark.parametrize("counts", [[[3, 0], [3, 0]], [[1, 0], [0, 1]], [[0, 0]]])
def test_fleiss_kappa_of_one_class_or_of_single_readings_has_no_value(counts: list[list[int]]) -> None:
    assert fleiss_kappa(counts) is None


def test_matthews_correlation_is_that_computed_elsewhere() -> None:
    assert matthews(tp=90, fp=4, fn=10, tn=896) == pytest.approx(0.9206313537, abs=1e-9)
    assert (matthews(tp=0, fp=0, fn=3, tn=9), matthews(tp=3, fp=0, fn=0, tn=0)) == (None, None)


def a_line(prevalence: float) -> list[list[float]]:
    """Shares of a line whose AI misses 10 % of the defects and rejects 2 % of the good parts: rows the truth."""
    bad, good = prevalence, 1 - prevalence
    return [[good * 0.98, good * 0.02], [bad * 0.1, bad * 0.9]]


@pytest.mark.parametrize(
    ("prevalence", "agreement", "kappa", "ac1", "mcc"),
    [  # exact arithmetic
        (0.5, 0.94, 0.88, 0.880192, 0.88283),
        (0.2, 0.964, 0.88665, 0.947246, 0.88672),
        (0.05, 0.976, 0.776952, 0.973109, 0.783613),
        (0.02, 0.9784, 0.614946, 0.97712, 0.647648),
        (0.005, 0.9796, 0.300316, 0.978991, 0.402298),
    ],
)
def test_one_and_the_same_ai_has_a_lower_kappa_the_rarer_the_defects(
    prevalence: float, agreement: float, kappa: float, ac1: float, mcc: float
) -> None:
    table = [[round(1_000_000 * share) for share in row] for row in a_line(prevalence)]
    cohen, gwet = cohen_kappa(table), gwet_ac1(table)
    assert cohen is not None
    assert gwet is not None
    ((tn, fp), (fn, tp)) = table
    assert (tp + tn) / 1_000_000 == pytest.approx(agreement, abs=1e-5)
    assert (cohen.value, gwet.value) == pytest.approx((kappa, ac1), abs=1e-5)
    assert matthews(tp=tp, fp=fp, fn=fn, tn=tn) == pytest.approx(mcc, abs=1e-5)


@pytest.mark.parametrize(
    ("table", "kappa", "ac1"),
    [
        ([[1, 1], [1, 97]], 0.489796, 0.979184),
        ([[49, 1], [1, 49]], 0.96, 0.96),
        ([[0, 1], [1, 98]], -0.010101, 0.979596),
    ],
)  # exact arithmetic; 98 of 100 agree in all three
def test_the_same_agreement_has_any_kappa_and_one_pabak(table: list[list[int]], kappa: float, ac1: float) -> None:
    cohen, gwet = cohen_kappa(table), gwet_ac1(table)
    assert cohen is not None
    assert gwet is not None
    assert (cohen.value, gwet.value, pabak(table)) == pytest.approx((kappa, ac1, 0.96), abs=1e-6)


def test_pabak_of_nothing_or_of_one_class_has_no_value() -> None:
    assert (pabak([[0, 0], [0, 0]]), pabak([[4]]), pabak([[2, 0, 0], [0, 2, 0], [0, 2, 0]])) == (None, None, 0.5)


@pytest.mark.parametrize("prevalence", [0.5, 0.2])
def test_where_classes_are_frequent_kappa_may_be_read(prevalence: float) -> None:
    assert kappa_misleads(a_line(prevalence)) is None


def test_where_defects_are_rare_a_sentence_says_what_kappa_does() -> None:
    assert kappa_misleads([[1, 1], [1, 97]]) == (
        "Kappa is 0.49 although 98\N{NO-BREAK SPACE}% of the verdicts are the same: "
        "98\N{NO-BREAK SPACE}% of all verdicts are of one class, and kappa falls as the others become rare, "
        "whoever judges. Read the misses and the overkill instead."
    )


def test_where_everybody_said_the_same_a_sentence_says_why_there_is_no_kappa() -> None:
    assert "no chance to beat" in str(kappa_misleads([[50, 0], [0, 0]]))
    assert kappa_misleads([[0, 0], [0, 0]]) is None


@given(table=tables(smallest=0))
def test_no_table_is_too_odd_for_an_answer(table: list[list[int]]) -> None:
    kappa, ac1 = cohen_kappa(table), gwet_ac1(table)
    assert kappa is None or (-1 <= kappa.value <= 1 and isfinite(kappa.se or 0))
    assert ac1 is None or (-1 <= ac1.value <= 1 and isfinite(ac1.se or 0))
    kappa_misleads(table)
    fleiss_kappa(table)


@given(ratings=st.lists(st.lists(st.integers(0, 3) | st.none(), min_size=4, max_size=4), max_size=4))
def test_alpha_is_at_most_one(ratings: list[list[float | None]]) -> None:
    for level in LEVELS:
        alpha = krippendorff_alpha(ratings, level=level)
        assert alpha is None or alpha <= 1

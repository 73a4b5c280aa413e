from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.policy.charts import Bar, p_chart, pareto, together

# Montgomery's orange-juice cans: data set orangejuice of the R package qcc, 30 samples of 50 cans each; the same
# proportions, mean .2313, are in the NIST/SEMATECH e-Handbook, pmc332.
CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]


def test_lots_of_one_size_have_their_published_limits() -> None:
    chart = p_chart(n=[50] * 30, defective=CANS)
    assert chart.centre == pytest.approx(0.231333, abs=1e-6)
    ((lower, upper),) = {(point.lower, point.upper) for point in chart.points}
    assert (lower, upper) == pytest.approx((0.052428, 0.410239), abs=1e-6)
    assert [place + 1 for place in chart.out] == [15, 23]


def test_limits_revised_without_two_lots_show_a_third() -> None:
    chart = p_chart(n=[50] * 30, defective=CANS, left_out={14, 22})
    assert chart.centre == pytest.approx(0.215, abs=1e-6)
    assert (chart.points[0].lower, chart.points[0].upper) == pytest.approx((0.040703, 0.389297), abs=1e-6)
    assert [place + 1 for place in chart.out if place not in {14, 22}] == [21]


# jaspQualityControl 38c84de, datasets/attributeCharts/SPC_P.csv; limits computed independently.
SIZES = [150, 153, 170, 226, 154, 130, 190, 165, 176, 144, 132, 144, 156, 158, 142, 212, 155, 138, 141, 130]
FOUND = [21, 16, 30, 31, 24, 33, 32, 29, 23, 17, 14, 31, 29, 25, 15, 43, 23, 26, 23, 28]
LOWER = [
    *(0.071775, 0.072664, 0.07725, 0.088501, 0.072955, 0.06508, 0.081837, 0.075975, 0.078708, 0.069914),
    *(0.065817, 0.069914, 0.073528, 0.07409, 0.069267, 0.086112, 0.073243, 0.067932, 0.068939, 0.06508),
]
UPPER = [
    *(0.252293, 0.251404, 0.246818, 0.235567, 0.251114, 0.258988, 0.242232, 0.248093, 0.24536, 0.254155),
    *(0.258251, 0.254155, 0.250541, 0.249979, 0.254801, 0.237956, 0.250826, 0.256136, 0.255129, 0.258988),
]


def test_every_lot_has_the_limits_of_its_own_size() -> None:
    chart = p_chart(n=SIZES, defective=FOUND)
    assert chart.centre == pytest.approx(0.162034, abs=1e-6)
    assert [point.lower for point in chart.points] == pytest.approx(LOWER, abs=1e-6)
    assert [point.upper for point in chart.points] == pytest.approx(UPPER, abs=1e-6)
    assert chart.out == ()


def test_a_lot_of_which_nothing_was_counted_has_no_share_and_is_not_out() -> None:
    empty = p_chart(n=[100, 0], defective=[5, 0]).points[1]
    assert (empty.share, empty.lower, empty.upper, empty.out) == (None, None, None, False)


def test_a_line_of_which_nothing_was_counted_has_no_centre() -> None:
    assert p_chart(n=[], defective=[]).centre is None
    chart = p_chart(n=[10], defective=[3], left_out={0})
    assert (chart.centre, chart.points[0].share, chart.out) == (None, 0.3, ())


def test_a_line_without_a_defect_is_within_its_limits() -> None:
    chart = p_chart(n=[10, 20], defective=[0, 0])
    assert (chart.centre, chart.out) == (0.0, ())
    assert p_chart(n=[10, 20], defective=[10, 20]).out == ()


def test_limits_stay_within_none_and_all() -> None:
    assert p_chart(n=[20, 20], defective=[1, 0]).points[0].lower == 0.0
    assert p_chart(n=[20, 20], defective=[19, 20]).points[0].upper == 1.0


def test_a_lot_far_below_is_out_too() -> None:
    assert p_chart(n=[1000] * 5, defective=[200, 200, 200, 200, 50]).out == (4,)


@pytest.mark.parametrize(("n", "defective"), [([10], [11]), ([10], [-1]), ([10], []), ([], [1])])
def test_lots_that_cannot_be_are_refused(n: list[int], defective: list[int]) -> None:
    with pytest.raises(ValueError, match="each lot has a size"):
        p_chart(n=n, defective=defective)


def test_the_vital_few_make_up_four_fifths() -> None:
    bars = pareto([("chip", 9), ("scratch", 58), ("other", 3), ("stain", 14), ("crack", 31)])
    assert [(bar.name, bar.count) for bar in bars] == [
        ("scratch", 58), ("crack", 31), ("stain", 14), ("chip", 9), ("other", 3),
    ]  # fmt: skip
    assert [100 * bar.share for bar in bars] == pytest.approx([50.435, 26.957, 12.174, 7.826, 2.609], abs=5e-4)
    assert [100 * bar.together for bar in bars] == pytest.approx([50.435, 77.391, 89.565, 97.391, 100], abs=5e-4)
    assert [bar.name for bar in bars if bar.vital] == ["scratch", "crack", "stain"]


def test_classes_that_never_occurred_have_no_bar() -> None:
    assert pareto([]) == pareto([("scratch", 0)]) == []
    assert pareto([("b", 1), ("a", 1), ("c", 0)]) == [
        Bar("a", 1, 0.5, 0.5, vital=True),
        Bar("b", 1, 0.5, 1.0, vital=True),
    ]


def test_what_makes_up_four_fifths_exactly_is_enough() -> None:
    assert [bar.vital for bar in pareto([("a", 80), ("b", 20)])] == [True, False]


@given(counts=st.dictionaries(st.text(max_size=3), st.integers(0, 1000), max_size=8))
def test_bars_add_up_to_everything(counts: dict[str, int]) -> None:
    bars = pareto(counts.items())
    assert sum(bar.count for bar in bars) == sum(counts.values())
    assert not bars or bars[-1].together == 1.0
    assert [bar.vital for bar in bars] == sorted((bar.vital for bar in bars), reverse=True)


@pytest.mark.parametrize(
    ("sizes", "lots"),
    [
        ([30, 25, 20], [[0], [1], [2]]),
        ([3, 40, 3, 3, 40], [[1, 2, 3], [4]]),
        ([10, 10, 10, 10, 10], [[1, 2], [3, 4]]),
        ([20, 0, 20], [[0, 1], [2]]),
        ([3, 3], [[0, 1]]),
        ([], [[]]),
    ],
    ids=["large", "small among large", "the oldest left over", "an empty one", "too few altogether", "none"],
)
def test_small_lots_stand_together_with_their_neighbours(sizes: list[int], lots: list[list[int]]) -> None:
    assert [list(places) for places in together(sizes, least=20)] == lots

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, confusion_matrix
from statsmodels.stats.proportion import proportion_confint

from inspection.policy.agreement import (
    Cell,
    Matrix,
    Share,
    agresti_coull,
    clopper_pearson,
    clopper_pearson_upper,
    misses_by_class,
    overkill_by_class,
    wilson,
    wilson_upper,
)
from inspection.vocabulary import Verdict

OK, NG, UNSURE = Verdict
cells = st.lists(st.tuples(st.tuples(st.sampled_from(Verdict), st.sampled_from(Verdict)), st.integers(0, 50)))


@pytest.mark.parametrize(
    ("k", "n", "expected"),
    [
        # statsmodels 0.15.0 proportion_confint(method="wilson"); the first three are cases of Newcombe 1998
        (81, 263, (0.2552885199, 0.366209577)),
        (0, 20, (0.0, 0.1611251581)),
        (1, 29, (0.0061132143, 0.1717552188)),
        (10, 10, (0.7224672001, 1.0)),
    ],
)
def test_wilson_gives_the_published_intervals(k: int, n: int, expected: tuple[float, float]) -> None:
    assert wilson(k=k, n=n) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("k", "n", "exact", "by_hand"),
    [  # statsmodels 0.15.0 proportion_confint, methods "beta" and "agresti_coull"
        (81, 263, (0.2527367456, 0.3676219226), (0.2552206652, 0.3662774317)),
        (0, 20, (0.0, 0.168433471), (0.0, 0.1898095605)),
        (1, 29, (0.0008726469, 0.1776442955), (0.0, 0.1862865086)),
        (10, 10, (0.6915028922, 1.0), (0.6791126942, 1.0)),
    ],
)
def test_other_intervals_are_the_published_ones(
    k: int, n: int, exact: tuple[float, float], by_hand: tuple[float, float]
) -> None:
    assert clopper_pearson(k=k, n=n) == Share(k=k, n=n).exact() == pytest.approx(exact, abs=1e-6)
    assert agresti_coull(k=k, n=n) == pytest.approx(by_hand, abs=1e-6)


def test_upper_limits_of_three_in_five_hundred() -> None:
    """scipy.stats.beta.ppf(.95, 4, 497), and Wilson's with z = 1.6448536."""
    assert clopper_pearson_upper(k=3, n=500) == pytest.approx(0.0154337349, abs=1e-6)
    assert wilson_upper(k=3, n=500) == pytest.approx(0.0149170188, abs=1e-6)


@given(n=st.integers(1, 5_000), data=st.data(), confidence=st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_wilson_agrees_with_a_second_opinion(n: int, data: st.DataObject, confidence: float) -> None:
    k = data.draw(st.integers(0, n))
    expected = proportion_confint(k, n, alpha=1 - confidence, method="wilson")
    assert wilson(k=k, n=n, confidence=confidence) == pytest.approx(expected, abs=1e-9)


@given(n=st.integers(1, 5_000), data=st.data())
def test_wilson_stays_within_0_and_1_around_the_share(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    interval = wilson(k=k, n=n)
    assert interval is not None
    assert 0 <= interval[0] <= k / n <= interval[1] <= 1


def test_of_nothing_there_is_no_share_and_no_interval() -> None:
    nothing = Share(k=0, n=0)
    assert (nothing.value, nothing.interval(), nothing.exact(), wilson(k=0, n=0)) == (None, None, None, None)
    assert (wilson_upper(k=0, n=0), clopper_pearson_upper(k=0, n=0), agresti_coull(k=0, n=0)) == (None, None, None)


@pytest.mark.parametrize(("k", "n"), [(-1, 3), (4, 3), (0, -1)])
def test_a_share_that_is_none_is_refused(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        Share(k=k, n=n)


STUDY: list[tuple[Cell, int]] = [
    ((OK, OK), 940),
    ((OK, NG), 15),
    ((OK, UNSURE), 20),
    ((NG, NG), 40),
    ((NG, OK), 6),
    ((NG, UNSURE), 4),
    ((UNSURE, OK), 3),
]


def test_misses_are_counted_of_what_people_reject_and_overkill_of_what_they_pass() -> None:
    matrix = Matrix.of(STUDY)
    assert (matrix.n, matrix.agree) == (1028, Share(k=980, n=1028))
    assert (matrix.misses, matrix.overkill) == (Share(k=6, n=50), Share(k=15, n=975))
    assert matrix.at(person=OK, ai=NG) == 15


def test_an_empty_matrix_claims_nothing() -> None:
    matrix = Matrix.of([])
    assert (matrix.n, matrix.agree.value, matrix.misses.value, matrix.overkill.value) == (0, None, None, None)


@given(cells=cells)
def test_the_matrix_agrees_with_a_second_opinion(cells: list[tuple[Cell, int]]) -> None:
    pairs = [cell for cell, count in cells for _ in range(count)]
    matrix = Matrix.of(cells)
    assert matrix.n == len(pairs)
    if pairs:
        people, ai = zip(*pairs, strict=True)
        assert [list(row) for row in matrix.counts] == confusion_matrix(people, ai, labels=list(Verdict)).tolist()
        assert matrix.agree.value == pytest.approx(accuracy_score(people, ai))


@given(cells=cells, data=st.data())
def test_the_order_of_arrival_does_not_matter(cells: list[tuple[Cell, int]], data: st.DataObject) -> None:
    assert Matrix.of(data.draw(st.permutations(cells))) == Matrix.of(cells)


def test_misses_are_counted_for_every_class_that_a_part_carries() -> None:
    rows = [({"crack"}, OK, 2), ({"crack", "stain"}, NG, 5), ({"stain"}, UNSURE, 1), ({"crack", "stain"}, OK, 1)]
    assert misses_by_class(rows) == {"crack": Share(k=3, n=8), "stain": Share(k=1, n=7)}
    assert misses_by_class([]) == {}


def test_a_class_counted_twice_on_one_part_is_one_miss() -> None:
    assert misses_by_class([(["crack", "crack"], OK, 1)]) == {"crack": Share(k=1, n=1)}
    assert overkill_by_class([(["crack", "crack"], 1)]) == {"crack": Share(k=1, n=1)}


def test_overkill_of_a_class_is_of_all_good_parts() -> None:
    rows = [(set(), 90), ({"crack"}, 6), ({"crack", "stain"}, 4)]
    assert overkill_by_class(rows) == {"crack": Share(k=10, n=100), "stain": Share(k=4, n=100)}
    assert overkill_by_class([((), 5)]) == {}

"""Numbers marked V are from shared/vectors/agreement.json: statsmodels 0.15.0 proportion_confint(method="wilson")."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, confusion_matrix
from statsmodels.stats.proportion import proportion_confint

from inspection.policy.agreement import Cell, Matrix, Share, wilson
from inspection.vocabulary import Verdict

OK, NG, UNSURE = Verdict
cells = st.lists(st.tuples(st.tuples(st.sampled_from(Verdict), st.sampled_from(Verdict)), st.integers(0, 50)))


@pytest.mark.parametrize(
    ("k", "n", "expected"),
    [
        (81, 263, (0.2552885199, 0.366209577)),  # V ci_81_263, also in Newcombe 1998
        (0, 20, (0.0, 0.1611251581)),  # V ci_0_20
        (1, 29, (0.0061132143, 0.1717552188)),  # V ci_1_29
        (10, 10, (0.7224672001, 1.0)),  # V ci_10_10
    ],
)
def test_wilson_gives_the_published_intervals(k: int, n: int, expected: tuple[float, float]) -> None:
    assert wilson(k=k, n=n) == pytest.approx(expected, abs=1e-6)


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
    assert (Share(k=0, n=0).value, Share(k=0, n=0).interval(), wilson(k=0, n=0)) == (None, None, None)


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

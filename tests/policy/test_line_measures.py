from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.policy.agreement import Share
from inspection.policy.line_measures import (
    Line,
    ceiling,
    follow_rate,
    hajek_mean,
    human_ceiling,
    ppi_mean,
    rolled_throughput,
)

A_DAY = Line(units=10_000, bad=200, bad_passed=6, good_rejected=147, sent_to_people=500)
NOTHING = Line(units=0, bad=0, bad_passed=0, good_rejected=0)


def test_a_day_has_its_measures() -> None:
    assert (A_DAY.escapes, A_DAY.detection) == (Share(k=6, n=200), Share(k=194, n=200))
    assert (A_DAY.overkill, A_DAY.right) == (Share(k=147, n=9_800), Share(k=9_847, n=10_000))
    assert (A_DAY.automation, A_DAY.first_pass_yield) == (Share(k=9_500, n=10_000), Share(k=9_659, n=10_000))
    assert A_DAY.escape_ppm == pytest.approx(621.182, abs=5e-4)


def test_a_days_escapes_have_their_intervals() -> None:
    assert A_DAY.escapes.exact() == pytest.approx((0.011087, 0.064151), abs=1e-6)
    assert A_DAY.escapes.interval() == pytest.approx((0.01382, 0.063894), abs=1e-6)


def test_of_no_production_nothing_is_claimed() -> None:
    assert (NOTHING.escapes.value, NOTHING.overkill.value, NOTHING.escape_ppm) == (None, None, None)
    assert (NOTHING.right.value, NOTHING.automation.value, NOTHING.first_pass_yield.value) == (None, None, None)


def test_yields_of_stations_are_multiplied() -> None:
    assert rolled_throughput([0.98, 0.95, 0.99]) == pytest.approx(0.92169, abs=1e-9)
    assert rolled_throughput([]) is None


def test_a_part_that_was_unlikely_to_be_drawn_speaks_for_many() -> None:
    assert hajek_mean([1, 0, 1, 1, 0, 1], [1, 1, 0.1, 0.1, 0.5, 0.5]) == pytest.approx(23 / 26, abs=1e-9)
    assert hajek_mean([], []) is None


@pytest.mark.parametrize("inclusion", [0, -0.1, 1.1])
def test_a_part_that_could_not_be_drawn_is_refused(inclusion: float) -> None:
    with pytest.raises(ValueError, match="probability of being drawn"):
        hajek_mean([1], [inclusion])


@given(values=st.lists(st.floats(0, 1), min_size=1, max_size=20), share=st.floats(0.01, 1))
def test_parts_drawn_alike_have_their_plain_mean(values: list[float], share: float) -> None:
    assert hajek_mean(values, [share] * len(values)) == pytest.approx(float(np.mean(values)), abs=1e-9)


def corrected(labelled: list[float], *, trust: float = 1.0) -> float | None:
    predicted = [1, 1, 1, 0, 1, 1, 1, 1]
    return ppi_mean(predicted=predicted, labelled=labelled, predicted_of_labelled=[1, 1, 1, 0], trust=trust)


def test_predictions_for_all_are_corrected_by_the_labels_of_some() -> None:
    assert corrected([1, 0, 1, 1]) == pytest.approx(0.875, abs=1e-9)
    assert corrected([0, 0, 0, 0]) == pytest.approx(0.125, abs=1e-9)


def test_predictions_nobody_trusts_leave_the_plain_mean() -> None:
    assert corrected([1, 0, 1, 1], trust=0.0) == pytest.approx(0.75)


def test_without_a_label_or_a_prediction_there_is_no_mean() -> None:
    assert ppi_mean(predicted=[1], labelled=[], predicted_of_labelled=[]) is None
    assert ppi_mean(predicted=[], labelled=[1], predicted_of_labelled=[1]) is None
    with pytest.raises(ValueError, match="each label needs the prediction"):
        ppi_mean(predicted=[1], labelled=[1, 0], predicted_of_labelled=[1])


def test_people_follow_in_six_of_ten_cases() -> None:
    assert follow_rate(assisted=0.9835, blind=0.9588) == pytest.approx(0.5995145631, abs=1e-9)


def test_a_hint_that_drives_people_away_is_followed_less_than_never() -> None:
    assert follow_rate(assisted=0.8, blind=0.9) == pytest.approx(-1.0)


def test_where_people_agree_anyway_there_is_nothing_to_follow() -> None:
    assert follow_rate(assisted=1.0, blind=1.0) is None


def test_the_slips_of_one_person_follow_from_the_agreement_of_two() -> None:
    assert human_ceiling(agreement=0.97) == pytest.approx(0.0152320143, abs=1e-9)
    assert (human_ceiling(agreement=1.0), human_ceiling(agreement=0.5)) == (0.0, 0.5)
    assert human_ceiling(agreement=0.4999) is None


@given(error=st.floats(0, 0.499))
def test_the_ceiling_is_the_error_that_makes_people_agree_so_often(error: float) -> None:
    assert human_ceiling(agreement=(1 - error) ** 2 + error**2) == pytest.approx(error, abs=1e-7)


def test_a_hundred_pairs_make_the_ceiling_known() -> None:
    known = ceiling(Share(k=97, n=100))
    assert (known.error, known.unknown) == (pytest.approx(0.0152320143, abs=1e-9), None)


@pytest.mark.parametrize("pairs", [Share(k=99, n=99), Share(k=0, n=0)])
def test_with_fewer_pairs_a_sentence_says_that_the_ceiling_is_unknown(pairs: Share) -> None:
    unknown = ceiling(pairs)
    assert unknown.error is None
    assert unknown.unknown == (
        f"How often people slip themselves is not known yet: {pairs.n} parts were judged twice without a hint, "
        "100 are needed."
    )


def test_people_who_hardly_agree_set_no_ceiling() -> None:
    unknown = ceiling(Share(k=49, n=100))
    assert unknown.error is None
    assert unknown.unknown is not None
    assert unknown.unknown.startswith("People agree with one another in 49 of 100 parts only")

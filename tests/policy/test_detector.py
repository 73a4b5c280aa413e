from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.policy.evalues import (
    ALARM,
    HIGHEST,
    Detector,
    candidates,
    expected_delay,
    parts_until_noticed,
)

streams = st.lists(st.booleans(), max_size=300)
rates = st.floats(0.0005, 0.5)


def seen(errors: list[bool], *, p0: float) -> Detector:
    detector = Detector.fresh(p0)
    for error in errors:
        detector = detector.after(error)
    return detector


def test_two_items_by_hand() -> None:
    first = Detector.fresh(0.02).after(True)
    assert first.m == pytest.approx((1.5, 2, 3, 5, 10))
    assert first.level == pytest.approx(4.3)
    second = first.after(False)
    assert second.m == pytest.approx(
        (2.5 * 0.97 / 0.98, 3 * 0.96 / 0.98, 4 * 0.94 / 0.98, 6 * 0.9 / 0.98, 11 * 0.8 / 0.98)
    )


def test_candidates_end_at_nine_in_ten() -> None:
    assert candidates(0.02) == pytest.approx((0.03, 0.04, 0.06, 0.1, 0.2))
    assert candidates(0.25) == pytest.approx((0.375, 0.5, 0.75, 0.9, 0.9))


@pytest.mark.parametrize("p0", [0, -0.1, 0.9, 1, float("nan"), float("inf")])
def test_a_detector_that_could_never_alarm_is_refused(p0: float) -> None:
    with pytest.raises(ValueError, match="a detector watches for a rate"):
        Detector.fresh(p0)


def test_the_alarm_is_a_level_of_ten_thousand() -> None:
    assert not Detector(p0=0.02, m=(0.0, 0.0, 0.0, 0.0, 49_999.0)).alarmed
    assert Detector(p0=0.02, m=(0.0, 0.0, 0.0, 0.0, 5 * ALARM)).alarmed


def test_four_errors_in_a_row_are_enough_at_a_bar_of_one_percent_and_three_are_not() -> None:
    assert [seen([True] * n, p0=0.01).alarmed for n in (3, 4, 5)] == [False, False, True]


@given(errors=streams, p0=rates)
def test_levels_are_what_the_definition_sums_up(errors: list[bool], p0: float) -> None:
    """Shiryaev-Roberts: the sum over all possible starts of the likelihood ratio from that start on."""
    ratios = [[p / p0 if error else (1 - p) / (1 - p0) for error in errors] for p in candidates(p0)]
    sums = [sum(float(np.prod(row[start:])) for start in range(len(row))) for row in ratios]
    assert seen(errors, p0=p0).m == pytest.approx(tuple(min(total, HIGHEST) for total in sums), rel=1e-6)


@given(errors=streams, p0=rates)
def test_a_stored_detector_goes_on_as_if_it_had_never_stopped(errors: list[bool], p0: float) -> None:
    half = len(errors) // 2
    stored = json.dumps(seen(errors[:half], p0=p0).as_json(), allow_nan=False)
    detector = Detector.from_json(json.loads(stored))
    for error in errors[half:]:
        detector = detector.after(error)
    assert detector == seen(errors, p0=p0)


@pytest.mark.parametrize("m", [[0.0] * 4, [0.0, 0.0, 0.0, 0.0, -1.0], [0.0, 0.0, 0.0, 0.0, float("inf")]])
def test_a_record_that_does_not_fit_is_refused(m: list[float]) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Detector.from_json({"p0": 0.02, "m": m})


def test_an_outage_of_a_week_leaves_a_finite_level_from_which_right_answers_lead_back() -> None:
    broken = seen([True] * 5_000, p0=0.001)
    assert broken.m == (HIGHEST,) * 5
    assert (broken.level, broken.alarmed) == (pytest.approx(HIGHEST), True)
    assert broken.after(False).level < broken.level


def test_a_stream_at_its_rate_alarms_rarer_than_once_in_ten_thousand_items() -> None:
    errors = np.random.default_rng(11).random((60, 2_000)) < 0.02
    alarms = sum(any_alarm(row.tolist(), p0=0.02) for row in errors)
    assert alarms <= 60 * 2_000 / ALARM + 10


def any_alarm(errors: list[bool], *, p0: float) -> bool:
    detector = Detector.fresh(p0)
    for error in errors:
        detector = detector.after(error)
        if detector.alarmed:
            return True
    return False


def test_a_fall_from_98_to_94_percent_is_noticed_after_about_3100_parts_at_five_percent_audit() -> None:
    assert parts_until_noticed(p0=0.02, p1=0.06, audit_rate=0.05) == pytest.approx(3_100, rel=0.06)


def test_the_delay_is_that_of_the_detector_itself() -> None:
    chance = np.random.default_rng(5)
    delays = []
    for _ in range(200):
        detector = seen((chance.random(200) < 0.02).tolist(), p0=0.02)
        items = 0
        while not detector.alarmed:
            detector, items = detector.after(bool(chance.random() < 0.1)), items + 1
        delays.append(items)
    assert expected_delay(0.02, 0.1) == pytest.approx(float(np.median(delays)), rel=0.15)


def test_a_deeper_fall_is_noticed_sooner() -> None:
    delays = [expected_delay(0.01, p1) for p1 in (0.02, 0.03, 0.05, 0.1, 0.3, 1.0)]
    assert delays == sorted(delays, reverse=True)
    assert delays[-1] <= 5


@pytest.mark.parametrize("p1", [0.01, 0.02, 1.1])
def test_of_a_rate_that_is_no_worse_no_delay_is_told(p1: float) -> None:
    with pytest.raises(ValueError, match="got worse"):
        expected_delay(0.02, p1)


@pytest.mark.parametrize("audit_rate", [0, 1.01])
def test_without_audits_no_delay_is_told(audit_rate: float) -> None:
    with pytest.raises(ValueError, match="audits take a share"):
        parts_until_noticed(p0=0.02, p1=0.06, audit_rate=audit_rate)

from __future__ import annotations

import pytest

from inspection.policy.shift_calendar import Calendar, check_calendar
from inspection.vocabulary import Gate

THREE = ("06:00", "14:00", "22:00")


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Calendar("Asia/Ho_Chi_Minh", THREE), None),
        (Calendar("UTC", ("00:00",)), None),
        (Calendar("UTC", ("00:00", "04:00", "08:00", "12:00", "16:00", "20:00")), None),
        (Calendar("Mars/Olympus", THREE), "bad_time_zone"),
        (Calendar("", THREE), "bad_time_zone"),
        (Calendar("UTC", ()), "bad_shifts"),
        (Calendar("UTC", ("00:00", "01:00", "02:00", "03:00", "04:00", "05:00", "06:00")), "bad_shifts"),
        (Calendar("UTC", ("14:00", "06:00")), "bad_shifts"),
        (Calendar("UTC", ("06:00", "06:00")), "bad_shifts"),
        (Calendar("UTC", ("24:00",)), "bad_shifts"),
        (Calendar("UTC", ("6:00",)), "bad_shifts"),
        (Calendar("UTC", ("06:00\n",)), "bad_shifts"),
        (Calendar("UTC", THREE, captured_time=True), "bad_captured_time"),
    ],
)
def test_a_calendar_that_cannot_be_worked_by_is_refused(wanted: Calendar, code: str | None) -> None:
    flaw = check_calendar(wanted, gate=Gate.ENFORCED)
    assert (flaw.code if flaw else None) == code


def test_a_replay_may_count_by_the_time_of_capture() -> None:
    assert check_calendar(Calendar("UTC", THREE, captured_time=True), gate=Gate.ADVISORY) is None

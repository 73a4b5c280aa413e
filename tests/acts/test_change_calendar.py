from __future__ import annotations

import pytest

from inspection.acts.change_calendar import change_calendar
from inspection.refused import Refused
from inspection.vocabulary import Gate
from tests import factories

pytestmark = pytest.mark.django_db


def test_what_is_not_named_stays(cast: factories.Cast) -> None:
    job = change_calendar(job=factories.job(cast), shifts=[" 05:30 ", "17:30"])
    assert (job.time_zone, job.shifts, job.captured_time) == ("UTC", ["05:30", "17:30"], False)
    job = change_calendar(job=job, time_zone="Asia/Ho_Chi_Minh")
    assert (job.time_zone, job.shifts) == ("Asia/Ho_Chi_Minh", ["05:30", "17:30"])


def test_an_enforced_gate_does_not_count_by_a_camera(cast: factories.Cast) -> None:
    job = factories.job(cast, gate=Gate.ENFORCED)
    with pytest.raises(Refused) as no:
        change_calendar(job=job, captured_time=True)
    job.refresh_from_db()
    assert (no.value.code, job.captured_time) == ("bad_captured_time", False)

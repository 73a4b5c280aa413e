from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from inspection.acts.change_calendar import change_calendar
from inspection.models import CalendarChange, Job
from inspection.refused import Refused
from inspection.vocabulary import Gate, Verdict
from tests import factories
from tests.climbs import agreed, climbing_job

pytestmark = pytest.mark.django_db
USUAL = {"time_zone": "UTC", "shifts": ["06:00", "14:00", "22:00"], "captured_time": False}


def change(job: Job, cast: factories.Cast, **changes: Any) -> Job:
    return change_calendar(job=job, by=cast.admin, now=timezone.now(), **changes)


def test_what_is_not_named_stays(cast: factories.Cast) -> None:
    job = change(factories.job(cast), cast, shifts=[" 05:30 ", "17:30"])
    assert (job.time_zone, job.shifts, job.captured_time) == ("UTC", ["05:30", "17:30"], False)
    job = change(job, cast, time_zone="Asia/Ho_Chi_Minh")
    assert (job.time_zone, job.shifts) == ("Asia/Ho_Chi_Minh", ["05:30", "17:30"])


def test_an_enforced_gate_does_not_count_by_a_camera(cast: factories.Cast) -> None:
    job = factories.job(cast, gate=Gate.ENFORCED)
    with pytest.raises(Refused) as no:
        change(job, cast, captured_time=True)
    job.refresh_from_db()
    assert (no.value.code, job.captured_time) == ("bad_captured_time", False)
    assert not CalendarChange.objects.exists()


def test_every_change_leaves_a_row_with_what_was_counted_before_it(cast: factories.Cast) -> None:
    job = climbing_job(cast)
    agreed(job, cast, [Verdict.OK])
    change(job, cast, shifts=["05:30", "17:30"])
    row = CalendarChange.objects.get()
    assert (row.job, row.by, row.ledger) == (job, cast.admin, job.ledger.get().pk)
    assert (row.old, row.new) == (USUAL, {**USUAL, "shifts": ["05:30", "17:30"]})


def test_what_changes_nothing_leaves_none(cast: factories.Cast) -> None:
    change(factories.job(cast), cast, time_zone="UTC", shifts=["06:00", "14:00", "22:00"])
    assert not CalendarChange.objects.exists()

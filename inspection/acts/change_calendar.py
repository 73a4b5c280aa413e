"""Change by which clock a job counts days and shifts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from inspection.models import CalendarChange, Job, Person
from inspection.policy.shift_calendar import Calendar, check_calendar
from inspection.queries import epochs
from inspection.refused import Refused
from inspection.vocabulary import Gate


def change_calendar(
    *,
    job: Job,
    time_zone: str | None = None,
    shifts: Sequence[str] | None = None,
    captured_time: bool | None = None,
    by: Person,
    now: datetime,
) -> Job:
    """Change what is named, keep the rest, and note who did; what has been counted keeps the day and shift that it was
    counted with.

    Three shifts are soon had by beginning them at every hour: who reads the evidence has to see that.

    Raises `Refused`: `bad_time_zone`, `bad_shifts`, `bad_captured_time`.
    """
    with transaction.atomic():
        job = Job.objects.select_for_update(no_key=True).get(pk=job.pk)
        wanted = Calendar(
            time_zone=job.time_zone if time_zone is None else time_zone.strip(),
            shifts=tuple(job.shifts if shifts is None else (shift.strip() for shift in shifts)),
            captured_time=job.captured_time if captured_time is None else captured_time,
        )
        if flaw := check_calendar(wanted, gate=Gate(job.gate)):
            raise Refused(flaw.code, flaw.detail)
        old = _calendar(job)
        job.time_zone, job.shifts, job.captured_time = wanted.time_zone, list(wanted.shifts), wanted.captured_time
        if (new := _calendar(job)) != old:
            job.save(update_fields=["time_zone", "shifts", "captured_time"])
            CalendarChange.objects.create(job=job, old=old, new=new, by=by, ledger=epochs.ledger_of(job), at=now)
    return job


def _calendar(job: Job) -> dict[str, Any]:
    return {"time_zone": job.time_zone, "shifts": list(job.shifts), "captured_time": job.captured_time}

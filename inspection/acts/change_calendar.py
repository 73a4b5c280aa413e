"""Change by which clock a job counts days and shifts."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from inspection.models import Job
from inspection.policy.shift_calendar import Calendar, check_calendar
from inspection.refused import Refused
from inspection.vocabulary import Gate


def change_calendar(
    *,
    job: Job,
    time_zone: str | None = None,
    shifts: Sequence[str] | None = None,
    captured_time: bool | None = None,
) -> Job:
    """Change what is named, keep the rest; what has been counted keeps the day and shift that it was counted with.

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
        job.time_zone, job.shifts, job.captured_time = wanted.time_zone, list(wanted.shifts), wanted.captured_time
        job.save(update_fields=["time_zone", "shifts", "captured_time"])
    return job

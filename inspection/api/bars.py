"""How good an AI has to be in a job: bars, minimums, and the calendar by which shifts are counted."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspection.acts.change_bars import change_bars
from inspection.acts.change_calendar import change_calendar
from inspection.api import shapes
from inspection.api.access import Door, seat_in
from inspection.api.problems import FAILURES
from inspection.models import Job
from inspection.permissions import may_change_bars, may_read_readiness
from inspection.policy.bars import LIMITS
from inspection.queries import epochs
from inspection.queries.readiness import counted_now


class BarsShape(serializers.Serializer):
    """Shares lie between 0 and 1; the rest are whole numbers."""

    alpha = shapes.Number(required=False)
    ai_error = shapes.Number(required=False)
    miss = shapes.Number(required=False)
    escape = shapes.Number(required=False)
    ai_share = shapes.Number(required=False)
    miss_full = shapes.Number(required=False)
    critical = shapes.Number(required=False)
    overkill = shapes.Number(required=False)
    unsettled = shapes.Number(required=False)
    items = shapes.Whole(required=False)
    defects = shapes.Whole(required=False)
    lots = shapes.Whole(required=False)
    shifts = shapes.Whole(required=False)
    people = shapes.Whole(required=False)
    items_partial = shapes.Whole(required=False)
    days = shapes.Whole(required=False)
    days_in_partial = shapes.Whole(required=False)


class CalendarShape(serializers.Serializer):
    time_zone = shapes.Text(max_length=64, required=False)
    shifts = serializers.ListField(child=shapes.Text(max_length=5), max_length=24, required=False)
    captured_time = shapes.Flag(required=False, help_text="On an advisory gate alone.")


class NewBars(serializers.Serializer):
    bars = BarsShape(required=False)
    reason = shapes.Text(max_length=2000, allow_blank=True, required=False, help_text="For `bars`.")
    calendar = CalendarShape(required=False)


class LimitShape(serializers.Serializer):
    least = serializers.FloatField()
    most = serializers.FloatField()


class BarsOfJobShape(serializers.Serializer):
    bars = BarsShape()
    version = serializers.IntegerField(help_text="Grows with each change that made something easier.")
    limits = serializers.DictField(child=LimitShape())
    counted = serializers.IntegerField(help_text="Parts that would no longer count under an easier bar.")
    calendar = CalendarShape()


class BarsOfJob(Door):
    @extend_schema(operation_id="read_bars", responses={200: BarsOfJobShape, **FAILURES})
    def get(self, request: Request, slug: str) -> Response:
        """Every bar and minimum with its limits, and the shift calendar."""
        return Response(_shape(seat_in(request, slug, may_read_readiness).job))

    @extend_schema(operation_id="change_bars", request=NewBars, responses={200: BarsOfJobShape, **FAILURES})
    def patch(self, request: Request, slug: str) -> Response:
        """Change what is named. What becomes easier begins a new epoch; the calendar counts from now on."""
        seat = seat_in(request, slug, may_change_bars)
        given = shapes.read(NewBars, request.data)
        # Together or not at all: who sends both means both.
        with transaction.atomic():
            if "bars" in given:
                reason = given.get("reason", "")
                change_bars(job=seat.job, changes=given["bars"], reason=reason, by=seat.person, now=timezone.now())
            if "calendar" in given:
                change_calendar(job=seat.job, by=seat.person, now=timezone.now(), **given["calendar"])
        seat.job.refresh_from_db()
        return Response(_shape(seat.job))


def _shape(job: Job) -> dict[str, Any]:
    return {
        "bars": asdict(epochs.bars_of(job)),
        "version": job.bars_version,
        "limits": {name: {"least": least, "most": most} for name, (least, most) in LIMITS.items()},
        "counted": counted_now(job, now=timezone.now()),
        "calendar": {"time_zone": job.time_zone, "shifts": job.shifts, "captured_time": job.captured_time},
    }

"""Which evidence a request asks for: one filter for the report, its rows and its file."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers

from inspection.api import shapes
from inspection.models import Job
from inspection.queries.agreement import UNBIASED_ONLY, Wanted
from inspection.vocabulary import Drawn

UNBIASED = "unbiased"
WAYS = [*Drawn.values, UNBIASED]


@extend_schema_field(OpenApiTypes.STR)
class DayOrMoment(serializers.Field):
    """A day of the job's own clock (2026-01-31), or a time in ISO 8601 with its zone."""

    def to_internal_value(self, data: Any) -> date | datetime:
        if isinstance(data, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", data):
            try:
                return date.fromisoformat(data)
            except ValueError as error:
                raise serializers.ValidationError("Must be a day or a time in ISO 8601.") from error
        return shapes.Moment().to_internal_value(data)


@extend_schema_field(OpenApiTypes.STR)
class Ways(serializers.Field):
    """Ways of drawing with commas between them."""

    def to_internal_value(self, data: Any) -> list[str]:
        words = str(data).split(",")
        if not set(words) <= set(WAYS):
            raise serializers.ValidationError(f"Must be some of {', '.join(WAYS)}, with commas between them.")
        return words


class AgreementFilter(serializers.Serializer):
    model = serializers.RegexField(re.compile(r"^[0-9a-f]{6,64}\Z"), required=False)
    since = DayOrMoment(required=False)
    until = DayOrMoment(required=False)
    drawn = Ways(required=False)
    inspector = serializers.IntegerField(required=False, min_value=1, max_value=2**53)
    station = serializers.CharField(required=False, max_length=100)
    shift = serializers.CharField(required=False, max_length=100)
    lot = serializers.CharField(required=False, max_length=100)
    label = serializers.CharField(required=False, max_length=64)  # type: ignore[assignment]  # no label of DRF's own


FILTERS = [
    OpenApiParameter("model", str, description="Digest of a model version, or its first six or more digits."),
    OpenApiParameter("since", str, description="From this day of the job on, or this time (ISO 8601 with zone)."),
    OpenApiParameter("until", str, description="Up to this day and with it, or before this time."),
    OpenApiParameter("drawn", str, description=f"How drawn: {', '.join(WAYS)}; several with commas between them."),
    OpenApiParameter("inspector", int, description="Key of a person."),
    OpenApiParameter("station", str),
    OpenApiParameter("shift", str, description="As the line named it, else when it begins (06:00)."),
    OpenApiParameter("lot", str, description="Lot, or the beginning of the ten-minute slot without one."),
    OpenApiParameter("label", str, description="Code of a class of defect that the reference names."),
]


def wanted(given: dict[str, Any], job: Job) -> Wanted:
    """Days are looked up in counts; with a time in either place the rows themselves are counted."""
    drawn = given.get("drawn", [])
    named = tuple(Drawn(way) for way in drawn if way != UNBIASED)
    ways = tuple(dict.fromkeys([*named, *(UNBIASED_ONLY if UNBIASED in drawn else ())]))
    told = {name: given.get(name, "") for name in ("model", "station", "shift", "lot", "label")}
    return Wanted(
        **told,
        drawn=ways,
        unaided=UNBIASED in drawn,
        person=given.get("inspector"),
        **_period(given.get("since"), given.get("until"), job),
    )


def _period(since: date | datetime | None, until: date | datetime | None, job: Job) -> dict[str, Any]:
    if isinstance(since, datetime) or isinstance(until, datetime):
        return {"since": _beginning(since, job), "until": _beginning(until, job, days=1)}
    return {"first_day": since, "last_day": until}


def _beginning(told: date | datetime | None, job: Job, *, days: int = 0) -> datetime | None:
    if told is None or isinstance(told, datetime):
        return told
    return datetime.combine(told + timedelta(days=days), time(), tzinfo=ZoneInfo(job.time_zone))

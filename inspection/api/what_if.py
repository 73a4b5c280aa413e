"""What another setting would have come to, by the job's own history: nothing is changed by asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspection.api import shapes
from inspection.api.access import Door, seat_in
from inspection.api.problems import FAILURES
from inspection.models import Job
from inspection.permissions import may_read_readiness
from inspection.policy import threshold_words, what_if_words
from inspection.policy.routing import Shares, Thresholds
from inspection.policy.weighting import Estimate
from inspection.policy.what_if import Figures, Seen, Setting, Work, check
from inspection.queries.thresholds import Locking, locking
from inspection.queries.what_if import Basis, WhatIf, in_force, period, what_if
from inspection.refused import Refused, spoken
from inspection.vocabulary import Drawn, Level

LEVELS = [(level.value, level.label) for level in Level if level != Level.HUMAN_ONLY]
NONE = "none"
"""What a threshold that is not set is called in an address."""


class Threshold(serializers.FloatField):
    """A score, or `none`."""

    def to_internal_value(self, data: Any) -> Any:
        return NONE if data == NONE else super().to_internal_value(data)


class WhatIfFilter(serializers.Serializer):
    level = serializers.ChoiceField(choices=LEVELS, required=False)
    accept_at = Threshold(required=False)
    reject_at = Threshold(required=False)
    audit_share = serializers.FloatField(required=False)
    blind_share = serializers.FloatField(required=False)
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)


PARAMETERS = [
    OpenApiParameter("level", str, enum=[value for value, _ in LEVELS], description="In force where it is not named."),
    OpenApiParameter("accept_at", str, description="OK up to this score, or none. In force where it is not named."),
    OpenApiParameter("reject_at", str, description="NG from this score on, or none. In force where it is not named."),
    OpenApiParameter("audit_share", float, description="Random audit of the AI's decisions, above 0 and up to 1."),
    OpenApiParameter("blind_share", float, description="Parts judged without any hint, 0 to 1."),
    OpenApiParameter(
        "since",
        str,
        description="First day by the job's clock, of the verdict or, where captured time counts, of the picture; 30 "
        "days back where it is not named, from now or from the newest part.",
    ),
    OpenApiParameter("until", str, description="Last day by the job's clock, with that day."),
]


class EstimateShape(serializers.Serializer):
    value = serializers.FloatField(allow_null=True, help_text="Share of all parts, 0 to 1; null where undefined.")
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True, help_text="Ends of the two-sided 95 % interval.")
    k = serializers.IntegerField()
    n = serializers.IntegerField(help_text="Drawn parts, unweighted.")


class WorkShape(serializers.Serializer):
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class TriedShape(serializers.Serializer):
    level = serializers.ChoiceField(choices=Level.choices)
    accept_at = serializers.FloatField(allow_null=True)
    reject_at = serializers.FloatField(allow_null=True)
    audit_share = serializers.FloatField()
    blind_share = serializers.FloatField()


class FiguresShape(serializers.Serializer):
    setting = TriedShape()
    automation = EstimateShape()
    escapes = EstimateShape(allow_null=True)
    misses = EstimateShape()
    overkill = EstimateShape()
    rejected = EstimateShape(allow_null=True)
    rejected_good = EstimateShape(allow_null=True)
    classes = serializers.DictField(child=EstimateShape())
    to_people = WorkShape(allow_null=True)
    audits = WorkShape(allow_null=True)
    hours = WorkShape(allow_null=True)
    noticed = serializers.IntegerField(allow_null=True, help_text="Decided parts until doubled escapes are noticed.")
    says = serializers.DictField(child=serializers.CharField())


class BasisShape(serializers.Serializer):
    model = serializers.CharField(allow_null=True, help_text="Digest of the live model.")
    n = serializers.IntegerField()
    drawn = serializers.DictField(child=serializers.IntegerField())
    open = serializers.IntegerField(help_text="Without a verdict yet; they count at their worst.")
    unsettled = serializers.IntegerField(help_text="On which people could not tell; left out of all errors.")
    shifts = serializers.IntegerField()
    seconds = serializers.FloatField(allow_null=True, help_text="Median of a verdict.")
    cut = serializers.BooleanField(help_text="Whether the period held more than the newest 20,000.")
    first = serializers.DateTimeField(allow_null=True)
    last = serializers.DateTimeField(allow_null=True)


class GridPointShape(serializers.Serializer):
    at = serializers.FloatField()
    passed = serializers.IntegerField()
    escapes = serializers.IntegerField()
    n = serializers.IntegerField()
    upper = serializers.FloatField(help_text="Upper limit of escapes per inspected part.")


class ChosenShape(serializers.Serializer):
    at = serializers.FloatField(allow_null=True, help_text="The threshold that keeps the bar; null where none does.")
    locked = serializers.BooleanField(help_text="It is in force already.")
    counted = serializers.IntegerField(help_text="Parts that would count no more once it is locked.")
    level = serializers.ChoiceField(choices=Level.choices, allow_null=True, help_text="Where the job would stand then.")
    says = serializers.ListField(child=serializers.CharField())
    points = GridPointShape(many=True)


class WhatIfShape(serializers.Serializer):
    says = serializers.CharField()
    bar = serializers.FloatField(help_text="On escapes per inspected part.")
    basis = BasisShape()
    in_force = FiguresShape()
    what_if = FiguresShape()
    threshold = ChosenShape()
    unknown = serializers.ListField(child=serializers.CharField(), help_text="What no replay can tell.")


class WhatIfOfJob(Door):
    @extend_schema(operation_id="ask_what_if", parameters=PARAMETERS, responses={200: WhatIfShape, **FAILURES})
    def get(self, request: Request, slug: str) -> Response:
        """What the job's own history would have come to under another setting. Managers and admins."""
        job, now = seat_in(request, slug, may_read_readiness).job, timezone.now()
        given = shapes.read_query(WhatIfFilter, request.query_params)
        since, until = period(job, first=given.get("since"), last=given.get("until"), now=now)
        found = what_if(job, setting=_setting(job, given), since=since, until=until)
        return Response(_shape(job, found, locking(job, now=now)))


def _setting(job: Job, given: Mapping[str, Any]) -> Setting:
    """What is asked for, the rest as it is in force. Raises `Refused` with the flaw of it."""
    now = in_force(job)
    rule = {name: None if given[name] == NONE else given[name] for name in ("accept_at", "reject_at") if name in given}
    drawn = {name: given[f"{name}_share"] for name in ("audit", "blind") if f"{name}_share" in given}
    setting = Setting(
        level=Level(given.get("level", now.level)),
        thresholds=replace(now.thresholds, **rule),
        shares=replace(now.shares, **drawn),
    )
    if flaw := check(setting):
        raise Refused(flaw.code, flaw.detail)
    return setting


def _shape(job: Job, found: WhatIf, lock: Locking) -> dict[str, Any]:
    seen = found.basis.seen
    return {
        "says": spoken(what_if_words.headline(found.now, found.then)),
        "bar": found.bar,
        "basis": _basis(job, found.basis),
        "in_force": _figures(found.now, seen),
        "what_if": _figures(found.then, seen),
        "threshold": _threshold(lock),
        "unknown": [spoken(sentence) for sentence in what_if_words.UNKNOWN],
    }


def _basis(job: Job, basis: Basis) -> dict[str, Any]:
    return {
        "model": job.champion.digest if job.champion else None,
        "n": basis.seen.n,
        "drawn": {Drawn(way).value: n for way, n in sorted(basis.by_drawn.items())},
        "open": basis.open,
        "unsettled": basis.unsettled,
        "shifts": basis.seen.shifts,
        "seconds": basis.seen.seconds,
        "cut": basis.cut,
        "first": basis.first and basis.first.isoformat(),
        "last": basis.last and basis.last.isoformat(),
    }


def _figures(found: Figures, seen: Seen) -> dict[str, Any]:
    plain: tuple[str, ...] = ("automation", "escapes", "misses", "overkill", "rejected", "rejected_good")
    work: tuple[str, ...] = ("to_people", "audits", "hours")
    return {
        "setting": _tried(found.setting),
        **{name: _numbers(getattr(found, name)) for name in (*plain, *work)},
        "classes": {name: asdict(estimate) for name, estimate in found.classes.items()},
        "noticed": found.noticed,
        "says": {name: spoken(what_if_words.sentence(name, found, seen)) for name in what_if_words.FIGURES},
    }


def _numbers(found: Estimate | Work | None) -> dict[str, Any] | None:
    return None if found is None else asdict(found)


def _tried(setting: Setting) -> dict[str, Any]:
    rule: Thresholds = setting.thresholds
    shares: Shares = setting.effective
    return {
        "level": setting.level.value,
        "accept_at": rule.accept_at,
        "reject_at": rule.reject_at,
        "audit_share": shares.audit,
        "blind_share": shares.blind,
    }


def _threshold(lock: Locking) -> dict[str, Any]:
    bar = lock.bars.escape
    said = [
        threshold_words.verdict(lock.choice, target=bar, alpha=lock.alpha),
        threshold_words.limit(lock.choice, target=bar),
    ]
    chosen = threshold_words.useful(lock.choice)
    return {
        "at": chosen.at if chosen else None,
        "locked": lock.locked,
        "counted": lock.counted,
        "level": lock.level.value if lock.level else None,
        "says": [spoken(sentence) for sentence in said if sentence is not None],
        "points": [asdict(point) for point in lock.choice.points] if lock.choice else [],
    }

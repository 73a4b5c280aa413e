"""The automation level of a job: read, switch, look back."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspection.api import paging, shapes
from inspection.api.access import Door, Seat, seat_in
from inspection.api.problems import FAILURES
from inspection.models import LevelChange
from inspection.permissions import may_read_history, may_read_readiness, may_see_level, may_stop_automation
from inspection.policy import ladder
from inspection.queries import proposals, readiness
from inspection.refused import spoken
from inspection.vocabulary import Cause, Gate, Level
from inspection.walk import switch_level


class NewLevel(serializers.Serializer):
    level = serializers.ChoiceField(choices=Level.choices)
    reason = shapes.Text(max_length=2000, allow_blank=True)


class LevelShape(serializers.Serializer):
    level = serializers.ChoiceField(choices=Level.choices)
    gate = serializers.ChoiceField(choices=Gate.choices)
    next = serializers.ChoiceField(choices=Level.choices, allow_null=True, help_text="One step up; null at the top.")
    criteria = serializers.ListField(
        child=serializers.CharField(), help_text="What has to be proven before that step; empty where nothing has."
    )
    may_switch_to = serializers.ListField(
        child=serializers.ChoiceField(choices=Level.choices), help_text="What whoever asks may switch to now."
    )


class LevelChangeShape(serializers.Serializer):
    old = serializers.ChoiceField(choices=Level.choices, allow_null=True, help_text="Null: the job was created.")
    new = serializers.ChoiceField(choices=Level.choices)
    reason = serializers.CharField(help_text="As it was given; in English where a rule gave it.")
    says = serializers.CharField(help_text="The same in the language of whoever asks.")
    by = serializers.CharField(allow_null=True)
    cause = serializers.ChoiceField(choices=Cause.choices)
    proposal = serializers.IntegerField(allow_null=True, help_text="The signed proposal that it carried out.")
    gate = serializers.ChoiceField(choices=Gate.choices)
    rerouted = serializers.IntegerField(help_text="Undecided items that the change sent again.")
    at = serializers.DateTimeField()


class LevelChangePage(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    results = LevelChangeShape(many=True)


class LevelOfJob(Door):
    @extend_schema(operation_id="read_level", responses={200: LevelShape, **FAILURES})
    def get(self, request: Request, slug: str) -> Response:
        """On which level a job stands, and what comes next."""
        return Response(_standing(seat_in(request, slug, may_see_level)))

    @extend_schema(operation_id="switch_level", request=NewLevel, responses={200: LevelChangeShape, **FAILURES})
    def post(self, request: Request, slug: str) -> Response:
        """Switch the level with a reason: up one step as an admin, down any number also as a manager.

        An inspector may stop automation: from partial or full down to assistance.
        """
        seat = seat_in(request, slug, may_stop_automation)
        given = shapes.read(NewLevel, request.data)
        change = switch_level(job=seat.job, new=Level(given["level"]), reason=given["reason"], by=seat.person)
        return Response(_shape(change))


class LevelHistory(Door):
    @extend_schema(
        operation_id="read_level_history", parameters=paging.PARAMETERS, responses={200: LevelChangePage, **FAILURES}
    )
    def get(self, request: Request, slug: str) -> Response:
        """Every change of the level, newest first."""
        seat = seat_in(request, slug, may_read_history)
        paging.read_filter(paging.NoFilter, request)
        changes = LevelChange.objects.filter(job=seat.job).select_related("by")
        page = paging.page(changes, request, order=paging.BY_AT)
        return Response(page.body(request, [_shape(change) for change in page.rows]))


def _standing(seat: Seat) -> dict[str, Any]:
    level, gate = Level(seat.job.level), Gate(seat.job.gate)
    above = ladder.above(level)
    step = _check(seat, level, above) if above else None
    return {
        "level": level.value,
        "gate": gate.value,
        "next": above.value if above else None,
        "criteria": [spoken(sentence) for sentence in step.criteria] if step else [],
        "may_switch_to": [new.value for new in Level if _may(seat, level, new)],
    }


def _check(seat: Seat, old: Level, new: Level) -> ladder.Step:
    """What stands against a switch; in the job's own figures for those who may read them."""
    signed = proposals.is_signed(seat.job, new=new)
    own = None
    if may_read_readiness.covers(seat.role) and ladder.needs_proof(new):
        found = readiness.look(seat.job, now=timezone.now())
        own = tuple(one.sentence for one in found.ready.findings) if found.epoch and found.ready else None
    return ladder.check_switch(old=old, new=new, gate=Gate(seat.job.gate), signed=signed, criteria=own)


def _may(seat: Seat, old: Level, new: Level) -> bool:
    signed = proposals.is_signed(seat.job, new=new)
    allowed = ladder.check_switch(old=old, new=new, gate=Gate(seat.job.gate), signed=signed).allowed
    return allowed and seat.role in ladder.roles_that_may(old=old, new=new)


def _shape(change: LevelChange) -> dict[str, Any]:
    return {
        "old": change.old or None,
        "new": change.new,
        "reason": change.reason,
        "says": f"{spoken(change.words)} {spoken(change.note)}".strip(),
        "by": change.by.shown_name if change.by else None,
        "cause": change.cause,
        "proposal": change.proposal_id,
        "gate": change.gate,
        "rerouted": change.rerouted,
        "at": change.at.isoformat(),
    }

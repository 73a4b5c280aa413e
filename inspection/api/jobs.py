"""Jobs: create, list, read, change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspection.acts.create_job import NewJob, NewLabel, create_job
from inspection.api import paging, shapes
from inspection.api.access import Door, demand, seat_in, who
from inspection.api.problems import FAILURES
from inspection.models import Job, Label
from inspection.permissions import may_administer, may_create_jobs, may_see_job
from inspection.policy.job_policy import JobPolicy
from inspection.policy.presets import Preset
from inspection.queries.jobs import of_person, policy_of
from inspection.queries.labels import in_force, name_of
from inspection.vocabulary import Gate, HintMode, Level, MemberRole, Severity
from inspection.walk import change_job

HINT_MODES = [(mode.value, mode.label) for mode in HintMode if mode != HintMode.NONE]


class LabelShape(serializers.Serializer):
    code = shapes.Text(max_length=64)
    name = shapes.Text(max_length=200)
    severity = serializers.ChoiceField(choices=Severity.choices, default=Severity.MAJOR.value)
    critical = shapes.Flag(default=False)


class PolicyShape(serializers.Serializer):
    blind_share = shapes.Number(required=False)
    audit_share = shapes.Number(required=False)
    double_share = shapes.Number(required=False)
    recheck_share = shapes.Number(required=False)
    seed_share = shapes.Number(required=False)
    hold = shapes.Whole(required=False)
    hint_mode = serializers.ChoiceField(choices=HINT_MODES, required=False)
    lease_seconds = shapes.Whole(required=False)
    patience_seconds = shapes.Whole(required=False)
    accept_at = shapes.Number(required=False, allow_null=True)
    reject_at = shapes.Number(required=False, allow_null=True)


class NewJobShape(serializers.Serializer):
    slug = shapes.Text(max_length=64)
    name = shapes.Text(max_length=200)
    labels = LabelShape(many=True)
    level = serializers.ChoiceField(choices=Level.choices, default=Level.HUMAN_ONLY.value)
    gate = serializers.ChoiceField(choices=Gate.choices, default=Gate.ENFORCED.value)
    policy = PolicyShape(required=False)
    animations = shapes.Flag(default=False)


class PresetShape(serializers.Serializer):
    name = shapes.Text(max_length=30)
    brightness = shapes.Number(default=1.0)
    contrast = shapes.Number(default=1.0)
    invert = shapes.Flag(default=False)


class JobChange(serializers.Serializer):
    name = shapes.Text(max_length=200, required=False)
    policy = PolicyShape(required=False)
    animations = shapes.Flag(required=False)
    presets = PresetShape(many=True, required=False, help_text="Ways to look at a picture: multiples of its own light.")


class JobShape(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    level = serializers.ChoiceField(choices=Level.choices)
    gate = serializers.ChoiceField(choices=Gate.choices)
    labels = LabelShape(many=True)
    policy = PolicyShape()
    animations = serializers.BooleanField()
    demonstration = serializers.BooleanField()
    role = serializers.ChoiceField(choices=MemberRole.choices)
    created_at = serializers.DateTimeField()


class JobPage(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    results = JobShape(many=True)


class Jobs(Door):
    @extend_schema(operation_id="list_jobs", parameters=paging.PARAMETERS, responses={200: JobPage, **FAILURES})
    def get(self, request: Request) -> Response:
        """The jobs that one is a member of."""
        person = who(request)
        paging.read_filter(paging.NoFilter, request)
        jobs = of_person(person).select_related("thresholds")
        page = paging.page(jobs, request, order=paging.BY_SLUG)
        roles = dict(person.memberships.filter(job__in=page.rows).values_list("job_id", "role"))
        labels = in_force(page.rows)
        return Response(page.body(request, [_shape(job, labels[job.pk], roles[job.pk]) for job in page.rows]))

    @extend_schema(operation_id="create_job", request=NewJobShape, responses={201: JobShape, **FAILURES})
    def post(self, request: Request) -> Response:
        """Create a job; whoever creates it becomes its admin."""
        person = who(request)
        demand(may_create_jobs(person))
        given = shapes.read(NewJobShape, request.data)
        job = create_job(new=_new(given), by=person, now=timezone.now())
        return Response(_shape(job, in_force([job])[job.pk], MemberRole.ADMIN), status=201)


class OneJob(Door):
    @extend_schema(operation_id="read_job", responses={200: JobShape, **FAILURES})
    def get(self, request: Request, slug: str) -> Response:
        """A job with its labels and its policy."""
        seat = seat_in(request, slug, may_see_job)
        return Response(_shape(seat.job, in_force([seat.job])[seat.job.pk], seat.role))

    @extend_schema(operation_id="change_job", request=JobChange, responses={200: JobShape, **FAILURES})
    def patch(self, request: Request, slug: str) -> Response:
        """Change the name or single settings; what is not named stays. New thresholds are a new version."""
        seat = seat_in(request, slug, may_administer)
        given = shapes.read(JobChange, request.data)
        job = change_job(
            job=seat.job,
            by=seat.person,
            name=given.get("name"),
            animations=given.get("animations"),
            presets=[Preset(**preset) for preset in given["presets"]] if "presets" in given else None,
            policy=_policy(given.get("policy", {})),
        )
        return Response(_shape(job, in_force([job])[job.pk], seat.role))


def _new(given: dict[str, Any]) -> NewJob:
    labels = [NewLabel(**{**label, "severity": Severity(label["severity"])}) for label in given["labels"]]
    return NewJob(
        slug=given["slug"],
        name=given["name"],
        labels=labels,
        level=Level(given["level"]),
        gate=Gate(given["gate"]),
        policy=JobPolicy().changed(_policy(given.get("policy", {}))),
        animations=given["animations"],
    )


def _policy(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: HintMode(value) if name == "hint_mode" else value for name, value in given.items()}


def _shape(job: Job, labels: list[Label], role: str) -> dict[str, Any]:
    return {
        "slug": job.slug,
        "name": job.name,
        "level": job.level,
        "gate": job.gate,
        "labels": [label_shape(label) for label in labels],
        "policy": asdict(policy_of(job)),
        "animations": job.animations,
        "presets": job.presets,
        "demonstration": job.demonstration,
        "role": str(role),
        "created_at": job.created_at.isoformat(),
    }


def label_shape(label: Label) -> dict[str, Any]:
    return {"code": label.code, "name": name_of(label), "severity": label.severity, "critical": label.critical}

"""Reports that something went wrong."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspection import walk
from inspection.acts.report_incident import report_incident
from inspection.api import paging, shapes
from inspection.api.access import Door, demand, item_for, review_for, seat_in, who
from inspection.api.problems import FAILURES
from inspection.models import Incident, Item, Job
from inspection.permissions import may_answer_incidents, may_report, role_in
from inspection.queries.incidents import of_job


class Report(serializers.Serializer):
    client_key = shapes.Text(max_length=200)
    words = shapes.Text(max_length=2_000)
    review = serializers.UUIDField(required=False, help_text="The part that one has in hand.")
    item = serializers.UUIDField(required=False, help_text="A part that one may read.")


class Answer(serializers.Serializer):
    answer = shapes.Text(max_length=2_000)
    defects = serializers.ListField(
        child=shapes.Text(max_length=64),
        required=False,
        help_text="Labels that the part really has. A critical one on what the AI had passed stops the AI.",
    )


class IncidentShape(serializers.Serializer):
    id = serializers.IntegerField()
    words = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    item = serializers.CharField(allow_null=True)
    answer = serializers.CharField()
    defects = serializers.ListField(child=serializers.CharField(), help_text="Confirmed on the part.")
    closed_by = serializers.CharField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


class IncidentPage(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    results = IncidentShape(many=True)


class Reported(serializers.Serializer):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()


class Incidents(Door):
    @extend_schema(
        operation_id="report_incident",
        request=Report,
        responses={201: OpenApiResponse(Reported, description="Kept; a second delivery changes nothing."), **FAILURES},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Report in plain words what went wrong, with the part in hand or one that one may read."""
        seat = seat_in(request, slug, may_report)
        given = shapes.read(Report, request.data)
        kept = report_incident(
            job=seat.job,
            item=_part(request, seat.job, given),
            words=given["words"],
            client_key=given["client_key"],
            by=seat.person,
            now=timezone.now(),
        )
        # Not which item: from a review nobody learns the key of its item.
        return Response({"id": kept.pk, "at": kept.at.isoformat()}, status=201)

    @extend_schema(
        operation_id="list_incidents", parameters=paging.PARAMETERS, responses={200: IncidentPage, **FAILURES}
    )
    def get(self, request: Request, slug: str) -> Response:
        """All reports of a job, newest first: managers and admins."""
        seat = seat_in(request, slug, may_answer_incidents)
        paging.read_filter(paging.NoFilter, request)
        page = paging.page(of_job(seat.job), request, order=paging.BY_AT)
        return Response(page.body(request, [_shape(row) for row in page.rows]))


class OneIncident(Door):
    @extend_schema(operation_id="close_incident", request=Answer, responses={200: IncidentShape, **FAILURES})
    def post(self, request: Request, incident_id: int) -> Response:
        """Close a report with what was found and done: managers and admins."""
        person = who(request)
        found = Incident.objects.filter(pk=incident_id, job__memberships__person=person).select_related("job").first()
        if found is None:
            raise Http404
        role = role_in(person, found.job)
        demand(may_answer_incidents.covers(role), role)
        given = shapes.read(Answer, request.data)
        closed = walk.close_incident(incident=found, by=person, **given)
        return Response(_shape(of_job(closed.job).get(pk=closed.pk)))


def _part(request: Request, job: Job, given: dict[str, Any]) -> Item | None:
    """The part that a report is about: what the person has in hand or may read, of this job."""
    if "review" in given:
        asked = review_for(request, given["review"])
        mine = asked.holder_id == who(request).pk or asked.hand_outs.filter(person=who(request)).exists()
        if asked.job_id != job.pk or not mine:
            raise Http404
        return asked.wears or asked.item
    if "item" in given:
        read = item_for(request, UUID(str(given["item"])))
        if read.item.job_id != job.pk:
            raise Http404
        return read.item
    return None


def _shape(row: Incident) -> dict[str, Any]:
    return {
        "id": row.pk,
        "words": row.words,
        "by": row.by.shown_name,
        "at": row.at.isoformat(),
        "item": str(row.item_id) if row.item_id else None,
        "answer": row.answer,
        "defects": row.defects,
        "closed_by": row.closed_by.shown_name if row.closed_by else None,
        "closed_at": row.closed_at.isoformat() if row.closed_at else None,
    }

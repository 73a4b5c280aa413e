"""Items: take in, list, read, look at the picture, read the history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inspection.acts.note_exposure import note_exposure
from inspection.api import paging, shapes
from inspection.api.access import Door, demand, item_for, seat_in
from inspection.api.arrivals import ArrivalForm, one_shown, receive
from inspection.api.item_shape import ItemPage, ItemShape, shown_to
from inspection.api.problems import FAILURES
from inspection.permissions import may_read_history, may_read_items, may_read_opinions_on, may_see_opinions, may_take_in
from inspection.queries import history
from inspection.queries.items import Filter, of_job
from inspection.refused import spoken
from inspection.vocabulary import State, Verdict


class ItemFilter(serializers.Serializer):
    state = serializers.ChoiceField(choices=State.choices, required=False)
    verdict = serializers.ChoiceField(choices=Verdict.choices, required=False)
    lot = shapes.Text(max_length=100, required=False)
    serial = shapes.Text(max_length=200, required=False)


class EventShape(serializers.Serializer):
    """One row; what else it holds depends on its kind."""

    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=[(kind, kind) for kind in history.KINDS])
    by = serializers.CharField(allow_null=True)


class EventPage(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    results = EventShape(many=True)


FILTERS = [
    OpenApiParameter("state", enum=State.values),
    OpenApiParameter("verdict", enum=Verdict.values, description="The verdict in force; UNSURE holds an item."),
    OpenApiParameter("lot", str),
    OpenApiParameter("serial", str),
]
WAIT = OpenApiParameter(
    "wait", float, description="Seconds, 0 to 30, to wait for the decision. With too many waiters: 201 and Retry-After."
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Tells equal pictures without a serial apart."
)


class Items(APIView):
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="list_items",
        parameters=[*FILTERS, *paging.PARAMETERS],
        responses={200: ItemPage, **FAILURES},
    )
    def get(self, request: Request, slug: str) -> Response:
        """The items of a job, newest first."""
        seat = seat_in(request, slug, may_read_items)
        given = paging.read_filter(ItemFilter, request)
        rows = of_job(seat.job, _filter(given))
        page = paging.page(rows, request, order=paging.BY_RECEIVED)
        opinions = may_see_opinions.covers(seat.role)
        shown = shown_to(seat.person, page.rows, job_slug=seat.job.slug, opinions=opinions)
        return Response(page.body(request, shown))

    @extend_schema(
        operation_id="take_in_item",
        request={"multipart/form-data": ArrivalForm},
        parameters=[WAIT, IDEMPOTENCY_KEY],
        responses={
            201: OpenApiResponse(ItemShape, description="Taken in: picture and row are on disk."),
            200: OpenApiResponse(ItemShape, description="Known already: same part, same picture."),
            **FAILURES,
        },
    )
    def post(self, request: Request, slug: str) -> Response:
        """Take one picture in; with `wait` the answer holds the decision if it falls in time."""
        seat = seat_in(request, slug, may_take_in)
        taken = receive(seat, request)
        status = 201 if taken.created else 200
        return Response(one_shown(seat, taken.item), status=status, headers=taken.headers)


class OneItem(Door):
    @extend_schema(operation_id="read_item", responses={200: ItemShape, **FAILURES})
    def get(self, request: Request, item_id: UUID) -> Response:
        """One item: for managers, admins and service accounts, and for inspectors after their own verdict."""
        read = item_for(request, item_id)
        opinions = may_read_opinions_on(read.person, read.item)
        [shape] = shown_to(read.person, [read.item], job_slug=read.item.job.slug, opinions=opinions)
        return Response(shape)


class ItemHistory(Door):
    @extend_schema(operation_id="read_item_history", responses={200: EventPage, **FAILURES})
    def get(self, request: Request, item_id: UUID) -> Response:
        """Everything that happened to an item, oldest first: managers and admins."""
        read = item_for(request, item_id)
        demand(may_read_history.covers(read.role), read.role)
        events = history.of_item(read.item)
        if any(event.kind == "prediction" for event in events):
            note_exposure(person=read.person, items=[read.item.pk])
        rows = [{"at": event.at, "kind": event.kind, "by": event.by, **_said(event.facts)} for event in events]
        return Response({"next": None, "results": rows})


def _said(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Reasons in the language of whoever asks, beside what the rows hold."""
    told = dict(facts)
    if "words" in told:
        told["says"] = spoken(told.pop("words"))
    if told.get("level_set_by"):
        told["level_set_by"] = _said(told["level_set_by"])
    return told


def _filter(given: dict[str, Any]) -> Filter:
    return Filter(
        state=State(given["state"]) if "state" in given else None,
        verdict=Verdict(given["verdict"]) if "verdict" in given else None,
        lot=given.get("lot", ""),
        serial=given.get("serial", ""),
    )

"""Ask about a part once more."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspection.acts.reopen_item import LONGEST_REASON, reopen_item
from inspection.api import shapes
from inspection.api.access import Door, demand, item_for
from inspection.api.problems import FAILURES
from inspection.permissions import may_reopen


class Reopening(serializers.Serializer):
    reason = shapes.Text(max_length=LONGEST_REASON, allow_blank=True)


class Reopened(serializers.Serializer):
    item = serializers.CharField()
    at = serializers.DateTimeField()


class ReopenItem(Door):
    @extend_schema(
        operation_id="reopen_item",
        request=Reopening,
        responses={201: OpenApiResponse(Reopened, description="Somebody else is asked, blind."), **FAILURES},
    )
    def post(self, request: Request, item_id: UUID) -> Response:
        """Ask somebody who has not judged the part for another look; the decision in force stays until the answer."""
        read = item_for(request, item_id)
        demand(may_reopen.covers(read.role), read.role)
        given = shapes.read(Reopening, request.data)
        asked = reopen_item(item=read.item, reason=given["reason"], by=read.person, now=timezone.now())
        return Response({"item": str(read.item.pk), "at": asked.created_at.isoformat()}, status=201)

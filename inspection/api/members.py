"""Who has which role in a job."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspection.acts.add_member import add_member
from inspection.api import paging, shapes
from inspection.api.access import Door, seat_in
from inspection.api.problems import FAILURES
from inspection.models import Membership
from inspection.permissions import may_administer, may_see_members
from inspection.vocabulary import MemberRole


class NewMember(serializers.Serializer):
    username = shapes.Text(max_length=150)
    role = serializers.ChoiceField(choices=MemberRole.choices)


class MemberShape(serializers.Serializer):
    username = serializers.CharField()
    role = serializers.ChoiceField(choices=MemberRole.choices)
    simulated = serializers.BooleanField()
    since = serializers.DateTimeField()


class MemberPage(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    results = MemberShape(many=True)


class Members(Door):
    @extend_schema(operation_id="list_members", parameters=paging.PARAMETERS, responses={200: MemberPage, **FAILURES})
    def get(self, request: Request, slug: str) -> Response:
        """The members of a job by name."""
        seat = seat_in(request, slug, may_see_members)
        paging.read_filter(paging.NoFilter, request)
        members = Membership.objects.filter(job=seat.job).select_related("person")
        page = paging.page(members, request, order=paging.BY_NAME)
        return Response(page.body(request, [_shape(member) for member in page.rows]))

    @extend_schema(operation_id="add_member", request=NewMember, responses={201: MemberShape, **FAILURES})
    def post(self, request: Request, slug: str) -> Response:
        """Give a person a role in a job, or change it."""
        seat = seat_in(request, slug, may_administer)
        given = shapes.read(NewMember, request.data)
        member = add_member(job=seat.job, username=given["username"], role=MemberRole(given["role"]))
        return Response(_shape(member), status=201)


def _shape(member: Membership) -> dict[str, Any]:
    person = member.person
    return {
        "username": person.username,
        "role": member.role,
        "simulated": person.simulated,
        "since": member.since.isoformat(),
    }

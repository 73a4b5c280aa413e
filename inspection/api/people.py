"""New people."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspection.acts.create_person import create_person
from inspection.api import shapes
from inspection.api.access import Door, demand, who
from inspection.api.problems import FAILURES
from inspection.permissions import may_create_people


class NewPerson(serializers.Serializer):
    username = shapes.Text(max_length=150)
    password = shapes.Text(max_length=1000)


class PersonShape(serializers.Serializer):
    username = serializers.CharField()


class People(Door):
    @extend_schema(operation_id="create_person", request=NewPerson, responses={201: PersonShape, **FAILURES})
    def post(self, request: Request) -> Response:
        """Create somebody, or some machine, that can log in. A person sees nothing before being made a member."""
        demand(may_create_people(who(request)))
        given = shapes.read(NewPerson, request.data)
        person = create_person(username=given["username"], password=given["password"])
        return Response({"username": person.username}, status=201)

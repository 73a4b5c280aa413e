"""Log-in for programs: a name and a password for a token."""

from __future__ import annotations

from django.contrib.auth import authenticate
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import TokenAuthentication
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from inspection.api import shapes
from inspection.api.access import Door
from inspection.api.problems import FAILURES
from inspection.api.tries import Tries


class Credentials(serializers.Serializer):
    username = shapes.Text(max_length=150)
    password = shapes.Text(max_length=1000)


class TokenShape(serializers.Serializer):
    token = serializers.CharField()


class Paused(Throttled):
    default_detail = "Too many wrong passwords for this name."
    default_code = "too_many_tries"


class Tokens(Door):
    # Without authentication there is no session here and therefore no CSRF token to ask for; and a false token in
    # the header must not keep anybody from getting a good one.
    authentication_classes = []
    permission_classes = [AllowAny]

    def get_authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - the same for everybody
        return TokenAuthentication.keyword

    @extend_schema(operation_id="log_in", request=Credentials, responses={200: TokenShape, **FAILURES}, auth=[])
    def post(self, request: Request) -> Response:
        """Get the token of a person."""
        given = shapes.read(Credentials, request.data)
        tries = Tries.of(request._request, given["username"])
        if wait := tries.pause():
            raise Paused(wait)
        # A wrong name, a wrong password and a person who has left get one answer, after the same hashing.
        person = authenticate(request._request, username=given["username"], password=given["password"])
        if person is None:
            tries.failed()
            raise AuthenticationFailed("The name or the password is wrong.")
        tries.succeeded()
        token, _ = Token.objects.get_or_create(user=person)
        return Response({"token": token.key})

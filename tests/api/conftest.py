from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.authtoken.models import Token

from inspection.models import Person
from tests import factories
from tests.stage import cast

__all__ = ["cast"]

V1 = "/api/v1"


class Caller:
    """A program with a token (or none), as it talks to the API."""

    def __init__(self, person: Person | None) -> None:
        key = Token.objects.get_or_create(user=person)[0].key if person else ""
        headers = {"Authorization": f"Token {key}"} if key else {}
        self.client = Client(headers=headers, raise_request_exception=False)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(V1 + path, query)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.client.post(V1 + path, json.dumps({} if body is None else body), "application/json", **more)

    def patch(self, path: str, body: Any) -> Any:
        return self.client.patch(V1 + path, json.dumps(body), "application/json")

    def form(self, path: str, fields: dict[str, Any], **more: Any) -> Any:
        return self.client.post(V1 + path, fields, **more)

    def send(self, slug: str, data: bytes, *, name: str = "part.png", query: str = "", **fields: Any) -> Any:
        """Post one picture with what is said about it."""
        more = {"headers": fields.pop("headers")} if "headers" in fields else {}
        return self.form(f"/jobs/{slug}/items/{query}", {"picture": SimpleUploadedFile(name, data), **fields}, **more)


class Callers:
    """One caller for each of the cast, made when first asked for."""

    def __init__(self, cast: factories.Cast) -> None:
        self._cast = cast

    def __getattr__(self, name: str) -> Caller:
        return Caller(None if name == "anonymous" else getattr(self._cast, name))


@pytest.fixture
def call(cast: factories.Cast) -> Callers:
    return Callers(cast)


@pytest.fixture(autouse=True)
def nobody_has_tried() -> None:
    cache.clear()


def code(response: Any) -> tuple[int, str]:
    """Status and code of a problem, which says so in its content type."""
    assert response["Content-Type"] == "application/problem+json", response.content[:300]
    body = response.json()
    assert body["status"] == response.status_code
    assert body["title"]
    assert body["detail"]
    return response.status_code, body["code"]

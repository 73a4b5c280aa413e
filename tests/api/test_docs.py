"""The schema says what the addresses do, and its page opens under the content policy."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from inspection.api import docs
from inspection.api.urls import v1

METHODS = {"get", "post", "patch"}


def schema() -> dict[str, dict]:
    return SchemaGenerator().get_schema(request=None, public=True)


def test_the_schema_comes_out_without_a_warning() -> None:
    with GENERATOR_STATS.silence():
        GENERATOR_STATS.reset()
        schema()
        found = [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache]
    assert found == []


def test_every_address_says_what_it_takes_and_answers() -> None:
    operations = [
        (path, method, operation)
        for path, methods in schema()["paths"].items()
        for method, operation in methods.items()
        if path.startswith("/api/v1/")
    ]
    assert {path for path, _, _ in operations} == {
        "/api/v1/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(route.pattern)) for route in v1
    }
    for path, method, operation in operations:
        assert set(operation["responses"]) >= {"4XX"}, (path, method)
        assert any(code.startswith("2") for code in operation["responses"]), (path, method)
        assert operation["description"], (path, method)


@pytest.mark.django_db
def test_the_schema_is_there_for_everybody() -> None:
    response = Client().get("/api/schema/?format=json")
    assert response.status_code == 200
    assert "/api/v1/token/" in response.json()["paths"]


@pytest.mark.django_db
def test_the_page_holds_no_inline_script_and_only_the_style_that_is_let_in() -> None:
    page = Client().get("/api/docs/")
    text = page.content.decode()
    [style] = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" == docs.STYLE
    assert docs.STYLE in page["Content-Security-Policy"]
    assert re.findall(r"<script>", text) == []
    assert docs.STYLE not in Client().get("/log-in/")["Content-Security-Policy"]

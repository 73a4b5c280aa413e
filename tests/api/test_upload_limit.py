"""What announces too much is refused before a byte of it is read."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from inspection.models import Refusal
from inspection.web.middleware import FORM, UploadLimitMiddleware
from tests import factories
from tests.api.conftest import Callers, code

pytestmark = pytest.mark.django_db

FORM_TYPE = "multipart/form-data; boundary=x"


class Unread(BytesIO):
    """A body that nobody may touch."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("the body was read")


def announce(client: Client, path: str, size: int, content_type: str = FORM_TYPE) -> Any:
    environ: dict[str, Any] = {"CONTENT_LENGTH": str(size), "wsgi.input": Unread()}
    return client.post(path, b"", content_type=content_type, **environ)


@pytest.fixture(autouse=True)
def job(cast: factories.Cast) -> Any:
    return factories.job(cast)


def test_200_megabytes_are_refused_unread_and_recorded(call: Callers) -> None:
    refused = announce(call.service.client, "/api/v1/jobs/covers/items/", 200_000_000)
    assert code(refused) == (413, "too_large")
    kept = Refusal.objects.get()
    assert (kept.code, kept.source, str(kept.by)) == ("too_large", "api", "service")
    assert "200000000" in kept.name


def test_a_stranger_is_refused_alike_and_fills_no_table(call: Callers) -> None:
    for client in (call.anonymous.client, call.outsider.client, call.inspector.client):
        assert code(announce(client, "/api/v1/jobs/covers/items/", 200_000_000)) == (413, "too_large")
    false = Client(headers={"Authorization": "Token nonsense"})
    assert code(announce(false, "/api/v1/jobs/covers/items/", 200_000_000)) == (413, "too_large")
    assert not Refusal.objects.exists()


def test_a_browser_gets_a_page_and_the_refusal_its_name(cast: factories.Cast) -> None:
    client = Client()
    client.force_login(cast.manager)
    refused = announce(client, "/jobs/covers/pictures/", 200_000_000)
    assert (refused.status_code, refused["Content-Type"]) == (413, "text/html; charset=utf-8")
    assert [(kept.source, kept.by) for kept in Refusal.objects.all()] == [("browser", cast.manager)]


def test_json_has_a_limit_of_its_own(call: Callers) -> None:
    refused = announce(call.anonymous.client, "/api/v1/token/", FORM + 1, "application/json")
    assert code(refused) == (413, "too_large")


@pytest.mark.parametrize(
    ("path", "content_type", "limit"),
    [
        ("/api/v1/jobs/covers/items/", FORM_TYPE, 41_000_000),
        ("/jobs/covers/pictures/", FORM_TYPE, 41_000_000),
        ("/api/v1/jobs/covers/items/bulk/", FORM_TYPE, 512 * 1024 * 1024 + FORM),
        ("/api/v1/jobs/covers/models/", FORM_TYPE, 512 * 1024 * 1024 + FORM),
        ("/api/v1/jobs/covers/models/", "application/json", FORM),
        ("/api/v1/jobs/", "", FORM),
    ],
)
def test_each_address_takes_so_much_and_no_byte_more(
    rf: RequestFactory, path: str, content_type: str, limit: int
) -> None:
    def status(size: int) -> int:
        request = rf.generic("POST", path, b"x", content_type=content_type, CONTENT_LENGTH=str(size))
        return UploadLimitMiddleware(fine)(request).status_code

    fine: Callable[[HttpRequest], HttpResponse] = lambda _: HttpResponse(status=200)  # noqa: E731
    assert (status(limit), status(limit + 1)) == (200, 413)


def test_a_body_that_does_not_say_its_length_is_refused_as_such(call: Callers) -> None:
    path = "/api/v1/jobs/covers/items/"
    refused = call.service.client.post(path, b"", content_type=FORM_TYPE, headers={"Transfer-Encoding": "chunked"})
    assert code(refused) == (411, "length_required")

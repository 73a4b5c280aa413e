"""Every refusal below /api/v1/ is problem+json with a code."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import factories
from tests.api.conftest import Callers, code

pytestmark = pytest.mark.django_db


def test_a_problem_has_all_its_members(call: Callers) -> None:
    assert call.admin.get("/jobs/nowhere/").json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "code": "not_found",
        "detail": "There is nothing here for you.",
    }


@pytest.mark.parametrize("path", ["/", "/nowhere/", "/jobs", "/items/not-a-uuid/", "/jobs/a/b/c/", "/a%0Ab/", "/%00"])
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_an_unknown_address_is_a_problem(call: Callers, path: str, method: str) -> None:
    assert code(getattr(call.anonymous.client, method)("/api/v1" + path)) == (404, "not_found")


def test_a_wrong_method_says_which_ones_there_are(call: Callers) -> None:
    response = call.admin.client.delete("/api/v1/jobs/")
    assert code(response) == (405, "method_not_allowed")
    assert response["Allow"] == "GET, POST, HEAD, OPTIONS"


def test_a_form_where_json_is_taken_is_unsupported(call: Callers) -> None:
    assert code(call.anonymous.form("/token/", {"username": "a", "password": "b"})) == (415, "unsupported_media_type")


def test_json_where_a_form_is_taken_is_unsupported(call: Callers, cast: factories.Cast) -> None:
    factories.job(cast)
    assert code(call.manager.post("/jobs/covers/items/", {"serial": "A"})) == (415, "unsupported_media_type")


def test_who_accepts_only_xml_gets_none(call: Callers) -> None:
    assert code(call.admin.client.get("/api/v1/jobs/", headers={"Accept": "text/xml"})) == (406, "not_acceptable")


@pytest.mark.parametrize("body", ["{", "\xff", "NaN", "[" * 100_000])
def test_what_is_no_json_is_a_parse_error(call: Callers, body: str) -> None:
    response = call.anonymous.client.post("/api/v1/token/", body.encode("latin-1"), "application/json")
    assert code(response) == (400, "parse_error")


@pytest.mark.parametrize("body", ["[]", "5", '"text"', "null"])
def test_a_body_that_is_no_object_is_invalid(call: Callers, body: str) -> None:
    assert code(call.anonymous.client.post("/api/v1/token/", body, "application/json")) == (422, "invalid")


def test_a_form_with_a_thousand_files_is_a_problem(call: Callers, cast: factories.Cast) -> None:
    factories.job(cast)
    part = '--x\r\nContent-Disposition: form-data; name="picture"; filename="a"\r\n\r\nA\r\n'
    body = (part * 600 + "--x--\r\n").encode()
    response = call.manager.client.post(
        "/api/v1/jobs/covers/items/", body, content_type="multipart/form-data; boundary=x"
    )
    assert code(response) == (400, "parse_error")


def test_nobody_is_told_how_to_say_who_one_is(call: Callers) -> None:
    response = call.anonymous.get("/jobs/")
    assert code(response) == (401, "not_authenticated")
    assert response["WWW-Authenticate"] == "Token"


def test_a_false_token_is_told_the_same_way(call: Callers) -> None:
    response = call.anonymous.client.get("/api/v1/jobs/", headers={"Authorization": "Token nonsense"})
    assert code(response) == (401, "bad_credentials")
    assert response["WWW-Authenticate"] == "Token"


def test_a_session_works_too_but_not_without_a_csrf_token(cast: factories.Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.admin)
    assert client.get("/api/v1/jobs/").json() == {"next": None, "results": []}
    assert code(client.post("/api/v1/jobs/", "{}", "application/json")) == (403, "not_allowed")


def test_a_false_host_name_is_a_problem_too(call: Callers) -> None:
    response = call.admin.client.get("/api/v1/jobs/", headers={"Host": "a b"})
    assert code(response) == (400, "parse_error")


def test_a_page_answers_a_false_host_name_as_a_page() -> None:
    response = Client(raise_request_exception=False).get("/log-in/", headers={"Host": "a b"})
    assert (response.status_code, response["Content-Type"]) == (400, "text/html; charset=utf-8")

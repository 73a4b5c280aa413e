from __future__ import annotations

from typing import Any

import pytest

from inspection.models import Person
from tests import factories
from tests.api.conftest import Callers, code

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def job(cast: factories.Cast) -> Any:
    return factories.job(cast)


def test_somebody_new_can_log_in_and_sees_nothing(call: Callers) -> None:
    new = {"username": "grace", "password": factories.PASSWORD}
    made = call.admin.post("/people/", new)
    assert (made.status_code, made.json()) == (201, {"username": "grace"})
    token = call.anonymous.post("/token/", new).json()["token"]
    listed = call.anonymous.client.get("/api/v1/jobs/", headers={"Authorization": f"Token {token}"})
    assert listed.json()["results"] == []


def test_whoever_administers_no_job_creates_nobody(call: Callers) -> None:
    refused = call.manager.post("/people/", {"username": "grace", "password": factories.PASSWORD})
    assert code(refused) == (403, "not_allowed")
    assert not Person.objects.filter(username="grace").exists()


def test_a_name_is_taken_once(call: Callers) -> None:
    refused = call.admin.post("/people/", {"username": "manager", "password": factories.PASSWORD})
    assert code(refused) == (409, "username_taken")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"username": "grace", "password": "12345"}, "bad_password"),
        ({"username": "gr ace", "password": factories.PASSWORD}, "bad_username"),
        ({"username": "g" * 151, "password": factories.PASSWORD}, "invalid"),
        ({"username": "grace"}, "invalid"),
        ({"username": "grace", "password": factories.PASSWORD, "is_staff": True}, "unknown_field"),
    ],
)
def test_what_is_wrong_with_a_person_is_said(call: Callers, body: dict[str, Any], expected: str) -> None:
    assert code(call.admin.post("/people/", body)) == (422, expected)

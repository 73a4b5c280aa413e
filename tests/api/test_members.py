from __future__ import annotations

from typing import Any

import pytest

from inspection.models import Membership
from tests import factories
from tests.api.conftest import Callers, code

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def job(cast: factories.Cast) -> Any:
    return factories.job(cast)


def test_the_members_come_by_name(call: Callers) -> None:
    listed = call.manager.get("/jobs/covers/members/").json()
    assert [(one["username"], one["role"]) for one in listed["results"]] == [
        ("admin", "admin"),
        ("inspector", "inspector"),
        ("inspector2", "inspector"),
        ("manager", "manager"),
        ("service", "service"),
    ]
    assert listed["next"] is None


def test_a_page_of_members_leads_to_the_next(call: Callers) -> None:
    caller = call.manager
    names, path = [], "/api/v1/jobs/covers/members/?limit=2"
    while path:
        body = caller.client.get(path).json()
        names.append([one["username"] for one in body["results"]])
        path = body["next"]
    assert names == [["admin", "inspector"], ["inspector2", "manager"], ["service"]]


def test_an_admin_gives_somebody_a_role(call: Callers) -> None:
    made = call.admin.post("/jobs/covers/members/", {"username": "outsider", "role": "manager"})
    assert made.status_code == 201
    assert {name: made.json()[name] for name in ("username", "role", "simulated")} == {
        "username": "outsider",
        "role": "manager",
        "simulated": False,
    }
    assert call.outsider.get("/jobs/covers/").json()["role"] == "manager"


def test_the_only_admin_stays_admin(call: Callers) -> None:
    refused = call.admin.post("/jobs/covers/members/", {"username": "admin", "role": "inspector"})
    assert code(refused) == (409, "last_admin")
    assert Membership.objects.get(person__username="admin").role == "admin"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"username": "nobody", "role": "manager"}, "unknown_person"),
        ({"username": "outsider", "role": "king"}, "invalid"),
        ({"username": "outsider"}, "invalid"),
        ({"username": "outsider", "role": "manager", "job": "x"}, "unknown_field"),
    ],
)
def test_what_is_wrong_with_a_member_is_said(call: Callers, body: dict[str, Any], expected: str) -> None:
    assert code(call.admin.post("/jobs/covers/members/", body)) == (422, expected)

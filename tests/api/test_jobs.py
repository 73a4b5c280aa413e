from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from inspection.models import Job, ThresholdSet
from tests import factories
from tests.api.conftest import Callers, code

pytestmark = pytest.mark.django_db

NEW = {
    "slug": "plates",
    "name": "Plates",
    "labels": [{"code": "dent", "name": "Dent", "severity": "critical", "critical": True}],
}


def test_whoever_creates_a_job_sees_it_as_its_admin(call: Callers, cast: factories.Cast) -> None:
    factories.job(cast)
    made = call.admin.post("/jobs/", {**NEW, "level": "shadow", "policy": {"blind_share": 0.2, "accept_at": 0.1}})
    assert made.status_code == 201
    body = made.json()
    assert body.pop("created_at").endswith("+00:00")
    assert body == {
        "slug": "plates",
        "name": "Plates",
        "level": "shadow",
        "gate": "enforced",
        "labels": [{"code": "dent", "name": "Dent", "severity": "critical", "critical": True}],
        "policy": {
            "blind_share": 0.2,
            "audit_share": 0.05,
            "double_share": 0.02,
            "recheck_share": 0.1,
            "seed_share": 0.01,
            "hint_mode": "commit_first",
            "lease_seconds": 300,
            "patience_seconds": 30,
            "hold": 3,
            "accept_at": 0.1,
            "reject_at": None,
        },
        "animations": False,
        "presets": [],
        "demonstration": False,
        "role": "admin",
    }
    assert {**call.admin.get("/jobs/plates/").json(), "created_at": ""} == {**body, "created_at": ""}


def test_a_job_may_begin_without_labels(call: Callers, cast: factories.Cast) -> None:
    factories.job(cast)
    assert call.admin.post("/jobs/", {**NEW, "labels": []}).json()["labels"] == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"level": "assistance"}, "level_needs_proof"),
        ({"level": "best"}, "invalid"),
        ({"slug": "no blanks"}, "bad_slug"),
        ({"slug": "a" * 65}, "invalid"),
        ({"name": " "}, "bad_name"),
        ({"name": 5}, "invalid"),
        ({"labels": [{"code": "a", "name": "A"}, {"code": "a", "name": "B"}]}, "bad_label"),
        ({"labels": [{"code": "a", "name": "A", "critical": "yes"}]}, "invalid"),
        ({"labels": [{"code": "a", "name": "A", "colour": "red"}]}, "unknown_field"),
        ({"labels": {}}, "invalid"),
        ({"policy": {"blind_share": 2}}, "bad_blind_share"),
        ({"policy": {"blind_share": 0}}, "bad_blind_share"),
        ({"policy": {"audit_share": 0.00001}}, "bad_audit_share"),
        ({"policy": {"blind_share": "0.1"}}, "invalid"),
        ({"policy": {"blind_share": None}}, "invalid"),
        ({"policy": {"lease_seconds": True}}, "invalid"),
        ({"policy": {"lease_seconds": 10**40}}, "bad_lease_seconds"),
        ({"policy": {"hint_mode": "none"}}, "invalid"),
        ({"policy": {"accept_at": 0.9, "reject_at": 0.1}}, "bad_thresholds"),
        ({"policy": {"salts": {}}}, "unknown_field"),
        ({"salts": {}}, "unknown_field"),
    ],
)
def test_what_is_wrong_with_a_new_job_is_said(
    call: Callers, cast: factories.Cast, change: dict[str, Any], expected: str
) -> None:
    factories.job(cast)
    assert code(call.admin.post("/jobs/", {**NEW, **change})) == (422, expected)
    assert not Job.objects.filter(slug="plates").exists()


def test_an_infinite_number_is_none(call: Callers, cast: factories.Cast) -> None:
    factories.job(cast)
    body = '{"policy": {"accept_at": 1e999}}'
    assert code(call.admin.client.patch("/api/v1/jobs/covers/", body, "application/json")) == (422, "invalid")


def test_an_unknown_field_is_named_with_its_place(call: Callers, cast: factories.Cast) -> None:
    factories.job(cast)
    label = {"code": "a", "name": "A"}
    body = {**NEW, "labels": [label, {**label, "code": "b", "hue": 1}], "policy": {"pace": 1}}
    assert call.admin.post("/jobs/", body).json()["errors"] == {"labels.1.hue": ["unknown"], "policy.pace": ["unknown"]}


def test_a_slug_is_taken_once(call: Callers, cast: factories.Cast) -> None:
    factories.job(cast)
    assert code(call.admin.post("/jobs/", {**NEW, "slug": "covers"})) == (409, "slug_taken")


def test_only_what_is_named_is_changed(call: Callers, cast: factories.Cast) -> None:
    factories.job(cast)
    before = call.admin.get("/jobs/covers/").json()
    after = call.admin.patch("/jobs/covers/", {"name": "Lids", "policy": {"audit_share": 0.5}}).json()
    assert after == {**before, "name": "Lids", "policy": {**before["policy"], "audit_share": 0.5}}


def test_thresholds_are_followed_not_changed(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast)
    assert call.admin.patch("/jobs/covers/", {"policy": {"accept_at": None}}).json()["policy"]["accept_at"] is None
    versions = ThresholdSet.objects.filter(job=job).order_by("version").values_list("accept_at", flat=True)
    assert list(versions) == [0.2, None]


@pytest.mark.parametrize("field", ["level", "gate", "slug", "labels", "salts"])
def test_what_has_its_own_way_is_not_patched(call: Callers, cast: factories.Cast, field: str) -> None:
    factories.job(cast)
    assert code(call.admin.patch("/jobs/covers/", {field: "full"})) == (422, "unknown_field")


def test_one_sees_the_jobs_one_is_a_member_of(call: Callers, cast: factories.Cast) -> None:
    factories.job(cast)
    factories.job(cast, slug="plates")
    listed = call.inspector.get("/jobs/").json()["results"]
    assert [(job["slug"], job["role"]) for job in listed] == [
        ("covers", "inspector"),
        ("plates", "inspector"),
    ]
    assert call.outsider.get("/jobs/").json() == {"next": None, "results": []}


def test_a_long_list_of_jobs_takes_no_more_queries(
    call: Callers, cast: factories.Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        factories.job(cast, slug=f"job-{number}")
    caller = call.inspector
    with django_assert_num_queries(4):
        first = caller.get("/jobs/", limit=2).json()
    assert [job["slug"] for job in first["results"]] == ["job-0", "job-1"]
    rest = caller.client.get(first["next"]).json()
    assert [job["slug"] for job in rest["results"]] == ["job-2"]
    assert rest["next"] is None

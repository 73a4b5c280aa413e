from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from inspection.acts.switch_level import step_down
from inspection.models import Job, Person
from inspection.policy.ladder import CRITERIA
from inspection.sentences import Percent, Sentence
from inspection.vocabulary import Cause, Gate, Level
from tests import factories
from tests.api.conftest import Caller, Callers, code

pytestmark = pytest.mark.django_db


def switch(caller: Caller, level: str, reason: str = "trial") -> Any:
    return caller.post("/jobs/covers/level/", {"level": level, "reason": reason})


def test_a_switch_is_kept_with_its_reason(call: Callers, cast: factories.Cast) -> None:
    factories.job(cast)
    switched = switch(call.admin, "shadow", "the model is trained")
    assert switched.status_code == 200
    change = {"old": "human_only", "new": "shadow", "reason": "the model is trained", "by": "admin"}
    assert {name: switched.json()[name] for name in change} == change
    assert Job.objects.get().level == Level.SHADOW
    rows = call.manager.get("/jobs/covers/level/history/").json()["results"]
    assert rows[0] == switched.json()
    assert [(row["old"], row["new"], row["by"]) for row in rows] == [
        ("human_only", "shadow", "admin"),
        (None, "human_only", "admin"),
    ]


def test_where_one_stands_depends_on_who_asks(call: Callers, cast: factories.Cast) -> None:
    factories.job(cast, level=Level.SHADOW)
    stands = {"level": "shadow", "gate": "advisory", "next": "assistance", "criteria": []}
    assert call.admin.get("/jobs/covers/level/").json() == {**stands, "may_switch_to": ["human_only", "assistance"]}
    assert call.manager.get("/jobs/covers/level/").json() == {**stands, "may_switch_to": ["human_only"]}
    assert call.inspector.get("/jobs/covers/level/").json() == {**stands, "may_switch_to": []}


def test_an_enforced_job_climbs_only_with_proof(call: Callers, cast: factories.Cast) -> None:
    factories.job(cast, level=Level.SHADOW, gate=Gate.ENFORCED)
    refused = switch(call.admin, "assistance")
    assert code(refused) == (409, "not_proven")
    assert refused.json()["criteria"] == list(CRITERIA[Level.ASSISTANCE])
    assert call.admin.get("/jobs/covers/level/").json()["criteria"] == list(CRITERIA[Level.ASSISTANCE])


@pytest.mark.parametrize(
    ("who", "body", "expected"),
    [
        ("admin", {"level": "shadow", "reason": "x"}, (409, "same_level")),
        ("admin", {"level": "partial", "reason": "x"}, (409, "one_step_at_a_time")),
        ("manager", {"level": "assistance", "reason": "x"}, (403, "not_allowed")),
        ("admin", {"level": "assistance", "reason": "  "}, (422, "reason_missing")),
        ("admin", {"level": "assistance"}, (422, "invalid")),
        ("admin", {"level": "best", "reason": "x"}, (422, "invalid")),
        ("admin", {"level": "assistance", "reason": "x", "force": True}, (422, "unknown_field")),
    ],
)
def test_what_stands_against_a_switch_is_said(
    call: Callers, cast: factories.Cast, who: str, body: dict[str, Any], expected: tuple[int, str]
) -> None:
    factories.job(cast, level=Level.SHADOW)
    assert code(getattr(call, who).post("/jobs/covers/level/", body)) == expected
    assert Job.objects.get().level == Level.SHADOW


def test_a_manager_lowers_by_any_number_of_steps(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.FULL)
    factories.item(job, score=0.5)
    switched = switch(call.manager, "human_only", "too many misses").json()
    assert (switched["old"], switched["new"], switched["rerouted"]) == ("full", "human_only", 1)


def test_a_rule_s_reason_is_told_in_the_language_of_whoever_asks(call: Callers, cast: factories.Cast) -> None:
    made = factories.job(cast, level=Level.PARTIAL)
    reason = Sentence("against the bar of {rate}", rate=Percent(0.0071))
    now = timezone.now()
    step_down(job=made, to=Level.SHADOW, cause=Cause.BAR, reason=reason, by=None, epoch=None, counted=now, now=now)
    Person.objects.filter(pk=cast.manager.pk).update(language="vi")
    newest = call.manager.get("/jobs/covers/level/history/").json()["results"][0]
    assert (newest["reason"], newest["says"]) == ("against the bar of 0.71\u00a0%", "so với giới hạn 0,71\u00a0%")
    assert call.admin.get("/jobs/covers/level/history/").json()["results"][0]["says"] == newest["reason"]

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from inspection.models import Item, Job, Review, VerdictGiven
from inspection.vocabulary import Level, State
from tests import factories
from tests.api.conftest import Caller, Callers, code
from tests.api.test_reviews import KEYS, take, verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    return factories.job(cast)


def undo(caller: Caller, held: dict[str, Any], **more: Any) -> Any:
    body = {"lease": held["lease"], "new_lease": str(uuid.uuid4()), **more}
    return caller.post(f"/reviews/{held['id']}/undo/", body)


def test_what_was_taken_back_is_in_ones_hands_as_when_it_was_handed_out(call: Callers, job: Job) -> None:
    factories.item(job, lot="L")
    [held] = take(call.inspector)
    verdict(call.inspector, held, "NG")
    new = str(uuid.uuid4())
    response = undo(call.inspector, held, new_lease=new)
    assert response.status_code == 200
    again = response.json()
    assert (list(again), again["lease"]) == (KEYS, new)
    assert {**again, "lease": 0, "expires_at": 0} == {**held, "lease": 0, "expires_at": 0}
    assert Item.objects.get().state == State.IN_REVIEW


def test_the_same_call_twice_is_the_same_answer(call: Callers, job: Job) -> None:
    factories.item(job)
    [held] = take(call.inspector)
    verdict(call.inspector, held)
    new = str(uuid.uuid4())
    first, second = (undo(call.inspector, held, new_lease=new) for _ in range(2))
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert [held["lease"] for held in take(call.inspector)] == [new]


def test_under_the_new_lease_another_verdict_counts(call: Callers, job: Job) -> None:
    factories.item(job)
    [held] = take(call.inspector)
    verdict(call.inspector, held, "NG")
    again = undo(call.inspector, held).json()
    assert verdict(call.inspector, again, "OK").status_code == 201
    decision = Item.objects.get().decision
    assert decision is not None
    assert decision.verdict == "OK"


def test_where_a_hint_was_shown_the_first_answer_comes_back_with_it(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.PARTIAL)
    factories.item(job, score=0.5)
    [held] = take(call.inspector)
    hint = verdict(call.inspector, held, "NG", step="commit").json()["hint"]
    verdict(call.inspector, held, "OK")
    again = undo(call.inspector, held).json()
    assert again["hint"] == hint
    assert again["committed"] == {"verdict": "NG", "labels": [], "regions": []}


def test_what_somebody_has_built_on_is_not_taken_back(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.SHADOW)
    factories.item(job, score=0.02)
    [held] = take(call.inspector)
    verdict(call.inspector, held, "NG")
    take(call.inspector2)
    assert code(undo(call.inspector, held)) == (409, "built_upon")


def test_an_old_verdict_is_not_taken_back(call: Callers, job: Job) -> None:
    factories.item(job)
    [held] = take(call.inspector)
    verdict(call.inspector, held)
    VerdictGiven.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert code(undo(call.inspector, held)) == (409, "built_upon")


def test_what_was_never_answered_is_not_taken_back(call: Callers, job: Job) -> None:
    factories.item(job)
    [held] = take(call.inspector)
    assert code(undo(call.inspector, held)) == (409, "lease_lost")
    assert Review.objects.get().lease == uuid.UUID(held["lease"])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"new_lease": "mine"}, "invalid"),
        ({"new_lease": None}, "invalid"),
        ({"lease": "5"}, "invalid"),
        ({"verdict": "OK"}, "unknown_field"),
    ],
)
def test_what_is_wrong_with_a_call_is_said(call: Callers, job: Job, body: dict[str, Any], expected: str) -> None:
    factories.item(job)
    [held] = take(call.inspector)
    verdict(call.inspector, held)
    assert code(undo(call.inspector, held, **body)) == (422, expected)
    assert VerdictGiven.objects.get().undone_at is None


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("inspector2", (409, "lease_lost")),
        ("manager", (409, "lease_lost")),
        ("outsider", (404, "not_found")),
        ("service", (404, "not_found")),
        ("anonymous", (401, "not_authenticated")),
    ],
)
def test_nobody_else_takes_it_back(call: Callers, job: Job, who: str, expected: tuple[int, str]) -> None:
    factories.item(job)
    [held] = take(call.inspector)
    verdict(call.inspector, held)
    assert code(undo(getattr(call, who), held)) == expected
    assert VerdictGiven.objects.get().undone_at is None


# ---------------------------------------------------------------- for whom a request is meant


def test_what_a_browser_kept_for_one_person_is_not_recorded_for_another(
    call: Callers, job: Job, cast: factories.Cast
) -> None:
    factories.item(job)
    [held] = take(call.inspector2)
    body = {"lease": held["lease"], "client_key": "k", "verdict": "OK"}
    meant = {"headers": {"X-Sightline-Person": str(cast.inspector.pk)}}
    assert code(call.inspector2.post(f"/reviews/{held['id']}/verdict/", body, **meant)) == (409, "other_person")
    assert not VerdictGiven.objects.exists()
    mine = {"headers": {"X-Sightline-Person": str(cast.inspector2.pk)}}
    assert call.inspector2.post(f"/reviews/{held['id']}/verdict/", body, **mine).status_code == 201


@pytest.mark.parametrize("path", ["/jobs/covers/reviews/next/", "/reviews/heartbeat/", "/jobs/covers/incidents/"])
@pytest.mark.parametrize("meant", ["0", "", "inspector", "1.0"])
def test_every_door_looks_at_whom_a_request_is_meant_for(call: Callers, job: Job, path: str, meant: str) -> None:
    factories.item(job)
    assert code(call.inspector.post(path, {}, headers={"X-Sightline-Person": meant})) == (409, "other_person")
    assert Review.objects.get().holder is None

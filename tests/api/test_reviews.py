from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from inspection.models import Evidence, HandOut, Item, Job, Review, VerdictGiven
from inspection.policy.job_policy import JobPolicy
from inspection.vocabulary import HintMode, Level, State, Verdict
from tests import factories
from tests.api.conftest import Caller, Callers, code

pytestmark = pytest.mark.django_db

KEYS = "id lease expires_at picture serial lot station shift labels hint commit_first committed".split()


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    return factories.job(cast)


def take(caller: Caller, **body: Any) -> list[dict[str, Any]]:
    return caller.post("/jobs/covers/reviews/next/", body).json()["reviews"]


def verdict(caller: Caller, held: dict[str, Any], said: str = "OK", *, step: str = "verdict", **more: Any) -> Any:
    body = {"lease": held["lease"], "client_key": uuid.uuid4().hex, "verdict": said, **more}
    return caller.post(f"/reviews/{held['id']}/{step}/", body)


def test_what_one_holds_is_all_that_one_is_told(call: Callers, job: Job) -> None:
    item = factories.item(job, serial="A-1", lot="L", station="S", shift="late")
    [held] = take(call.inspector)
    review = Review.objects.get(item=item)
    assert list(held) == KEYS
    assert datetime.fromisoformat(held.pop("expires_at")) == review.lease_until
    assert held == {
        "id": str(review.pk),
        "lease": str(review.lease),
        "picture": f"/api/v1/reviews/{review.pk}/picture/",
        "serial": "A-1",
        "lot": "L",
        "station": "S",
        "shift": "late",
        "labels": [
            {"code": "scratch", "name": "Scratch", "severity": "minor", "critical": False},
            {"code": "dent", "name": "Dent", "severity": "critical", "critical": True},
        ],
        "hint": None,
        "commit_first": False,
        "committed": None,
    }


def test_the_same_person_gets_the_same_reviews_topped_up(call: Callers, job: Job) -> None:
    for _ in range(4):
        factories.item(job)
    one, three = take(call.inspector), take(call.inspector, hold=3)
    assert [held["id"] for held in three[:1]] == [held["id"] for held in one]
    assert len({held["id"] for held in three}) == 3
    others = take(call.inspector2, hold=9)
    assert {held["id"] for held in others}.isdisjoint(held["id"] for held in three)
    assert len(others) == 1


def test_an_empty_queue_is_an_empty_list(call: Callers, job: Job) -> None:
    assert call.inspector.post("/jobs/covers/reviews/next/").json() == {"reviews": []}


@pytest.mark.parametrize(
    ("body", "expected"),
    [({"hold": 0}, "invalid"), ({"hold": 37}, "invalid"), ({"hold": "3"}, "invalid"), ({"keep": 3}, "unknown_field")],
)
def test_what_is_wrong_with_asking_is_said(call: Callers, job: Job, body: dict[str, Any], expected: str) -> None:
    assert code(call.inspector.post("/jobs/covers/reviews/next/", body)) == (422, expected)


def test_a_verdict_is_recorded_once_however_often_it_comes(call: Callers, job: Job) -> None:
    item = factories.item(job)
    caller = call.inspector
    [held] = take(caller)
    region = {"label": "dent", "kind": "box", "points": [[0.1, 0.2], [0.3, 1]]}
    body: dict[str, Any] = {"labels": ["dent"], "regions": [region], "note": "deep", "seconds": 2.5, "client_key": "k"}
    first, second = (verdict(caller, held, "NG", **body) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    given = VerdictGiven.objects.get()
    assert (
        first.json()
        == second.json()
        == {
            "review": held["id"],
            "verdict": "NG",
            "labels": ["dent"],
            "at": given.at.isoformat(),
        }
    )
    assert (given.regions, given.note, given.seconds) == ([region], "deep", 2.5)
    item.refresh_from_db()
    assert (item.state, item.decision.verdict if item.decision else None) == (State.DECIDED, Verdict.NG)


def test_a_key_used_for_another_answer_is_refused(call: Callers, job: Job) -> None:
    factories.item(job)
    caller = call.inspector
    [held] = take(caller)
    verdict(caller, held, client_key="k")
    assert code(verdict(caller, held, "NG", client_key="k")) == (409, "client_key_reused")
    assert code(verdict(caller, held, "NG")) == (409, "already_answered")


def test_who_comes_too_late_is_told_and_kept(call: Callers, job: Job) -> None:
    factories.item(job)
    [held] = take(call.inspector)
    Review.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    [taken] = take(call.inspector2)
    assert taken["id"] == held["id"]
    assert code(verdict(call.inspector, held)) == (409, "lease_lost")
    assert VerdictGiven.objects.get().late
    assert verdict(call.inspector2, taken).status_code == 201


def test_an_expired_lease_that_nobody_took_still_counts(call: Callers, job: Job) -> None:
    factories.item(job)
    [held] = take(call.inspector)
    Review.objects.update(lease_until=timezone.now() - timedelta(hours=1))
    assert verdict(call.inspector, held).status_code == 201


POLYGON = {"label": "dent", "kind": "polygon", "points": [[0, 0], [1, 1], [0, 1]]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"verdict": "GOOD"}, "invalid"),
        ({"verdict": None}, "invalid"),
        ({"lease": "mine"}, "invalid"),
        ({"client_key": ""}, "invalid"),
        ({"client_key": "k" * 201}, "invalid"),
        ({"client_key": 5}, "invalid"),
        ({"labels": "dent"}, "invalid"),
        ({"labels": [5]}, "invalid"),
        ({"verdict": "NG", "labels": ["rust"]}, "unknown_label"),
        ({"labels": ["dent"]}, "labels_without_defect"),
        ({"regions": {}}, "invalid"),
        ({"verdict": "NG", "regions": [{**POLYGON, "kind": ["box"]}]}, "invalid"),
        ({"verdict": "NG", "regions": [{**POLYGON, "points": [[0, 2], [1, 1], [0, 1]]}]}, "bad_region"),
        ({"verdict": "NG", "regions": [{**POLYGON, "points": [[0, "0"]]}]}, "invalid"),
        ({"verdict": "NG", "regions": [{**POLYGON, "points": [[0, 0], [1, 1]]}]}, "bad_region"),
        ({"verdict": "NG", "regions": [{**POLYGON, "label": "rust"}]}, "unknown_label"),
        ({"verdict": "NG", "regions": [{**POLYGON, "hue": 1}]}, "unknown_field"),
        ({"note": "n" * 2001}, "note_too_long"),
        ({"note": "a\x00"}, "invalid"),
        ({"seconds": -1}, "invalid"),
        ({"seconds": "2"}, "invalid"),
        ({"seconds": True}, "invalid"),
        ({"level": "full"}, "unknown_field"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said_and_nothing_is_kept(
    call: Callers, job: Job, body: dict[str, Any], expected: str
) -> None:
    factories.item(job)
    caller = call.inspector
    [held] = take(caller)
    said = body.pop("verdict", "OK")
    assert code(verdict(caller, held, said, **body)) == (422, expected)
    assert not VerdictGiven.objects.exists()
    assert verdict(caller, held, "NG").status_code == 201


def test_the_own_answer_comes_before_the_hint(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.PARTIAL)
    factories.item(job, score=0.9, spot=(0, 0))
    caller = call.inspector
    [held] = take(caller)
    assert (held["hint"], held["commit_first"]) == (None, True)
    words = "The AI thinks this part is not good (90 % sure). It looked about the upper left."
    heatmap = [[1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], *[[0.0] * 7] * 6]
    hint = {
        "verdict": "NG",
        "score": 0.9,
        "words": words,
        "labels": [],
        "heatmap": heatmap,
        "place": "about the upper left",
        "nearest": [],
    }
    for _ in range(2):
        assert verdict(caller, held, step="commit", client_key="c").json() == {"hint": hint}
    assert code(verdict(caller, held, step="commit", client_key="d")) == (409, "already_committed")
    assert code(verdict(caller, held, "NG", step="commit", client_key="c")) == (409, "client_key_reused")
    assert take(caller)[0]["hint"] == hint
    assert verdict(caller, held, "NG").status_code == 201
    row = Evidence.objects.get()
    assert (row.verdict, row.final_verdict, row.hint_shown) == (Verdict.OK, Verdict.NG, False)


def test_only_a_commit_first_review_is_committed(call: Callers, job: Job) -> None:
    factories.item(job)
    caller = call.inspector
    [held] = take(caller)
    assert code(verdict(caller, held, step="commit")) == (409, "not_commit_first")


def test_a_concurrent_hint_lies_beside_the_picture(call: Callers, cast: factories.Cast) -> None:
    policy = JobPolicy(accept_at=0.2, reject_at=0.8, hint_mode=HintMode.CONCURRENT)
    job = factories.job(cast, level=Level.ASSISTANCE, policy=policy)
    factories.item(job, score=0.1)
    [held] = take(call.inspector)
    assert (held["hint"]["verdict"], held["commit_first"]) == ("OK", False)


def test_one_heartbeat_renews_all_that_one_holds(call: Callers, job: Job) -> None:
    for _ in range(2):
        factories.item(job)
    caller = call.inspector
    assert caller.post("/reviews/heartbeat/").json() == {"expires_at": None}
    take(caller, hold=2)
    Review.objects.update(lease_until=timezone.now() + timedelta(seconds=5))
    until = datetime.fromisoformat(caller.post("/reviews/heartbeat/").json()["expires_at"])
    assert until > timezone.now() + timedelta(seconds=290)
    assert set(Review.objects.values_list("lease_until", flat=True)) == {until}


def test_a_skipped_part_goes_to_somebody_else(call: Callers, job: Job) -> None:
    factories.item(job)
    caller = call.inspector
    [held] = take(caller)
    path = f"/reviews/{held['id']}/skip/"
    assert code(caller.post(path, {"lease": held["lease"], "reason": " "})) == (422, "reason_missing")
    assert caller.post(path, {"lease": held["lease"], "reason": "blurred"}).status_code == 204
    assert caller.post(path, {"lease": held["lease"], "reason": "blurred"}).status_code == 204
    assert take(caller) == []
    assert [one["id"] for one in take(call.inspector2)] == [held["id"]]
    assert HandOut.objects.get(person__username="inspector").reason == "blurred"


def test_a_part_that_is_given_back_may_come_again(call: Callers, job: Job) -> None:
    factories.item(job)
    caller = call.inspector
    [held] = take(caller)
    assert caller.post(f"/reviews/{held['id']}/give-back/", {"lease": held["lease"]}).status_code == 204
    assert Item.objects.get().state == State.WAITING
    assert [one["id"] for one in take(caller)] == [held["id"]]


def test_the_picture_of_a_review_is_for_whoever_holds_or_answered_it(call: Callers, job: Job) -> None:
    data = factories.picture(1)
    factories.item(job, data=data)
    caller = call.inspector
    [held] = take(caller)
    path = held["picture"].removeprefix("/api/v1")
    assert [caller.get(path).content, code(call.inspector2.get(path))] == [data, (404, "not_found")]
    assert code(call.manager.get(path)) == (404, "not_found")
    verdict(caller, held)
    assert caller.get(path).content == data


def test_a_picture_says_nothing_of_its_item(call: Callers, job: Job) -> None:
    item = factories.item(job, serial="SN-17")
    [held] = take(call.inspector)
    headers = dict(call.inspector.client.get(held["picture"]).items())
    assert not {"ETag", "Last-Modified", "Content-Disposition"} & set(headers)
    assert headers["Cache-Control"] == "private, max-age=300"
    told = " ".join(headers.values())
    assert not any(word in told for word in ("SN-17", str(item.pk), item.picture.digest, item.picture.name))


def test_a_machine_inspects_nothing(call: Callers, job: Job) -> None:
    factories.item(job)
    [held] = take(call.inspector)
    assert code(call.service.post("/jobs/covers/reviews/next/")) == (403, "not_allowed")
    assert code(verdict(call.service, held)) == (404, "not_found")

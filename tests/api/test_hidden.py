"""Hidden means hidden: whoever may still be asked learns nothing, with something there to learn."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspection.models import Evidence, Item, Job, Review
from inspection.policy.job_policy import JobPolicy
from inspection.vocabulary import HintMode, Level, Reason, Verdict
from tests import factories
from tests.api.conftest import Caller, Callers, code

pytestmark = pytest.mark.django_db

POLICY = JobPolicy(accept_at=0.2, reject_at=0.8, blind_share=0.5)


def queue(cast: factories.Cast) -> tuple[Job, dict[str, Item]]:
    """One part of each kind in one queue: handed over, blind, audited, unfit; the AI has spoken of all but the last."""
    job = factories.job(cast, level=Level.FULL, policy=POLICY)
    return job, {
        "handed over": factories.item(job, score=0.5),
        "blind": factories.item(job, score=0.1, blind=True),
        "audited": factories.item(job, score=0.1, audit=True),
        "unfit": factories.item(job, score=0.1, data=factories.dark_picture()),
    }


def headers_of(response: Any) -> dict[str, str]:
    return {name: value for name, value in response.items() if name != "Content-Length"}


def test_one_queue_holds_them_all_and_tells_none_apart(call: Callers, cast: factories.Cast) -> None:
    _job, items = queue(cast)
    reasons = [Review.objects.get(item=item).routing.reason for item in items.values()]
    assert reasons == [Reason.AI_UNSURE, Reason.BLIND, Reason.AI_SURE, Reason.UNFIT]
    held = call.inspector.post("/jobs/covers/reviews/next/", {"hold": 9}).json()["reviews"]
    assert [one["serial"] for one in held] == [item.serial for item in items.values()]
    own = {"id", "lease", "picture", "serial", "expires_at"}
    assert len({json.dumps({name: one[name] for name in one if name not in own}) for one in held}) == 1


def test_pictures_of_all_kinds_come_with_the_same_headers(call: Callers, cast: factories.Cast) -> None:
    queue(cast)
    caller = call.inspector
    held = caller.post("/jobs/covers/reviews/next/", {"hold": 9}).json()["reviews"]
    assert len({json.dumps(headers_of(caller.client.get(one["picture"]))) for one in held}) == 1


def test_answers_to_all_kinds_look_alike(call: Callers, cast: factories.Cast) -> None:
    queue(cast)
    caller = call.inspector
    held = caller.post("/jobs/covers/reviews/next/", {"hold": 9}).json()["reviews"]
    given = [
        caller.post(f"/reviews/{one['id']}/verdict/", {"lease": one["lease"], "client_key": one["id"], "verdict": "NG"})
        for one in held
    ]
    assert {response.status_code for response in given} == {201}
    assert len({json.dumps(headers_of(response)) for response in given}) == 1
    assert [sorted(response.json()) for response in given] == [["at", "labels", "review", "verdict"]] * 4
    assert Evidence.objects.count() == 3


def test_nothing_due_and_nothing_known_are_the_same_null(call: Callers, cast: factories.Cast) -> None:
    _job, items = queue(cast)
    caller = call.inspector
    held = caller.post("/jobs/covers/reviews/next/", {"hold": 9}).json()["reviews"]
    hints = {}
    for kind, one in zip(items, held, strict=True):
        body = {"lease": one["lease"], "client_key": one["id"], "verdict": "OK"}
        hints[kind] = caller.post(f"/reviews/{one['id']}/commit/", body).json()["hint"]
    assert hints.pop("handed over")["verdict"] == "UNSURE"
    assert hints == {"blind": None, "audited": None, "unfit": None}


def test_before_the_commit_the_hint_is_nowhere(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.PARTIAL)
    factories.item(job, score=0.87)
    caller = call.inspector
    asked = caller.post("/jobs/covers/reviews/next/")
    [held] = asked.json()["reviews"]
    seen = [asked, caller.post("/reviews/heartbeat/"), caller.client.get(held["picture"]), caller.get("/jobs/covers/")]
    assert not any(b"0.87" in response.content or b"87 %" in response.content for response in seen)


def test_a_blind_part_shows_no_hint_where_others_do(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.ASSISTANCE, policy=POLICY.changed({"hint_mode": HintMode.CONCURRENT}))
    factories.item(job, score=0.1, blind=True)
    factories.item(job, score=0.1)
    held = call.inspector.post("/jobs/covers/reviews/next/", {"hold": 2}).json()["reviews"]
    assert [one["hint"] is None for one in held] == [True, False]


def test_an_inspector_learns_nothing_of_parts_that_others_judged(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.SHADOW)
    item = factories.item(job, score=0.9)
    factories.answer(factories.claim_one(job, cast.inspector), Verdict.NG)
    caller: Caller = call.inspector2
    closed = [f"/items/{item.pk}/", f"/items/{item.pk}/history/", f"/items/{item.pk}/picture/", "/jobs/covers/items/"]
    closed += ["/jobs/covers/items/?verdict=NG", "/jobs/covers/agreement/", "/jobs/covers/level/history/"]
    assert {code(caller.get(path)) for path in closed} == {(403, "not_allowed")}


def test_a_refused_picture_tells_a_machine_no_opinion(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.SHADOW)
    factories.item(job, score=0.9, serial="A")
    refused = call.service.send("covers", factories.picture(5), serial="A")
    assert code(refused) == (409, "serial_known")
    assert "predictions" not in refused.json()["item"]
    told = call.manager.send("covers", factories.picture(5), serial="A").json()["item"]
    assert [one["opinion"] for one in told["predictions"]] == ["NG"]
    assert Item.objects.get().exposures.get().person == cast.manager

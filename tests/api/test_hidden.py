"""Hidden means hidden: whoever may still be asked learns nothing, with something there to learn."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest
from django.utils import timezone

from inspection import walk
from inspection.acts.add_known_part import add_known_part
from inspection.models import Evidence, Item, Job, Review
from inspection.policy.job_policy import JobPolicy
from inspection.vocabulary import HintMode, Level, Look, Reason, Verdict
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
    assert Evidence.objects.count() == 4


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


# ---------------------------------------------------------------- second looks


OWN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|P-[0-9a-f]{16}|\d{4}-\d\d-\d\dT[0-9:.]+\+00:00")
"""What is each part's own: keys, serial, times."""


def masked(response: Any) -> tuple[int, str, str]:
    return response.status_code, OWN.sub("*", json.dumps(headers_of(response))), OWN.sub("*", response.content.decode())


def looked_at(caller: Caller, verdict: str) -> list[Any]:
    """Everything that one part answers from hand-out over undo to the verdict."""
    asked = caller.post("/jobs/covers/reviews/next/")
    [held] = asked.json()["reviews"]
    answer = {"lease": held["lease"], "client_key": str(uuid.uuid4()), "verdict": verdict}
    path, told = f"/reviews/{held['id']}", [asked, caller.post("/reviews/heartbeat/")]
    if held["commit_first"]:
        told.append(caller.post(f"{path}/commit/", answer))
    told.append(caller.post(f"{path}/verdict/", {**answer, "client_key": str(uuid.uuid4())}))
    again = caller.post(f"{path}/undo/", {"lease": held["lease"], "new_lease": str(uuid.uuid4())})
    final = {**answer, "lease": again.json()["lease"], "client_key": str(uuid.uuid4())}
    told += [again, caller.post(f"{path}/verdict/", final), caller.post(f"{path}/verdict/", final)]
    picture = {name: value for name, value in caller.client.get(held["picture"]).items() if name != "Content-Length"}
    return [masked(one) for one in told] + [picture]


def looks_of_each_kind(job: Job, cast: factories.Cast) -> list[Look]:
    """A blind first look, an audit, and second looks at two parts on which the other inspector differed from the AI."""
    differed = [factories.item(job, score=0.1, blind=True), factories.item(job, score=0.1, audit=True)]
    for _ in differed:
        factories.answer(factories.claim_one(job, cast.inspector), Verdict.NG)
    factories.item(job, score=0.1, blind=True)
    factories.item(job, score=0.1, audit=True)
    return [
        Look(look) for look in Review.objects.filter(state="open").order_by("created_at").values_list("look", flat=True)
    ]


@pytest.mark.parametrize("verdict", ["OK", "NG", "UNSURE"])
def test_first_looks_second_looks_and_audits_answer_the_same_bytes(
    call: Callers, cast: factories.Cast, verdict: str
) -> None:
    job = factories.job(cast, level=Level.FULL, policy=POLICY)
    assert looks_of_each_kind(job, cast) == [Look.DISAGREED, Look.DISAGREED, Look.FIRST, Look.AUDIT]
    caller = call.inspector2
    first, *others = [looked_at(caller, verdict) for _ in range(4)]
    assert others == [first] * 3


@pytest.mark.parametrize("verdict", ["OK", "NG", "UNSURE"])
def test_a_known_part_answers_the_same_bytes_as_any_other(call: Callers, cast: factories.Cast, verdict: str) -> None:
    job = factories.job(cast, level=Level.FULL, policy=POLICY)
    bad = factories.item(job, score=0.9)
    factories.item(job, score=0.1)
    factories.let_stand()
    add_known_part(item=bad, by=cast.admin, vouched=True, now=timezone.now())
    factories.item(job, score=0.1, blind=True)
    Job.objects.update(seed_share=1.0)
    seeded, first = (looked_at(call.inspector, verdict) for _ in range(2))
    assert seeded == first
    asked = Review.objects.filter(hand_outs__person=cast.inspector).distinct().order_by("created_at")
    assert [review.look for review in asked] == [Look.SEEDED, Look.FIRST]


def test_after_a_step_down_second_looks_are_asked_for_as_new_parts_are(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.FULL, policy=POLICY)
    assert looks_of_each_kind(job, cast)[0] == Look.DISAGREED
    walk.switch_level(job=job, new=Level.SHADOW, reason="trial", by=cast.admin)
    factories.item(job, score=0.1)
    held = call.inspector2.post("/jobs/covers/reviews/next/", {"hold": 9}).json()["reviews"]
    assert len(held) == 5
    own = {"id", "lease", "picture", "serial", "expires_at"}
    assert len({json.dumps({name: one[name] for name in one if name not in own}) for one in held}) == 1
    assert held[0]["commit_first"] is False


def test_an_inspector_sees_nothing_of_a_disputed_part(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.SHADOW)
    factories.item(job, score=0.1)
    for somebody, verdict in ((cast.inspector, Verdict.NG), (cast.manager, Verdict.OK)):
        factories.answer(factories.claim_one(job, somebody), verdict)
    asked = Review.objects.get(look=Look.ADJUDICATION)
    caller = call.inspector2
    assert caller.post("/jobs/covers/reviews/next/", {"hold": 9}).json() == {"reviews": []}
    path = f"/reviews/{asked.pk}"
    body = {"lease": str(uuid.uuid4()), "client_key": "k", "verdict": "OK"}
    closed = [caller.get(f"{path}/picture/"), caller.get(f"{path}/outcome/"), caller.post(f"{path}/verdict/", body)]
    closed += [caller.post(f"{path}/escalate/", {"lease": body["lease"], "reason": "odd"})]
    closed += [call.inspector.get(f"{path}/outcome/")]
    assert {code(response) for response in closed} == {(404, "not_found")}
    assert code(caller.post("/jobs/covers/adjudications/next/")) == (403, "not_allowed")


@pytest.mark.parametrize("who", ["inspector", "inspector2"])
def test_nobody_below_learns_who_said_what_by_an_ordinary_review(call: Callers, cast: factories.Cast, who: str) -> None:
    job = factories.job(cast, level=Level.SHADOW)
    factories.item(job, score=0.1)
    first = factories.answer(factories.claim_one(job, cast.inspector), Verdict.NG).given.review
    second = factories.answer(factories.claim_one(job, cast.inspector2), Verdict.OK).given.review
    caller = getattr(call, who)
    assert {code(caller.get(f"/reviews/{asked.pk}/outcome/")) for asked in (first, second)} == {(404, "not_found")}

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from inspection.models import Exposure, Item, Job, Membership, Review
from inspection.vocabulary import Level, Look, Verdict
from tests import factories
from tests.api.conftest import Caller, Callers, code
from tests.api.test_reviews import KEYS, verdict

pytestmark = pytest.mark.django_db

OK, NG, UNSURE = Verdict
BOX = {"label": "dent", "kind": "box", "points": [[0.1, 0.2], [0.3, 0.4]]}


def disputed(cast: factories.Cast, *, notes: tuple[str, str] = ("", "")) -> tuple[Job, Item]:
    """A part of which the AI says OK, one inspector NG and the other OK."""
    job = factories.job(cast, level=Level.SHADOW)
    item = factories.item(job, score=0.0217, serial="A-1")
    first = factories.claim_one(job, cast.inspector)
    factories.answer(first, NG, labels=("dent",), regions=(BOX,), note=notes[0])
    factories.answer(factories.claim_one(job, cast.inspector2), OK, note=notes[1])
    return job, item


def take(caller: Caller) -> dict[str, Any]:
    return caller.post("/jobs/covers/adjudications/next/").json()


def nothing(**counts: int) -> dict[str, Any]:
    """The answer where there is nothing for whoever asks."""
    return {"waiting": 0, "left_alone": 0, "looks_left_alone": 0, "reviews": []} | counts


def test_the_adjudicator_gets_the_part_with_what_was_said_of_it(call: Callers, cast: factories.Cast) -> None:
    disputed(cast)
    body = take(call.manager)
    [held] = body["reviews"]
    assert body["waiting"] == 1
    assert list(held) == [*KEYS, "note", "answers"]
    assert sorted(held["answers"], key=lambda said: said["verdict"]) == [
        {"verdict": "NG", "labels": ["dent"], "regions": [BOX]},
        {"verdict": "OK", "labels": [], "regions": []},
    ]
    assert (held["serial"], held["hint"], held["note"]) == ("A-1", None, "")


def test_before_the_verdict_neither_names_nor_the_ai_are_told(call: Callers, cast: factories.Cast) -> None:
    _, item = disputed(cast, notes=("the AI says OK", "inspector2 was here"))
    response = call.manager.post("/jobs/covers/adjudications/next/")
    [held] = response.json()["reviews"]
    told = response.content + json.dumps(dict(response.items())).encode()
    picture = call.manager.client.get(held["picture"])
    told += json.dumps(dict(picture.items())).encode()
    for secret in (b"inspector", b"0.02", b"the AI", str(item.pk).encode(), b"disagreed", b"adjudication"):
        assert secret not in told
    assert code(call.manager.get(f"/reviews/{held['id']}/outcome/")) == (404, "not_found")
    assert not Exposure.objects.filter(person=cast.manager).exists()


def test_the_order_of_the_answers_does_not_tell_which_came_first(call: Callers, cast: factories.Cast) -> None:
    job, _ = disputed(cast)
    orders = set()
    for _ in range(40):
        orders.add(tuple(said["verdict"] for said in take(call.manager)["reviews"][0]["answers"]))
        old = Review.objects.get(look=Look.ADJUDICATION)
        old.delete()
        Review.objects.create(
            job=job, item=old.item, routing=old.routing, look=Look.ADJUDICATION, created_at=old.created_at
        )
    assert orders == {("NG", "OK"), ("OK", "NG")}


def test_the_same_review_shows_its_answers_in_the_same_order(call: Callers, cast: factories.Cast) -> None:
    disputed(cast)
    first, second = take(call.manager), take(call.manager)
    assert first["reviews"][0]["answers"] == second["reviews"][0]["answers"]
    assert first["reviews"][0]["lease"] == second["reviews"][0]["lease"]


def test_after_the_own_verdict_everything_is_told(call: Callers, cast: factories.Cast) -> None:
    _, item = disputed(cast)
    [held] = take(call.manager)["reviews"]
    assert verdict(call.manager, held, "NG", labels=["dent"]).status_code == 201
    outcome = call.manager.get(f"/reviews/{held['id']}/outcome/").json()
    assert outcome == {
        "item": str(item.pk),
        "said": [
            {"by": "inspector", "look": "first", "verdict": "NG", "labels": ["dent"]},
            {"by": "inspector2", "look": "disagreed", "verdict": "OK", "labels": []},
            {"by": "manager", "look": "adjudication", "verdict": "NG", "labels": ["dent"]},
        ],
        "opinion": "OK",
        "score": 0.0217,
    }
    assert Exposure.objects.filter(person=cast.manager, item=item).exists()
    assert take(call.manager) == nothing()


def test_who_took_the_verdict_back_is_told_nothing_more(call: Callers, cast: factories.Cast) -> None:
    disputed(cast)
    [held] = take(call.manager)["reviews"]
    verdict(call.manager, held, "NG")
    undone = {"lease": held["lease"], "new_lease": "6c1f0e0e-0000-4000-8000-000000000001"}
    assert call.manager.post(f"/reviews/{held['id']}/undo/", undone).status_code == 200
    assert code(call.manager.get(f"/reviews/{held['id']}/outcome/")) == (404, "not_found")


def test_who_has_seen_the_outcome_cannot_take_the_verdict_back(call: Callers, cast: factories.Cast) -> None:
    """Else the adjudicator looked up what the AI and the names were, and judged again."""
    disputed(cast)
    [held] = take(call.manager)["reviews"]
    verdict(call.manager, held, "NG")
    call.manager.get(f"/reviews/{held['id']}/outcome/")
    undone = {"lease": held["lease"], "new_lease": "6c1f0e0e-0000-4000-8000-000000000001"}
    assert code(call.manager.post(f"/reviews/{held['id']}/undo/", undone)) == (409, "built_upon")


def test_who_gave_one_of_the_answers_is_not_asked(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.SHADOW)
    factories.item(job, score=0.02)
    factories.answer(factories.claim_one(job, cast.inspector), NG)
    factories.answer(factories.claim_one(job, cast.manager), OK)
    assert take(call.manager) == nothing(waiting=1)
    assert len(take(call.admin)["reviews"]) == 1


def test_two_adjudicators_never_hold_one_part(call: Callers, cast: factories.Cast) -> None:
    disputed(cast)
    assert len(take(call.manager)["reviews"]) == 1
    assert take(call.admin) == nothing(waiting=1)


def test_a_part_that_was_passed_on_comes_with_its_reason(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast)
    factories.item(job)
    [held] = call.inspector.post("/jobs/covers/reviews/next/").json()["reviews"]
    path, body = f"/reviews/{held['id']}/escalate/", {"lease": held["lease"], "reason": "never seen such a mark"}
    assert [call.inspector.post(path, body).status_code for _ in range(2)] == [204, 204]
    [asked] = take(call.manager)["reviews"]
    assert (asked["note"], asked["answers"]) == ("never seen such a mark", [])
    assert code(call.manager.post(f"/reviews/{asked['id']}/escalate/", {**body, "lease": asked["lease"]})) == (
        409,
        "cannot_escalate",
    )


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("inspector", (403, "not_allowed")),
        ("service", (403, "not_allowed")),
        ("outsider", (404, "not_found")),
        ("anonymous", (401, "not_authenticated")),
    ],
)
def test_only_who_leads_a_job_adjudicates(
    call: Callers, cast: factories.Cast, who: str, expected: tuple[int, str]
) -> None:
    disputed(cast)
    assert code(getattr(call, who).post("/jobs/covers/adjudications/next/")) == expected
    assert Review.objects.get(look=Look.ADJUDICATION).holder is None


def test_asking_takes_no_words(call: Callers, cast: factories.Cast) -> None:
    disputed(cast)
    assert code(call.manager.post("/jobs/covers/adjudications/next/", {"hold": 2})) == (422, "unknown_field")


def test_what_nobody_is_left_to_settle_is_said(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.SHADOW)
    factories.item(job, score=0.02)
    for who, said in ((cast.manager, NG), (cast.admin, OK)):
        factories.answer(factories.claim_one(job, who), said)
    assert take(call.manager) == nothing(waiting=1, left_alone=1)


def test_second_looks_that_nobody_is_left_to_take_are_said(call: Callers, cast: factories.Cast) -> None:
    """But not while the answer before may be taken back: the number would tell where the AI had said something else."""
    job = factories.job(cast, level=Level.SHADOW)
    Membership.objects.filter(job=job).exclude(person=cast.manager).delete()
    factories.item(job, score=0.02)
    factories.answer(factories.claim_one(job, cast.manager), NG)
    assert take(call.manager) == nothing()
    Review.objects.update(created_at=F("created_at") - timedelta(minutes=16))
    assert take(call.manager) == nothing(looks_left_alone=1)

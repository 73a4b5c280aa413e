from __future__ import annotations

from typing import Any

import pytest

from inspection.models import Incident, Job
from inspection.vocabulary import Level, Verdict
from tests import factories
from tests.api.conftest import Callers, code
from tests.api.test_reviews import take, verdict
from tests.climbs import climbing_job, part

pytestmark = pytest.mark.django_db

REPORT = {"client_key": "k", "words": "the light flickers"}
PATH = "/jobs/covers/incidents/"


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    return factories.job(cast, level=Level.SHADOW)


def test_a_report_is_kept_once_however_often_it_comes(call: Callers, job: Job) -> None:
    first, second = (call.inspector.post(PATH, REPORT) for _ in range(2))
    row = Incident.objects.get()
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json() == {"id": row.pk, "at": row.at.isoformat()}
    assert (row.words, row.by.username, row.item) == ("the light flickers", "inspector", None)


def test_a_key_that_came_with_other_words_is_refused(call: Callers, job: Job) -> None:
    call.inspector.post(PATH, REPORT)
    assert code(call.inspector.post(PATH, {**REPORT, "words": "no"})) == (409, "client_key_reused")
    assert call.inspector2.post(PATH, {**REPORT, "words": "no"}).status_code == 201


def test_a_report_names_the_part_in_hand_and_tells_nothing_of_it(call: Callers, job: Job) -> None:
    item = factories.item(job, score=0.9)
    [held] = take(call.inspector)
    response = call.inspector.post(PATH, {**REPORT, "review": held["id"]})
    assert (response.status_code, list(response.json())) == (201, ["id", "at"])
    assert Incident.objects.get().item == item


def test_a_report_names_a_part_that_one_may_read(call: Callers, job: Job) -> None:
    item = factories.item(job, score=0.9)
    assert call.manager.post(PATH, {**REPORT, "item": str(item.pk)}).status_code == 201
    assert Incident.objects.get().item == item


def test_a_part_that_one_may_not_know_of_cannot_be_named(call: Callers, cast: factories.Cast, job: Job) -> None:
    item = factories.item(job, score=0.9)
    [held] = take(call.inspector)
    other = factories.item(factories.job(cast, slug="plates"))
    assert code(call.inspector2.post(PATH, {**REPORT, "review": held["id"]})) == (404, "not_found")
    assert code(call.inspector2.post(PATH, {**REPORT, "item": str(item.pk)})) == (403, "not_allowed")
    assert code(call.manager.post(PATH, {**REPORT, "item": str(other.pk)})) == (404, "not_found")
    assert not Incident.objects.exists()


def test_a_part_that_one_held_once_can_still_be_named(call: Callers, job: Job) -> None:
    factories.item(job, score=0.9)
    [held] = take(call.inspector)
    verdict(call.inspector, held)
    assert call.inspector.post(PATH, {**REPORT, "review": held["id"]}).status_code == 201


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"words": ""}, "invalid"),
        ({"words": "  "}, "words_missing"),
        ({"words": "x" * 2001}, "invalid"),
        ({"words": "a\x00b"}, "invalid"),
        ({"words": 5}, "invalid"),
        ({"words": None}, "invalid"),
        ({"client_key": ""}, "invalid"),
        ({"client_key": "k" * 201}, "invalid"),
        ({"review": "mine"}, "invalid"),
        ({"item": "7"}, "invalid"),
        ({"urgent": True}, "unknown_field"),
    ],
)
def test_what_is_wrong_with_a_report_is_said(call: Callers, job: Job, change: dict[str, Any], expected: str) -> None:
    assert code(call.inspector.post(PATH, {**REPORT, **change})) == (422, expected)
    assert not Incident.objects.exists()


def test_managers_read_all_reports_newest_first(call: Callers, job: Job) -> None:
    for words in ("one", "two"):
        call.inspector.post(PATH, {"client_key": words, "words": words})
    [two, one] = call.manager.get(PATH).json()["results"]
    assert (two["words"], one["words"]) == ("two", "one")
    row = Incident.objects.get(words="one")
    assert one == {
        "id": row.pk,
        "words": "one",
        "by": "inspector",
        "at": row.at.isoformat(),
        "item": None,
        "answer": "",
        "defects": [],
        "closed_by": None,
        "closed_at": None,
    }


@pytest.mark.parametrize(("who", "status"), [("inspector", 403), ("service", 403), ("outsider", 404)])
def test_others_read_and_answer_no_reports(call: Callers, job: Job, who: str, status: int) -> None:
    call.inspector.post(PATH, REPORT)
    row = Incident.objects.get()
    caller = getattr(call, who)
    assert code(caller.get(PATH))[0] == status
    assert code(caller.post(f"/incidents/{row.pk}/close/", {"answer": "seen"}))[0] == status
    row.refresh_from_db()
    assert row.closed_at is None


@pytest.mark.parametrize("who", ["outsider", "service"])
def test_machines_and_strangers_report_nothing(call: Callers, job: Job, who: str) -> None:
    assert code(getattr(call, who).post(PATH, REPORT))[0] in {403, 404}
    assert not Incident.objects.exists()


def test_a_report_is_closed_once_with_what_was_found(call: Callers, job: Job) -> None:
    call.inspector.post(PATH, REPORT)
    path = f"/incidents/{Incident.objects.get().pk}/close/"
    assert code(call.manager.post(path, {"answer": " "})) == (422, "words_missing")
    closed = call.manager.post(path, {"answer": "lamp changed"}).json()
    assert (closed["answer"], closed["closed_by"], closed["closed_at"] is None) == ("lamp changed", "manager", False)
    assert code(call.admin.post(path, {"answer": "again"})) == (409, "already_closed")
    assert Incident.objects.get().answer == "lamp changed"


def test_a_report_on_a_part_shows_managers_which(call: Callers, cast: factories.Cast, job: Job) -> None:
    item = factories.item(job, score=0.9)
    held = factories.claim_one(job, cast.inspector)
    factories.answer(held, Verdict.NG)
    call.inspector.post(PATH, {**REPORT, "review": str(held.review.pk)})
    assert call.manager.get(PATH).json()["results"][0]["item"] == str(item.pk)


def test_a_report_is_closed_with_the_defects_that_were_confirmed(call: Callers, cast: factories.Cast) -> None:
    made = climbing_job(cast, level=Level.PARTIAL)
    item = part(made, Verdict.OK, lot="L1")
    call.manager.post(PATH, {**REPORT, "item": str(item.pk)})
    path = f"/incidents/{Incident.objects.get().pk}/close/"
    assert code(call.manager.post(path, {"answer": "seen", "defects": ["rust"]})) == (422, "unknown_label")
    assert code(call.manager.post(path, {"answer": "seen", "defects": "dent"})) == (422, "invalid")
    closed = call.manager.post(path, {"answer": "seen", "defects": ["dent", "scratch", "dent"]}).json()
    assert (closed["defects"], closed["closed_by"]) == (["dent", "scratch"], "manager")
    [change, _created] = call.manager.get("/jobs/covers/level/history/").json()["results"]
    assert (change["new"], change["cause"]) == ("assistance", "critical")

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from inspection.models import Exposure, Item, Job, Refusal
from inspection.vocabulary import Level, State, Verdict
from tests import factories
from tests.api.conftest import Callers, code

pytestmark = pytest.mark.django_db
# ["9999-12-31T23:59:59-23:59", "00000000-0000-0000-0000-000000000000"]
END_OF_TIME = "WyI5OTk5LTEyLTMxVDIzOjU5OjU5LTIzOjU5IiwiMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwIl0"


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    return factories.job(cast)


def test_a_new_picture_is_created_and_a_known_one_is_the_same(call: Callers, job: Job) -> None:
    said = {"serial": "A-1", "lot": "L1", "station": "S", "shift": "early", "captured_at": "2026-01-31T08:00:00+01:00"}
    first = call.service.send("covers", factories.picture(1), **said, metadata='{"exposure": 3}')
    assert first.status_code == 201
    body = first.json()
    item = Item.objects.get()
    assert (item.metadata, item.captured_at) == ({"exposure": 3}, datetime(2026, 1, 31, 7, tzinfo=UTC))
    assert body == {
        "id": str(item.pk),
        "job": "covers",
        "serial": "A-1",
        "pass": 1,
        "lot": "L1",
        "station": "S",
        "shift": "early",
        "captured_at": "2026-01-31T07:00:00+00:00",
        "received_at": item.received_at.isoformat(),
        "state": "waiting",
        "level": "human_only",
        "duplicate_of": None,
        "decision": None,
    }
    again = call.service.send("covers", factories.picture(1), **said)
    assert (again.status_code, again.json()["id"]) == (200, body["id"])
    assert list(Path(settings.PICTURES).rglob(f"{item.picture.digest}*"))


def test_another_picture_of_a_known_serial_needs_a_word(call: Callers, job: Job) -> None:
    first = call.manager.send("covers", factories.picture(1), serial="A-1").json()
    refused = call.manager.send("covers", factories.picture(2), serial="A-1")
    assert code(refused) == (409, "serial_known")
    assert refused.json()["item"] == first
    second = call.manager.send("covers", factories.picture(2), serial="A-1", again="1")
    assert (second.status_code, second.json()["pass"]) == (201, 2)
    assert Refusal.objects.get().item_id == uuid.UUID(first["id"])


def test_a_key_tells_equal_pictures_without_a_serial_apart(call: Callers, job: Job) -> None:
    keys = ["a", "a", "b"]
    sent = [call.service.send("covers", factories.picture(1), headers={"Idempotency-Key": key}) for key in keys]
    assert [answer.status_code for answer in sent] == [201, 200, 201]
    assert sent[2].json()["duplicate_of"] == sent[0].json()["id"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"serial": "a\nb"}, "bad_serial"),
        ({"serial": "a\x00b"}, "bad_serial"),
        ({"serial": "a" * 10_000}, "bad_serial"),
        ({"captured_at": "2026-01-31T08:00:00"}, "invalid"),
        ({"captured_at": "yesterday"}, "invalid"),
        ({"captured_at": "0001-01-01T00:00:00+23:00"}, "invalid"),
        ({"again": "perhaps"}, "invalid"),
        ({"metadata": "[1]"}, "invalid"),
        ({"metadata": "{"}, "invalid"),
        ({"metadata": '{"a": NaN}'}, "invalid"),
        ({"metadata": '{"a": 1e999}'}, "invalid"),
        ({"metadata": '{"a": "\\u0000"}'}, "invalid"),
        ({"metadata": '{"a": "\\ud800"}'}, "invalid"),
        ({"metadata": '{"a": ' + "[" * 9000 + "]" * 9000 + "}"}, "invalid"),
        ({"metadata": '{"a": "' + "x" * 20_000 + '"}'}, "invalid"),
        ({"colour": "red"}, "unknown_field"),
        ({"serial": ["a", "b"]}, "invalid"),
        ({"photo": SimpleUploadedFile("b.png", b"x")}, "unknown_field"),
    ],
)
def test_what_is_wrong_with_the_words_is_said_and_recorded(
    call: Callers, job: Job, fields: dict[str, Any], expected: str
) -> None:
    refused = call.service.send("covers", factories.picture(1), **fields)
    assert code(refused) == (422, expected)
    assert not Item.objects.exists()
    kept = Refusal.objects.get()
    assert (kept.code, kept.source, str(kept.by), kept.name) == (expected, "api", "service", "part.png")


def test_a_clock_may_run_ten_minutes_ahead(call: Callers, job: Job) -> None:
    def sent(minutes: int) -> Any:
        moment = timezone.now() + timedelta(minutes=minutes)
        return call.service.send("covers", factories.picture(minutes), captured_at=moment.isoformat())

    assert sent(9).status_code == 201
    assert code(sent(11)) == (422, "captured_in_future")


def test_a_form_without_a_picture_is_refused_and_recorded(call: Callers, job: Job) -> None:
    assert code(call.service.form("/jobs/covers/items/", {"serial": "A"})) == (422, "picture_missing")
    assert code(call.service.form("/jobs/covers/items/", {"picture": "text"})) == (422, "unknown_field")
    assert Refusal.objects.count() == 2


def test_two_pictures_at_once_are_one_too_many(call: Callers, job: Job) -> None:
    files = [SimpleUploadedFile(f"{seed}.png", factories.picture(seed)) for seed in (1, 2)]
    assert code(call.service.form("/jobs/covers/items/", {"picture": files})) == (422, "one_picture")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", (422, "empty_file")),
        (b"hello", (422, "not_a_picture")),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", (422, "not_a_picture")),
        (factories.picture(1)[:-400], (422, "truncated")),
    ],
)
def test_what_is_no_picture_is_refused_and_recorded(
    call: Callers, job: Job, data: bytes, expected: tuple[int, str]
) -> None:
    assert code(call.service.send("covers", data)) == expected
    assert Refusal.objects.get().size == len(data)


def test_a_picture_beyond_the_limit_is_too_large(call: Callers, job: Job, settings: Any) -> None:
    settings.PICTURE_MAX_BYTES = 1000
    assert code(call.service.send("covers", factories.picture(1))) == (413, "too_large")
    settings.PICTURE_MAX_BYTES, settings.PICTURE_MAX_PIXELS = 1_000_000, 100
    assert code(call.service.send("covers", factories.picture(1))) == (413, "too_many_pixels")


def test_the_filters_of_the_list_narrow_it(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.FULL)
    good = factories.item(job, score=0.1, serial="good", lot="L1")
    bad = factories.item(job, score=0.9, serial="bad", lot="L2")
    waiting = factories.item(job, score=0.5, serial="waiting", lot="L2")

    def serials(**query: str) -> list[str]:
        return [item["serial"] for item in call.service.get("/jobs/covers/items/", **query).json()["results"]]

    assert serials() == ["waiting", "bad", "good"]
    assert serials(state="", lot="") == ["waiting", "bad", "good"]
    assert serials(state="decided", verdict="OK") == [good.serial]
    assert serials(lot="L2") == [waiting.serial, bad.serial]
    assert serials(serial="bad", lot="L1") == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"state": "open"}, (422, "invalid")),
        ({"verdict": "ok"}, (422, "invalid")),
        ({"stat": "decided"}, (422, "unknown_field")),
        ({"lot": "a\x00"}, (422, "invalid")),
        ({"limit": "0"}, (422, "invalid")),
        ({"limit": "201"}, (422, "invalid")),
        ({"limit": "²"}, (422, "invalid")),
        ({"cursor": "nonsense"}, (400, "bad_cursor")),
        ({"cursor": "WyJhIiwiYiJd"}, (400, "bad_cursor")),
        ({"cursor": "é"}, (400, "bad_cursor")),
        ({"cursor": "WzEsMl0"}, (400, "bad_cursor")),
        ({"cursor": END_OF_TIME}, (400, "bad_cursor")),
    ],
)
def test_a_false_question_gets_no_list(
    call: Callers, job: Job, query: dict[str, str], expected: tuple[int, str]
) -> None:
    assert code(call.manager.get("/jobs/covers/items/", **query)) == expected


def test_pages_hold_every_item_once_while_others_arrive(call: Callers, job: Job) -> None:
    for seed in range(5):
        factories.take_in(job, data=factories.picture(seed), serial=f"{seed}", lot="L 1")
    caller, seen = call.service, []
    path: str | None = "/api/v1/jobs/covers/items/?limit=2&lot=L+1"
    while path:
        body = caller.client.get(path).json()
        seen.append([item["serial"] for item in body["results"]])
        path = body["next"]
        factories.take_in(job, data=factories.picture(100 + len(seen)), lot="L 1")
    assert seen == [["4", "3"], ["2", "1"], ["0"]]


def test_items_of_one_moment_are_paged_by_their_id(call: Callers, job: Job) -> None:
    for seed in range(4):
        factories.take_in(job, data=factories.picture(seed))
    Item.objects.update(received_at=timezone.now())
    caller = call.service
    first = caller.get("/jobs/covers/items/", limit=3).json()
    second = caller.client.get(first["next"]).json()
    ids = [item["id"] for item in first["results"] + second["results"]]
    assert ids == [str(pk) for pk in Item.objects.order_by("-id").values_list("pk", flat=True)]


def test_a_long_list_takes_no_more_queries(
    call: Callers, cast: factories.Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    job = factories.job(cast, level=Level.FULL)
    for _ in range(4):
        factories.item(job, score=0.1)
    caller = call.manager
    with django_assert_num_queries(6):
        results = caller.get("/jobs/covers/items/").json()["results"]
    assert [len(item["predictions"]) for item in results] == [1] * 4


def test_managers_see_what_the_ai_said_and_machines_what_it_decided(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.FULL)
    item = factories.item(job, score=0.9)
    seen = call.manager.get(f"/items/{item.pk}/").json()
    model = job.models.get().digest
    decision = {"verdict": "NG", "labels": [], "by": "ai", "level": "full", "model": model}
    prediction = {"model": model, "role": "champion", "opinion": "NG", "score": 0.9}
    assert {name: seen["decision"][name] for name in decision} == decision
    assert [{name: one[name] for name in prediction} for one in seen["predictions"]] == [prediction]
    machine = call.service.get(f"/items/{item.pk}/").json()
    assert machine == {name: value for name, value in seen.items() if name != "predictions"}


def test_a_held_item_has_no_decision(call: Callers, job: Job, cast: factories.Cast) -> None:
    item = factories.item(job)
    factories.answer(factories.claim_one(job, cast.inspector), Verdict.UNSURE)
    seen = call.service.get(f"/items/{item.pk}/").json()
    assert (seen["state"], seen["decision"]) == (State.HELD, None)


def test_an_inspector_reads_an_item_once_the_own_verdict_stands(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.SHADOW)
    item = factories.item(job, score=0.9)
    paths = [f"/items/{item.pk}/", f"/items/{item.pk}/picture/"]
    assert [code(call.inspector.get(path)) for path in paths] == [(403, "not_allowed")] * 2
    factories.answer(factories.claim_one(job, cast.inspector), Verdict.OK)
    assert [code(call.inspector.get(path)) for path in paths] == [(403, "not_allowed")] * 2
    factories.let_stand()
    assert [one["opinion"] for one in call.inspector.get(paths[0]).json()["predictions"]] == ["NG"]
    assert call.inspector.get(paths[1]).status_code == 200
    assert [code(call.inspector2.get(path)) for path in paths] == [(403, "not_allowed")] * 2


@pytest.mark.parametrize("path", ["/jobs/covers/items/", "/items/{}/", "/items/{}/history/"])
def test_whoever_was_told_the_ais_opinion_is_no_blind_judge_any_more(
    call: Callers, cast: factories.Cast, path: str
) -> None:
    job = factories.job(cast, level=Level.SHADOW)
    item = factories.item(job, score=0.9)
    call.service.get("/jobs/covers/items/")
    assert not Exposure.objects.exists()
    assert call.manager.get(path.format(item.pk)).status_code == 200
    assert [(one.person, one.item) for one in Exposure.objects.all()] == [(cast.manager, item)]


def test_the_picture_comes_as_it_is_stored(call: Callers, job: Job) -> None:
    data = factories.picture(1)
    item = factories.item(job, data=data)
    answer = call.service.client.get(f"/api/v1/items/{item.pk}/picture/", headers={"Accept": "image/*"})
    assert answer.content == data
    assert {name: answer[name] for name in ("Content-Type", "X-Content-Type-Options", "Content-Security-Policy")} == {
        "Content-Type": "image/png",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }


def test_a_picture_that_is_gone_is_a_problem_and_no_fault(call: Callers, job: Job) -> None:
    item = factories.item(job)
    (Path(settings.PICTURES) / item.picture.name).unlink()
    assert code(call.service.get(f"/items/{item.pk}/picture/"))[0] == 404


def test_the_history_names_everything_that_happened(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.FULL)
    item = factories.item(job, score=0.1, audit=True, serial="A", by=cast.service)
    call.service.send("covers", factories.picture(77), serial="A")
    factories.answer(factories.claim_one(job, cast.inspector), Verdict.NG)
    rows = call.manager.get(f"/items/{item.pk}/history/").json()["results"]
    assert [(row["kind"], row["by"]) for row in rows] == [
        ("intake", "service"),
        ("prediction", "ai"),
        ("route", "ai"),
        ("decision", "ai"),
        ("refusal", "service"),
        ("review", "inspector"),
        ("verdict", "inspector"),
        ("decision", "inspector"),
    ]
    assert all(datetime.fromisoformat(row["at"]).tzinfo for row in rows)


def test_the_history_of_a_decision_answers_who_let_it_pass(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.FULL)
    item = factories.item(job, score=0.1)
    rows = call.admin.get(f"/items/{item.pk}/history/").json()["results"]
    decision = next(row for row in rows if row["kind"] == "decision")
    del decision["at"], decision["decision"], decision["level_set_by"]["at"]
    assert decision == {
        "kind": "decision",
        "by": "ai",
        "verdict": "OK",
        "labels": [],
        "decided_by": "ai",
        "level": "full",
        "level_set_by": {
            "by": "admin",
            "reason": "the job was created",
            "says": "the job was created",
            "gate": "advisory",
        },
        "model": job.models.get().digest,
        "thresholds": {"version": 1, "accept_at": 0.2, "reject_at": 0.8},
        "code_version": settings.CODE_VERSION,
        "supersedes": None,
        "in_force": True,
        "undone": False,
    }

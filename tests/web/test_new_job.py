from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inspection.models import Item, Job, Refusal
from inspection.vocabulary import MemberRole, Source
from tests import factories
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db

SAID = {
    "name": "Lids, line 2", "slug": "", "gate": "advisory", "level": "shadow",
    "label-0-name": "Deep scratch", "label-0-code": "", "label-0-severity": "minor",
    "label-1-name": "", "label-1-code": "", "label-1-severity": "major",
    "label-7-name": "Dent", "label-7-code": "dent", "label-7-severity": "critical", "label-7-critical": "1",
}  # fmt: skip
JSON = {"Accept": "application/json"}


def test_an_admin_makes_a_job_and_becomes_its_admin(cast: factories.Cast, job: Job) -> None:
    answer = browser_of(cast.admin).post("/new-job/", SAID, headers=JSON)
    made = Job.objects.get(slug="lids-line-2")
    assert answer.status_code == 201
    assert answer.json()["pictures"] == "/jobs/lids-line-2/pictures/"
    assert (made.level, made.gate) == ("shadow", "advisory")
    assert [(label.code, label.severity, label.critical) for label in made.labels.all()] == [
        ("deep_scratch", "minor", False),
        ("dent", "critical", True),
    ]
    assert made.memberships.get().role == MemberRole.ADMIN


def test_a_browser_without_script_comes_to_the_job(cast: factories.Cast, job: Job) -> None:
    answer = browser_of(cast.admin).post("/new-job/", SAID)
    assert (answer.status_code, answer["Location"]) == (302, "/jobs/lids-line-2/")


def test_a_name_that_is_taken_is_said_in_words(cast: factories.Cast, job: Job) -> None:
    answer = browser_of(cast.admin).post("/new-job/", {**SAID, "slug": "covers"}, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "slug_taken")
    page = browser_of(cast.admin).post("/new-job/", {**SAID, "slug": "covers"})
    assert (page.status_code, "There is a job covers already." in page.content.decode()) == (422, True)


def test_a_word_that_is_none_of_ours_is_refused(cast: factories.Cast, job: Job) -> None:
    answer = browser_of(cast.admin).post("/new-job/", {**SAID, "level": "godmode"}, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_word")


def send(person: object, name: str, data: bytes, **more: str) -> tuple[int, dict[str, str]]:
    file = SimpleUploadedFile(name, data)
    answer = browser_of(person).post("/jobs/covers/pictures/", {"picture": file, **more})  # type: ignore[arg-type]
    return answer.status_code, answer.json()


def test_a_dropped_picture_becomes_a_part_named_by_its_file(cast: factories.Cast, job: Job) -> None:
    data = factories.picture(7)
    status, said = send(cast.manager, "cover-17.png", data, serial_from_name="1", lot="L1")
    item = Item.objects.get(pk=said["id"])
    assert (status, said["created"], item.serial, item.lot, item.source) == (
        201,
        True,
        "cover-17",
        "L1",
        Source.BROWSER,
    )
    assert send(cast.manager, "cover-17.png", data, serial_from_name="1")[0] == 200


def test_a_refused_picture_says_why_and_is_recorded(cast: factories.Cast, job: Job) -> None:
    status, said = send(cast.manager, "note.png", b"<html>no picture</html>")
    assert (status, said["code"]) == (422, "not_a_picture")
    assert Refusal.objects.get(job=job).name == "note.png"
    assert Item.objects.count() == 0


def test_a_request_without_a_picture_is_refused(cast: factories.Cast, job: Job) -> None:
    answer = browser_of(cast.manager).post("/jobs/covers/pictures/")
    assert (answer.status_code, answer.json()["code"]) == (422, "picture_missing")

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inspection.api.samples import Translations
from inspection.models import Job, Sample
from inspection.vocabulary import Language
from tests import factories
from tests.api.conftest import Caller, Callers, code

pytestmark = pytest.mark.django_db
ADDRESS = "/jobs/covers/samples/"


@pytest.fixture
def covers(cast: factories.Cast) -> Job:
    """No second looks: one part in fifty would otherwise be asked of somebody else once more."""
    job = factories.job(cast)
    job.double_share = job.recheck_share = 0
    job.save()
    return job


def add(caller: Caller, data: bytes | None = None, **said: Any) -> Any:
    file = SimpleUploadedFile("a.png", data or factories.picture(1))
    return caller.form(ADDRESS, {"picture": file, "kind": "golden", **said})


def test_the_book_lists_golden_samples_first_and_then_by_label(call: Callers, covers: Job) -> None:
    ng = add(call.manager, kind="limit_ng", label="dent", words="deep").json()
    ok = add(call.manager, kind="limit_ok", label="dent").json()
    scratch = add(call.manager, kind="limit_ng", label="scratch").json()
    golden = add(call.manager).json()
    assert call.inspector.get(ADDRESS).json() == {"next": None, "results": [golden, scratch, ok, ng]}
    assert golden == {
        "id": golden["id"],
        "kind": "golden",
        "label": None,
        "words": "",
        "picture": f"/api/v1/samples/{golden['id']}/picture/",
    }
    assert (ng["kind"], ng["label"], ng["words"]) == ("limit_ng", "dent", "deep")


def test_a_sample_shows_its_picture_to_members_for_a_day(call: Callers, covers: Job) -> None:
    address = add(call.manager, factories.picture(7)).json()["picture"]
    response = call.inspector.client.get(address)
    assert (response.content, response["Content-Type"]) == (factories.picture(7), "image/png")
    assert response["Cache-Control"] == "private, max-age=86400"
    assert code(call.outsider.client.get(address)) == (404, "not_found")
    assert code(call.service.client.get(address)) == (403, "not_allowed")


def test_a_part_may_stand_in_for_the_picture(call: Callers, covers: Job, cast: factories.Cast) -> None:
    item = factories.item(covers)
    asked = {"kind": "golden", "item": str(item.pk)}
    assert code(call.manager.form(ADDRESS, asked)) == (409, "still_asked")
    factories.answer(factories.claim_one(covers, cast.inspector))
    assert call.manager.form(ADDRESS, asked).status_code == 201
    assert Sample.objects.get().picture == item.picture


def test_it_is_either_a_picture_or_a_part_of_this_job(call: Callers, covers: Job, cast: factories.Cast) -> None:
    elsewhere = factories.item(factories.job(cast, slug="lids"))
    assert code(call.manager.form(ADDRESS, {"kind": "golden"})) == (422, "picture_missing")
    assert code(add(call.manager, item=str(elsewhere.pk))) == (422, "picture_missing")
    assert code(call.manager.form(ADDRESS, {"kind": "golden", "item": str(elsewhere.pk)})) == (422, "unknown_item")
    assert code(add(call.manager, kind="silver")) == (422, "invalid")


def test_taking_a_sample_out_leaves_its_row(call: Callers, covers: Job) -> None:
    made = add(call.manager).json()
    address = f"/api/v1/samples/{made['id']}/"
    assert code(call.inspector.client.delete(address)) == (403, "not_allowed")
    assert call.manager.client.delete(address).status_code == 204
    assert call.manager.get(ADDRESS).json()["results"] == []
    assert code(call.manager.client.delete(address)) == (404, "not_found")
    assert code(call.manager.client.get(made["picture"])) == (404, "not_found")
    assert Sample.objects.get().retired_at is not None


def test_a_label_says_what_counts_as_it_in_each_language(call: Callers, covers: Job) -> None:
    said = {"definition": "A line.", "translations": {"vi": {"name": "Xước"}}}
    response = call.manager.patch("/jobs/covers/labels/scratch/", said)
    described = {"code": "scratch", "name": "Scratch", "severity": "minor", "critical": False, **said}
    assert (response.status_code, response.json()) == (200, described)
    assert call.inspector.get("/jobs/covers/labels/").json()["results"][0] == described


def test_a_misspelt_word_of_a_label_is_refused(call: Callers, covers: Job) -> None:
    wrongs: list[Any] = [{"nam": "x"}, {"translations": {"xx": {}}}, {"translations": {"vi": {"nam": "x"}}}]
    for wrong in wrongs:
        assert code(call.manager.patch("/jobs/covers/labels/scratch/", wrong)) == (422, "unknown_field")
    assert code(call.manager.patch("/jobs/covers/labels/rust/", {"name": "x"})) == (422, "unknown_label")


def test_the_api_speaks_every_language_of_the_product() -> None:
    assert list(Translations().fields) == Language.values

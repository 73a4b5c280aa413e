from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inference.bundle import Golden, Manifest, pack, seal
from inspection.acts.create_job import NewJob, create_job
from inspection.models import Job, ModelVersion
from tests import factories
from tests.api.conftest import Callers, code

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    return factories.job(cast)


def send(call: Callers, content: bytes, **fields: Any) -> Any:
    return call.admin.form("/jobs/covers/models/", {"bundle": SimpleUploadedFile("b.zip", content), **fields})


def changed(content: bytes, name: str, change: Any) -> bytes:
    """The same zip with one entry changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            new.writestr(entry, change(old.read(entry)) if entry == name else old.read(entry))
    return out.getvalue()


def test_a_bundle_goes_live_and_is_listed(call: Callers, job: Job) -> None:
    made = factories.bundle(job, score=0.25)
    answer = send(call, pack(made.folder))
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert body.pop("registered_at")
    assert body == {
        "model": made.digest,
        "name": "always 0.25",
        "kind": "constant",
        "labels": ["scratch", "dent"],
        "suggested": {"accept_at": None, "reject_at": None},
        "live": True,
        "report": {},
    }
    factories.champion(job, factories.bundle(job, score=0.75))
    listed = call.manager.get("/jobs/covers/models/").json()["results"]
    assert [(one["name"], one["live"]) for one in listed] == [("always 0.75", True), ("always 0.25", False)]


def test_a_bundle_with_its_labels_in_another_order_is_refused(call: Callers, job: Job, cast: factories.Cast) -> None:
    labels = tuple(reversed(factories.LABELS))
    other = create_job(new=NewJob(slug="other", name="Other", labels=labels), by=cast.admin, now=job.created_at)
    assert code(send(call, pack(factories.bundle(other).folder))) == (422, "label_order")


GOLDEN = "golden/a.png"


@pytest.fixture
def with_golden(job: Job, tmp_path: Path) -> bytes:
    """A bundle, zipped, that brings a picture whose answer is known."""
    (tmp_path / "golden").mkdir()
    (tmp_path / GOLDEN).write_bytes(factories.picture(3))
    golden = (Golden(file=GOLDEN, score=0.5),)
    labels = tuple(label.code for label in factories.LABELS)
    seal(tmp_path, Manifest(kind="constant", name="half", labels=labels, golden=golden, settings={"score": 0.5}))
    return pack(tmp_path)


def flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def other_score(data: bytes) -> bytes:
    content = json.loads(data)
    return json.dumps({**content, "settings": {"score": 0.9}}).encode()


@pytest.mark.parametrize(
    ("name", "spoil", "expected"),
    [
        (GOLDEN, flipped, "digest_mismatch"),
        ("bundle.json", lambda data: data[:-9], "malformed"),
        ("bundle.json", other_score, "golden_mismatch"),
    ],
)
def test_a_spoilt_bundle_is_refused_and_nothing_is_kept(
    call: Callers, with_golden: bytes, name: str, spoil: Any, expected: str
) -> None:
    assert code(send(call, changed(with_golden, name, spoil))) == (422, expected)
    assert not ModelVersion.objects.exists()
    assert send(call, with_golden).status_code == 201


def test_what_is_no_zip_is_no_bundle(call: Callers, job: Job) -> None:
    assert code(send(call, b"PK no zip")) == (422, "not_a_zip")


def test_a_pickle_inside_is_refused(call: Callers, job: Job) -> None:
    out = io.BytesIO(pack(factories.bundle(job).folder))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("weights.pkl", b"\x80\x04.")
    assert code(send(call, out.getvalue())) == (422, "pickle_inside")


def test_the_live_model_of_another_job_is_taken_over(call: Callers, job: Job, cast: factories.Cast) -> None:
    other = factories.job(cast, slug="other")
    model = factories.champion(other, factories.bundle(other))
    taken = call.admin.post("/jobs/covers/models/", {"from_job": "other"})
    assert (taken.status_code, taken.json()["model"], taken.json()["live"]) == (201, model.digest, True)
    job.refresh_from_db()
    assert job.champion is not None
    assert job.champion.taken_from == model


def test_a_job_that_one_is_no_member_of_lends_no_model(call: Callers, job: Job, cast: factories.Cast) -> None:
    other = create_job(new=NewJob(slug="other", name="Other"), by=cast.outsider, now=job.created_at)
    factories.champion(other, factories.bundle(other))
    answers = [call.admin.post("/jobs/covers/models/", {"from_job": slug}) for slug in ("other", "nowhere")]
    assert [code(answer) for answer in answers] == [(422, "unknown_job")] * 2


def test_a_job_without_a_model_lends_none(call: Callers, job: Job, cast: factories.Cast) -> None:
    factories.job(cast, slug="other")
    assert code(call.admin.post("/jobs/covers/models/", {"from_job": "other"})) == (409, "no_model")


@pytest.mark.parametrize(
    ("body", "expected"), [({}, "invalid"), ({"from_job": 5}, "invalid"), ({"job": "other"}, "unknown_field")]
)
def test_what_is_wrong_with_asking_is_said(call: Callers, job: Job, body: dict[str, Any], expected: str) -> None:
    assert code(call.admin.post("/jobs/covers/models/", body)) == (422, expected)


def test_a_form_without_a_bundle_is_refused(call: Callers, job: Job) -> None:
    assert code(call.admin.form("/jobs/covers/models/", {"bundle": "text"})) == (422, "bundle_missing")
    assert code(call.admin.form("/jobs/covers/models/", {"model": "text"})) == (422, "unknown_field")
    assert code(send(call, b"x", live="yes")) == (422, "unknown_field")

"""Every address of the API with everybody: what each of them may do, written down in one table."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver
from django.utils import timezone

from inspection.acts.add_member import add_member
from inspection.acts.add_sample import NewSample, add_sample
from inspection.acts.create_job import NewJob, create_job
from inspection.acts.report_incident import report_incident
from inspection.models import Epoch, Item, Job, Person, Proposal, Review
from inspection.vocabulary import Level, MemberRole, SampleKind
from tests import factories, study
from tests.api.conftest import Caller

pytestmark = pytest.mark.django_db

WHO = ("inspector", "manager", "admin", "service", "outsider", "elsewhere", "anonymous")
"""`elsewhere` is admin of another job; the outsider is a member of none."""


@dataclass
class Stage:
    """A job with one part that waits, held by the one who asks where that one can hold it."""

    item: Item
    review: Review
    lease: uuid.UUID


Ask = Callable[[Caller, Stage], Any]


def get(path: str) -> Ask:
    return lambda caller, stage: caller.get(path.format(item=stage.item.pk, review=stage.review.pk))


def post(path: str, **body: Any) -> Ask:
    return lambda caller, _stage: caller.post(path, body)


def on_review(step: str, **body: Any) -> Ask:
    return lambda caller, stage: caller.post(f"/reviews/{stage.review.pk}/{step}/", {"lease": str(stage.lease), **body})


def picture(caller: Caller, stage: Stage) -> Any:
    return caller.send("covers", factories.picture(900))


def close(caller: Caller, stage: Stage) -> Any:
    by, now = Person.objects.get(username="inspector2"), timezone.now()
    made = report_incident(job=stage.item.job, item=None, words="smoke", client_key="walk", by=by, now=now)
    return caller.post(f"/incidents/{made.pk}/close/", {"answer": "the lamp was changed"})


def pictures(caller: Caller, stage: Stage) -> Any:
    files = [SimpleUploadedFile("a.png", factories.picture(901))]
    return caller.form("/jobs/covers/items/bulk/", {"pictures": files})


def patch(caller: Caller, stage: Stage) -> Any:
    return caller.patch("/jobs/covers/", {"name": "Lids"})


def bars(caller: Caller, stage: Stage) -> Any:
    return caller.patch("/jobs/covers/bars/", {"bars": {"miss": 0.3}, "reason": "trial"})


def bare_proposal(job: Job) -> Proposal:
    now, model = timezone.now(), factories.champion(job, factories.bundle(job))
    epoch = Epoch.objects.create(
        job=job, fingerprint="f" * 64, threshold_version=0, bars_version=1, number=1, model=model, label_set_version=1,
        bars={}, opened_at=now, last_at=now, counting_since=now,
    )  # fmt: skip
    return Proposal.objects.create(job=job, epoch=epoch, old="shadow", new="assistance", evidence={}, ledger=0, at=now)


def on_proposal(verb: str, **body: Any) -> Ask:
    """A proposal that nobody has signed; nobody here has a password, so that no signature comes about."""

    def ask(caller: Caller, stage: Stage) -> Any:
        made = bare_proposal(stage.item.job)
        return caller.post(f"/proposals/{made.pk}/{verb}/", {"reason": "r", **body})

    return ask


def sample(caller: Caller, stage: Stage) -> Any:
    file = SimpleUploadedFile("a.png", factories.picture(902))
    return caller.form("/jobs/covers/samples/", {"picture": file, "kind": "golden"})


def on_sample(method: str, path: str = "") -> Ask:
    def ask(caller: Caller, stage: Stage) -> Any:
        new = NewSample(SampleKind.GOLDEN)
        by = stage.item.job.memberships.get(role=MemberRole.ADMIN).person
        made = add_sample(job=stage.item.job, new=new, shown=factories.picture(903), by=by, now=timezone.now())
        return getattr(caller.client, method)(f"/api/v1/samples/{made.pk}/{path}")

    return ask


def reopen(caller: Caller, stage: Stage) -> Any:
    return caller.post(f"/items/{stage.item.pk}/reopen/", {"reason": "a customer asks"})


def describe(caller: Caller, stage: Stage) -> Any:
    return caller.patch("/jobs/covers/labels/scratch/", {"definition": "A line."})


def on_study(verb: str, *, method: str = "post", state: str = "draft", **body: Any) -> Ask:
    """A study of the job with the inspector as its appraiser."""

    def ask(caller: Caller, stage: Stage) -> Any:
        made = study.bare(stage.item.job, state)
        path = f"/studies/{made.pk}/{verb}"
        return caller.get(path) if method == "get" else caller.post(path, body)

    return ask


def on_turn(verb: str, *, method: str = "post", **body: Any) -> Ask:
    def ask(caller: Caller, stage: Stage) -> Any:
        turn = study.bare(stage.item.job, "running").appraisers.get().turns.get()
        path = f"/studies/turns/{turn.pk}/{verb}/"
        return caller.get(path) if method == "get" else caller.post(path, {"lease": str(turn.lease), **body})

    return ask


ANSWER = {"client_key": "k", "verdict": "OK"}
NEW_STUDY = {"name": "S", "appraisers": ["inspector"], "ai": False}
NEW_JOB = {"slug": "new", "name": "New", "labels": []}
NEW_PERSON = {"username": "grace", "password": factories.PASSWORD}

# Route and method, the request, and the status for each of WHO. A 409 or 422 has passed the door.
TABLE: list[tuple[str, str, Ask, tuple[int, ...]]] = [
    ("api_token", "POST", post("/token/", username="a", password="b"), (401,) * 7),
    ("api_people", "POST", post("/people/", **NEW_PERSON), (403, 403, 201, 403, 403, 201, 401)),
    ("api_jobs", "GET", get("/jobs/"), (200, 200, 200, 200, 200, 200, 401)),
    ("api_jobs", "POST", post("/jobs/", **NEW_JOB), (403, 403, 201, 403, 403, 201, 401)),
    ("api_job", "GET", get("/jobs/covers/"), (200, 200, 200, 200, 404, 404, 401)),
    ("api_job", "PATCH", patch, (403, 403, 200, 403, 404, 404, 401)),
    ("api_members", "GET", get("/jobs/covers/members/"), (403, 200, 200, 403, 404, 404, 401)),
    (
        "api_members",
        "POST",
        post("/jobs/covers/members/", username="outsider", role="manager"),
        (403, 403, 201, 403, 404, 404, 401),
    ),
    ("api_items", "GET", get("/jobs/covers/items/"), (403, 200, 200, 200, 404, 404, 401)),
    ("api_items", "POST", picture, (403, 201, 201, 201, 404, 404, 401)),
    ("api_bulk", "POST", pictures, (403, 200, 200, 200, 404, 404, 401)),
    ("api_next_reviews", "POST", post("/jobs/covers/reviews/next/"), (200, 200, 200, 403, 404, 404, 401)),
    ("api_adjudication", "POST", post("/jobs/covers/adjudications/next/"), (403, 200, 200, 403, 404, 404, 401)),
    ("api_incidents", "GET", get("/jobs/covers/incidents/"), (403, 200, 200, 403, 404, 404, 401)),
    (
        "api_incidents",
        "POST",
        post("/jobs/covers/incidents/", words="oil on the glass", client_key="a"),
        (201, 201, 201, 403, 404, 404, 401),
    ),
    ("api_incident_close", "POST", close, (403, 200, 200, 403, 404, 404, 401)),
    ("api_agreement", "GET", get("/jobs/covers/agreement/"), (403, 200, 200, 403, 404, 404, 401)),
    ("api_agreement_rows", "GET", get("/jobs/covers/agreement/rows/"), (403, 200, 200, 403, 404, 404, 401)),
    ("api_agreement_csv", "GET", get("/jobs/covers/agreement/rows/csv/"), (403, 200, 200, 403, 404, 404, 401)),
    ("api_what_if", "GET", get("/jobs/covers/what-if/?level=full"), (403, 200, 200, 403, 404, 404, 401)),
    ("api_level", "GET", get("/jobs/covers/level/"), (200, 200, 200, 403, 404, 404, 401)),
    (
        "api_level",
        "POST",
        post("/jobs/covers/level/", level="human_only", reason="trial"),
        (403, 200, 200, 403, 404, 404, 401),
    ),
    (
        "api_level",
        "POST",
        post("/jobs/covers/level/", level="assistance", reason="trial"),
        (403, 403, 200, 403, 404, 404, 401),
    ),
    ("api_level_history", "GET", get("/jobs/covers/level/history/"), (403, 200, 200, 403, 404, 404, 401)),
    ("api_readiness", "GET", get("/jobs/covers/readiness/"), (403, 200, 200, 403, 404, 404, 401)),
    ("api_evidence", "GET", get("/jobs/covers/evidence/"), (403, 200, 200, 403, 404, 404, 401)),
    ("api_ledger", "GET", get("/jobs/covers/ledger/"), (403, 200, 200, 403, 404, 404, 401)),
    ("api_bars", "GET", get("/jobs/covers/bars/"), (403, 200, 200, 403, 404, 404, 401)),
    ("api_bars", "PATCH", bars, (403, 403, 200, 403, 404, 404, 401)),
    ("api_proposals", "GET", get("/jobs/covers/proposals/"), (403, 200, 200, 403, 404, 404, 401)),
    ("api_proposals", "POST", post("/jobs/covers/proposals/"), (403, 409, 409, 403, 404, 404, 401)),
    ("api_proposal_sign", "POST", on_proposal("sign", password="x"), (403, 403, 403, 403, 404, 404, 401)),
    ("api_proposal_refuse", "POST", on_proposal("refuse"), (403, 200, 200, 403, 404, 404, 401)),
    ("api_models", "GET", get("/jobs/covers/models/"), (403, 200, 200, 403, 404, 404, 401)),
    ("api_models", "POST", post("/jobs/covers/models/", from_job="covers"), (403, 403, 409, 403, 404, 404, 401)),
    ("api_labels", "GET", get("/jobs/covers/labels/"), (200, 200, 200, 403, 404, 404, 401)),
    ("api_label", "PATCH", describe, (403, 200, 200, 403, 404, 404, 401)),
    ("api_samples", "GET", get("/jobs/covers/samples/"), (200, 200, 200, 403, 404, 404, 401)),
    ("api_samples", "POST", sample, (403, 201, 201, 403, 404, 404, 401)),
    ("api_sample", "DELETE", on_sample("delete"), (403, 204, 204, 403, 404, 404, 401)),
    ("api_sample_picture", "GET", on_sample("get", "picture/"), (200, 200, 200, 403, 404, 404, 401)),
    ("api_item", "GET", get("/items/{item}/"), (403, 200, 200, 200, 404, 404, 401)),
    ("api_item_picture", "GET", get("/items/{item}/picture/"), (403, 200, 200, 200, 404, 404, 401)),
    ("api_reopen", "POST", reopen, (403, 409, 409, 403, 404, 404, 401)),
    ("api_item_history", "GET", get("/items/{item}/history/"), (403, 200, 200, 403, 404, 404, 401)),
    ("api_heartbeat", "POST", post("/reviews/heartbeat/"), (200, 200, 200, 200, 200, 200, 401)),
    ("api_commit", "POST", on_review("commit", **ANSWER), (409, 409, 409, 404, 404, 404, 401)),
    ("api_verdict", "POST", on_review("verdict", **ANSWER), (201, 201, 201, 404, 404, 404, 401)),
    ("api_skip", "POST", on_review("skip", reason="blurred"), (204, 204, 204, 404, 404, 404, 401)),
    ("api_escalate", "POST", on_review("escalate", reason="odd"), (204, 204, 204, 404, 404, 404, 401)),
    ("api_undo", "POST", on_review("undo", new_lease=str(uuid.uuid4())), (409, 409, 409, 404, 404, 404, 401)),
    ("api_outcome", "GET", get("/reviews/{review}/outcome/"), (404, 404, 404, 404, 404, 404, 401)),
    ("api_give_back", "POST", on_review("give-back"), (204, 204, 204, 404, 404, 404, 401)),
    ("api_review_picture", "GET", get("/reviews/{review}/picture/"), (200, 200, 200, 404, 404, 404, 401)),
    ("api_studies", "GET", get("/jobs/covers/studies/"), (200, 200, 200, 403, 404, 404, 401)),
    ("api_studies", "POST", post("/jobs/covers/studies/", **NEW_STUDY), (403, 409, 409, 403, 404, 404, 401)),
    ("api_study", "GET", on_study("", method="get"), (403, 200, 200, 403, 404, 404, 401)),
    ("api_study_values", "POST", on_study("values/", values=[]), (403, 200, 200, 403, 404, 404, 401)),
    ("api_study_start", "POST", on_study("start/"), (403, 200, 200, 403, 404, 404, 401)),
    ("api_study_close", "POST", on_study("close/", state="running"), (403, 409, 409, 403, 404, 404, 401)),
    ("api_study_cancel", "POST", on_study("cancel/", reason="r"), (403, 200, 200, 403, 404, 404, 401)),
    ("api_study_next", "POST", on_study("next/", state="running"), (200, 404, 404, 404, 404, 404, 401)),
    ("api_study_report", "GET", on_study("report/", method="get", state="closed"), (403, 200, 200, 403, 404, 404, 401)),
    (
        "api_study_readings",
        "GET",
        on_study("readings/", method="get", state="closed"),
        (403, 200, 200, 403, 404, 404, 401),
    ),
    (
        "api_study_csv",
        "GET",
        on_study("readings/csv/", method="get", state="closed"),
        (403, 200, 200, 403, 404, 404, 401),
    ),
    ("api_turn_reading", "POST", on_turn("reading", **ANSWER), (201, 404, 404, 404, 404, 404, 401)),
    ("api_turn_undo", "POST", on_turn("undo", new_lease=str(uuid.uuid4())), (409, 404, 404, 404, 404, 404, 401)),
    ("api_turn_picture", "GET", on_turn("picture", method="get"), (200, 404, 404, 404, 404, 404, 401)),
    # Nobody was shown a hint here; who was, sees more in test_examples.py.
    ("api_example_picture", "GET", get("/reviews/{review}/nearest/1/picture/"), (404, 404, 404, 404, 404, 404, 401)),
]
# Addresses that show the same to everybody.
PUBLIC = {"api_schema", "api_docs", "api_unknown"}


def stage_for(cast: factories.Cast, name: str) -> tuple[Caller, Stage]:
    job = factories.job(cast, level=Level.SHADOW)
    person: Person | None = getattr(cast, name, None)
    if name == "elsewhere":
        person = factories.person(name)
        create_job(new=NewJob(slug="other", name="Other"), by=person, now=job.created_at)
    item = factories.item(job)
    holder = getattr(cast, name) if name in {"inspector", "manager", "admin"} else cast.inspector2
    held = factories.claim_one(job, holder)
    return Caller(person), Stage(item=item, review=held.review, lease=held.hand_out.lease)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]}-{row[1]}")
def test_everybody_may_do_what_the_table_says(
    cast: factories.Cast, row: tuple[str, str, Ask, tuple[int, ...]], who: str
) -> None:
    _, _, ask, expected = row
    caller, stage = stage_for(cast, who)
    response = ask(caller, stage)
    assert response.status_code == expected[WHO.index(who)], response.content[:300]
    if response.status_code >= 400:
        assert response["Content-Type"] == "application/problem+json"


def test_the_table_names_every_address_and_method() -> None:
    there = set()
    for pattern in _patterns(get_resolver().url_patterns):
        if (name := pattern.name or "").startswith("api_") and name not in PUBLIC:
            methods = {word.upper() for word in ("get", "post", "put", "patch", "delete")}
            there |= {(name, word) for word in methods if hasattr(pattern.callback.cls, word.lower())}
    assert there == {(name, method) for name, method, _, _ in TABLE}


def _patterns(patterns: Any) -> Any:
    for pattern in patterns:
        yield from _patterns(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern]


@pytest.mark.parametrize("role", [MemberRole.INSPECTOR, MemberRole.MANAGER])
def test_a_former_member_is_a_stranger(cast: factories.Cast, role: MemberRole) -> None:
    job = factories.job(cast)
    add_member(job=job, username="outsider", role=role)
    caller = Caller(cast.outsider)
    assert caller.get("/jobs/covers/").status_code == 200
    job.memberships.get(person=cast.outsider).delete()
    assert caller.get("/jobs/covers/").status_code == 404


def test_a_person_who_has_left_opens_no_door(cast: factories.Cast) -> None:
    factories.job(cast)
    caller = Caller(cast.admin)
    cast.admin.is_active = False
    cast.admin.save()
    assert caller.get("/jobs/").status_code == 401

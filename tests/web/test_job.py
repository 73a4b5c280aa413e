from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from inspection.models import Epoch, Exposure, Job, Membership, Person, Review
from inspection.vocabulary import Gate, Level, Verdict
from tests import factories
from tests.climbs import agreed, climbing_job
from tests.web.conftest import all_works, browser_of

pytestmark = pytest.mark.django_db


def test_an_inspector_sees_only_parts_judged_before(cast: factories.Cast, job: Job) -> None:
    seen = factories.item(job, score=0.5, serial="seen-one")
    review = factories.answer(factories.claim_one(job, cast.inspector), Verdict.NG).given.review
    hidden = factories.item(job, score=0.01, serial="hidden-one")
    text = browser_of(cast.inspector).get("/jobs/covers/").content.decode()
    assert "seen-one" in text
    assert f"/reviews/{review.pk}/thumbnail/" in text
    assert str(hidden.pk) not in text
    assert "hidden-one" not in text
    assert f"/items/{seen.pk}/" not in text


def test_a_part_opens_once_the_own_verdict_stands(cast: factories.Cast, job: Job) -> None:
    item = factories.item(job, score=0.5)
    factories.answer(factories.claim_one(job, cast.inspector), Verdict.NG)
    browser = browser_of(cast.inspector)
    assert f'href="/items/{item.pk}/"' not in browser.get("/jobs/covers/").content.decode()
    factories.let_stand()
    assert f'href="/items/{item.pk}/"' in browser.get("/jobs/covers/").content.decode()


def test_the_small_picture_of_an_answer_is_for_whoever_gave_it(cast: factories.Cast, job: Job) -> None:
    factories.item(job, score=0.5)
    held = factories.claim_one(job, cast.inspector)
    path = f"/reviews/{held.review.pk}/thumbnail/"
    assert browser_of(cast.inspector).get(path).status_code == 404
    factories.answer(held, Verdict.NG)
    assert browser_of(cast.inspector).get(path)["Content-Type"] == "image/jpeg"
    assert [browser_of(person).get(path).status_code for person in (cast.inspector2, cast.manager)] == [404, 404]


def test_an_inspector_sees_the_own_day_and_what_others_changed(cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.SHADOW)
    item = factories.item(job, score=0.01, serial="A-7")
    factories.answer(factories.claim_one(job, cast.inspector), Verdict.NG)
    factories.answer(factories.claim_one(job, cast.inspector2), Verdict.OK)
    factories.let_stand()
    text = browser_of(cast.inspector).get("/jobs/covers/").content.decode()
    assert "What others said" not in text
    factories.answer(factories.claim_one(job, cast.manager, adjudication=True), Verdict.OK)
    text = browser_of(cast.inspector).get("/jobs/covers/").content.decode()
    assert "looked too at 1 part that you judged. Answers of yours that were changed: 1." in text
    assert f'<a href="/items/{item.pk}/">A-7</a>: you said' in text
    assert "parts today" in text


def test_a_manager_who_reads_what_the_ai_decided_is_no_blind_judge_of_it(cast: factories.Cast, job: Job) -> None:
    audited = factories.item(job, score=0.01, audit=True)
    browser_of(cast.manager).get("/jobs/covers/")
    assert list(Exposure.objects.values_list("item", "person")) == [(audited.pk, cast.manager.pk)]


def test_older_parts_come_by_key_and_each_once(cast: factories.Cast, job: Job) -> None:
    parts = [factories.item(job, score=0.5, serial=f"part-{number:02}") for number in range(15)]
    browser = browser_of(cast.manager)
    first = browser.get("/jobs/covers/").content.decode()
    assert f"?after={parts[3].pk}" in first
    factories.item(job, score=0.5, serial="late-comer")
    older = browser.get(f"/jobs/covers/items/?after={parts[3].pk}").content.decode()
    assert [f"part-{number:02}" in older for number in range(5)] == [True, True, True, False, False]
    assert "Older parts" not in older


def test_more_parts_take_no_more_queries(cast: factories.Cast, job: Job) -> None:
    browser = browser_of(cast.manager)
    factories.item(job, score=0.01)
    with CaptureQueriesContext(connection) as few:
        browser.get("/jobs/covers/")
    for _ in range(6):
        factories.item(job, score=0.01)
    with CaptureQueriesContext(connection) as many:
        browser.get("/jobs/covers/")
    # The status of the system is looked up by the first of the two alone.
    assert len(many) <= len(few)


def test_the_page_says_why_parts_go_to_people(cast: factories.Cast, job: Job) -> None:
    text = browser_of(cast.manager).get("/jobs/covers/").content.decode()
    assert "Why parts go to people right now" in text
    assert "No AI worker answers: parts go to people as human only." in text
    assert "This job has no live model" in text


def test_a_human_only_job_gives_no_reason_why_people_judge(cast: factories.Cast) -> None:
    factories.job(cast, slug="lids", level=Level.HUMAN_ONLY)
    text = browser_of(cast.manager).get("/jobs/lids/").content.decode()
    assert "Why parts go to people right now" not in text


def test_every_page_says_what_does_not_work(cast: factories.Cast, job: Job) -> None:
    text = browser_of(cast.inspector).get("/jobs/").content.decode()
    assert "<strong>Sweeper:</strong> The sweeper is silent" in text
    all_works()
    text = browser_of(cast.inspector).get("/jobs/").content.decode()
    assert "The sweeper is silent" not in text


def test_an_admin_puts_new_settings_in_force(cast: factories.Cast, job: Job) -> None:
    said = {
        "name": "Covers", "blind_share": "12.5", "audit_share": "5", "hint_mode": "concurrent", "lease_seconds": "60",
        "patience_seconds": "30", "accept_at": "0,1", "reject_at": "", "double_share": "4", "recheck_share": "20",
        "seed_share": "0,5", "hold": "5", "presets": "Flat; 100 %; 50\r\n\r\nEdge;140;180;negative",
    }  # fmt: skip
    browser_of(cast.admin).post("/jobs/covers/policy/", said)
    job.refresh_from_db()
    assert (job.blind_share, job.hint_mode, job.lease_seconds) == (0.125, "concurrent", 60)
    assert (job.double_share, job.recheck_share, job.seed_share, job.hold) == (0.04, 0.2, 0.005, 5)
    assert job.presets == [
        {"name": "Flat", "brightness": 1.0, "contrast": 0.5, "invert": False},
        {"name": "Edge", "brightness": 1.4, "contrast": 1.8, "invert": True},
    ]
    assert job.thresholds is not None
    assert (job.thresholds.version, job.thresholds.accept_at, job.thresholds.reject_at) == (2, 0.1, None)


def test_settings_that_make_no_sense_change_nothing_and_say_why(cast: factories.Cast, job: Job) -> None:
    said = {"name": "New", "blind_share": "many", "audit_share": "5", "hint_mode": "concurrent"}
    answer = browser_of(cast.admin).post("/jobs/covers/policy/", said, follow=True)
    assert "Blind share is a number. Nothing was changed." in answer.content.decode()
    assert Job.objects.get(pk=job.pk).name == "Covers"


def test_an_admin_adopts_the_thresholds_that_the_model_suggests(cast: factories.Cast, job: Job) -> None:
    model = factories.champion(job, factories.bundle(job, score=0.5))
    model.suggested = {"accept_at": 0.05, "reject_at": 0.9}
    model.save()
    browser = browser_of(cast.admin)
    assert "Adopt the suggestion" in browser.get("/jobs/covers/").content.decode()
    browser.post("/jobs/covers/adopt/")
    thresholds = Job.objects.get(pk=job.pk).thresholds
    assert thresholds is not None
    assert (thresholds.accept_at, thresholds.reject_at) == (0.05, 0.9)
    assert "Adopt the suggestion" not in browser.get("/jobs/covers/").content.decode()


def test_an_advisory_job_says_so_on_every_page(cast: factories.Cast, job: Job) -> None:
    for page in ("", "agreement/", "level/", "people/"):
        assert "<strong>Advisory job.</strong>" in browser_of(cast.admin).get(f"/jobs/covers/{page}").content.decode()
    assert ">advisory</span>" in browser_of(cast.admin).get("/jobs/covers/inspect/").content.decode()


def test_the_page_says_beforehand_where_other_thresholds_or_models_would_lead(cast: factories.Cast) -> None:
    job = climbing_job(cast, gate=Gate.ENFORCED)
    agreed(job, cast, [Verdict.OK])
    page = f"/jobs/{job.slug}/"
    assert "the job steps down" not in browser_of(cast.admin).get(page).content.decode()
    Job.objects.update(level=Level.ASSISTANCE)
    old = factories.champion(job, factories.bundle(job, score=0.7))
    factories.champion(job, factories.bundle(job))
    Epoch.objects.update(proven=Level.ASSISTANCE)
    text = " ".join(browser_of(cast.admin).get(page).content.decode().split())
    assert "With another model:</strong> nothing is proven with it, so the job steps down to shadow at once" in text
    assert text.count("the job steps down to shadow at once") == 3
    assert "once more: the job keeps" not in text
    job.refresh_from_db()
    job.champion = old
    job.save()
    text = " ".join(browser_of(cast.admin).get(page).content.decode().split())
    assert "once more: the job keeps assistance, which it has proven in the last 30 days." in text


def test_whoever_leads_a_job_reads_that_nobody_is_left_for_a_second_look(cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.SHADOW)
    Membership.objects.filter(job=job).exclude(person__in=[cast.inspector, cast.manager, cast.service]).delete()
    factories.item(job, score=0.01)
    factories.answer(factories.claim_one(job, cast.manager), Verdict.NG)
    Review.objects.update(created_at=F("created_at") - timedelta(minutes=16))
    said = "Nobody is left for a second look"
    pages = [browser_of(who) for who in (cast.manager, cast.inspector, cast.service)]
    assert [said in one.get("/jobs/covers/").content.decode() for one in pages] == [False, False, False]
    Person.objects.filter(pk=cast.inspector.pk).update(simulated=True)
    assert [said in one.get("/jobs/covers/").content.decode() for one in pages] == [True, False, False]


@pytest.mark.parametrize("second", [Verdict.OK, Verdict.NG])
def test_the_number_of_waiting_parts_does_not_tell_who_judged_one_what_the_ai_said(
    cast: factories.Cast, second: Verdict
) -> None:
    """It did not fall where the answer differed from the AI's, which the manager could still take back."""
    covers = factories.job(cast, level=Level.SHADOW, shares={"double_share": 0.0, "recheck_share": 0.0})
    factories.item(covers, score=0.02)
    factories.answer(factories.claim_one(covers, cast.manager), second)
    html = browser_of(cast.manager).get("/jobs/covers/").content.decode()
    assert "0 parts wait for people" in html

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspection.models import Job
from inspection.vocabulary import Level
from tests import factories
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db


def test_the_list_shows_a_manager_what_the_ai_and_people_decided_today(cast: factories.Cast, job: Job) -> None:
    factories.item(job, score=0.01)
    factories.item(job, score=0.5)
    factories.answer(factories.claim_one(job, cast.inspector))
    text = browser_of(cast.manager).get("/jobs/").content.decode()
    assert "partial automation" in text
    assert "1 / 1" in text


def test_the_list_shows_an_inspector_no_count_that_tells_what_the_ai_said(cast: factories.Cast, job: Job) -> None:
    factories.item(job, score=0.01)
    text = browser_of(cast.inspector).get("/jobs/").content.decode()
    assert "NG today" not in text
    assert "Decided today" not in text
    assert "1 / 0" not in text


def test_somebody_without_a_job_reads_what_to_do(cast: factories.Cast) -> None:
    text = browser_of(cast.outsider).get("/jobs/").content.decode()
    assert "ask the admin of a job to add <strong>outsider</strong>" in text


def test_more_jobs_take_no_more_queries(cast: factories.Cast) -> None:
    factories.job(cast, slug="one", level=Level.SHADOW)
    browser = browser_of(cast.admin)
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get("/jobs/")
    for number in range(5):
        factories.job(cast, slug=f"more-{number}")
    with CaptureQueriesContext(connection) as many:
        browser.get("/jobs/")
    assert len(many) <= len(few)

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client

from inspection import models as tables
from inspection.admin import ReadOnly
from inspection.models import Job, Person
from tests import factories
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db

CHANGEABLE = {tables.Person, tables.Membership}


@pytest.fixture
def browser(cast: factories.Cast) -> Client:
    cast.admin.is_staff = cast.admin.is_superuser = True
    cast.admin.save()
    return browser_of(cast.admin)


def test_everything_but_people_and_memberships_can_only_be_read() -> None:
    pages = {model: admin.site.get_model_admin(model) for model in apps.get_app_config("inspection").get_models()}
    assert {model for model, page in pages.items() if not isinstance(page, ReadOnly)} == CHANGEABLE


def test_every_table_opens_and_offers_nothing_that_would_write(browser: Client, cast: factories.Cast, job: Job) -> None:
    factories.item(job, score=0.01, audit=True)
    factories.answer(factories.claim_one(job, cast.inspector))
    for model in apps.get_app_config("inspection").get_models():
        name = model._meta.model_name
        answer = browser.get(f"/admin/inspection/{name}/")
        assert answer.status_code == 200, name
        if model not in CHANGEABLE:
            assert browser.get(f"/admin/inspection/{name}/add/").status_code == 403, name


def test_a_decision_cannot_be_changed_or_deleted(browser: Client, cast: factories.Cast, job: Job) -> None:
    item = factories.item(job, score=0.01)
    page = f"/admin/inspection/decision/{item.decision_id}"
    assert browser.get(f"{page}/change/").status_code == 200
    assert browser.post(f"{page}/change/", {"verdict": "NG"}).status_code == 403
    assert browser.post(f"{page}/delete/", {"post": "yes"}).status_code == 403
    item.refresh_from_db()
    assert item.decision is not None
    assert item.decision.verdict == "OK"


def test_the_salts_of_chance_are_not_shown(browser: Client, job: Job) -> None:
    text = browser.get(f"/admin/inspection/job/{job.pk}/change/").content.decode()
    assert job.salts["blind"] not in text


def test_people_leave_by_being_made_inactive(browser: Client, cast: factories.Cast) -> None:
    answer = browser.post(f"/admin/inspection/person/{cast.inspector.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 403
    assert Person.objects.filter(pk=cast.inspector.pk).exists()


def test_the_site_admin_is_closed_to_others(cast: factories.Cast, job: Job) -> None:
    assert browser_of(cast.manager).get("/admin/inspection/evidence/").status_code == 302


@pytest.mark.parametrize("table", ["prediction", "routing", "decision"])
def test_what_the_ai_said_stays_out_while_somebody_is_asked(browser: Client, job: Job, table: str) -> None:
    """A site admin may be the one who is asked, and a look here leaves no exposure behind."""
    part = factories.item(job, score=0.01, audit=True)
    row = getattr(part, f"{table}s").get()
    assert browser.get(f"/admin/inspection/{table}/{row.pk}/change/").status_code == 302
    assert "0 " in browser.get(f"/admin/inspection/{table}/").content.decode().split('class="paginator"')[1][:200]


def test_what_the_ai_said_is_there_once_nobody_is_asked(browser: Client, cast: factories.Cast, job: Job) -> None:
    part = factories.item(job, score=0.01, audit=True)
    factories.answer(factories.claim_one(job, cast.inspector))
    assert browser.get(f"/admin/inspection/prediction/{part.predictions.get().pk}/change/").status_code == 200

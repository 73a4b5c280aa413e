from __future__ import annotations

import pytest

from inspection.models import Job
from inspection.vocabulary import Level
from inspection.web.keys import LABEL_KEYS, chips
from tests import factories
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db


def test_the_page_itself_names_no_part_and_no_reason(cast: factories.Cast, job: Job) -> None:
    item = factories.item(job, score=0.5, serial="secret-serial")
    text = browser_of(cast.inspector).get("/jobs/covers/inspect/").content.decode()
    assert "secret-serial" not in text
    assert str(item.pk) not in text
    assert str(item.reviews.get().pk) not in text


def test_blind_audited_and_handed_over_parts_get_the_same_page(cast: factories.Cast, job: Job) -> None:
    pages = set()
    for options in ({"score": 0.5}, {"score": 0.01, "audit": True}, {"score": 0.5, "blind": True}):
        factories.item(job, **options)  # type: ignore[arg-type]
        browser = browser_of(cast.inspector)
        browser.cookies["csrftoken"] = "x" * 32
        text = browser.get("/jobs/covers/inspect/").content.decode()
        token = text.split('"X-CSRFToken": "')[1].split('"')[0]
        pages.add(text.replace(token, ""))
        factories.answer(factories.claim_one(job, cast.inspector2))
    assert len(pages) == 1


def test_the_page_counts_what_this_person_judged_today(cast: factories.Cast, job: Job) -> None:
    for person in (cast.inspector, cast.inspector, cast.inspector2):
        factories.item(job, score=0.5)
        factories.answer(factories.claim_one(job, person))
    text = browser_of(cast.inspector).get("/jobs/covers/inspect/").content.decode()
    assert '<strong id="count" class="figure">2</strong>' in text


def test_labels_get_keys_that_do_nothing_else(job: Job) -> None:
    assert [(chip.code, chip.key) for chip in chips(job.labels.all())] == [("scratch", "a"), ("dent", "s")]
    assert not set(LABEL_KEYS) & set("0123ouhnxyzi/?bcjklqrvw+-=_[]")
    assert len(set(LABEL_KEYS)) == len(LABEL_KEYS)


def test_the_page_knows_whose_it_is_and_how_many_parts_are_held_ahead(cast: factories.Cast, job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(hold=5)
    text = browser_of(cast.inspector).get("/jobs/covers/inspect/").content.decode()
    assert f'data-person="{cast.inspector.pk}" data-name="inspector" data-hold="5"' in text
    assert 'data-log-in="/log-in/?next=/jobs/covers/inspect/"' in text


@pytest.mark.parametrize("level", Level)
def test_automation_can_be_stopped_where_there_is_some(cast: factories.Cast, level: Level) -> None:
    factories.job(cast, level=level)
    text = browser_of(cast.inspector).get("/jobs/covers/inspect/").content.decode()
    assert ('value="stop"' in text) == (level in (Level.PARTIAL, Level.FULL))

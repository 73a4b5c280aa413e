from __future__ import annotations

import pytest

from inspection.models import Job, LevelChange
from inspection.vocabulary import Gate, Level
from tests import factories
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db


def test_the_button_says_what_a_step_down_does(cast: factories.Cast, job: Job) -> None:
    for _ in range(2):
        factories.item(job, score=0.5)
    text = browser_of(cast.manager).get("/jobs/covers/level/").content.decode()
    assert "Lower to assistance: 2 undecided parts go to people" in " ".join(text.split())


def test_a_manager_gets_no_button_upwards(cast: factories.Cast, job: Job) -> None:
    text = browser_of(cast.manager).get("/jobs/covers/level/").content.decode()
    assert "Raise to" not in text
    assert "Raise to full automation" in browser_of(cast.admin).get("/jobs/covers/level/").content.decode()


def test_an_admin_climbs_with_a_reason_that_stands_in_the_history(cast: factories.Cast, job: Job) -> None:
    said = {"level": "full", "reason": "three good weeks"}
    answer = browser_of(cast.admin).post("/jobs/covers/level/", said, follow=True)
    text = answer.content.decode()
    assert "The job stands on full automation now." in text
    assert "three good weeks" in text
    assert LevelChange.objects.filter(job=job, new="full", by=cast.admin).count() == 1


def test_a_switch_without_a_reason_changes_nothing(cast: factories.Cast, job: Job) -> None:
    answer = browser_of(cast.admin).post("/jobs/covers/level/", {"level": "full", "reason": " "}, follow=True)
    assert "Say why; it goes into the history." in answer.content.decode()
    assert Job.objects.get(pk=job.pk).level == "partial"


def test_an_enforced_job_shows_what_has_to_be_proven(cast: factories.Cast) -> None:
    factories.job(cast, slug="lids", level=Level.SHADOW, gate=Gate.ENFORCED)
    text = browser_of(cast.admin).get("/jobs/lids/level/").content.decode()
    assert "Assistance has to be proven first." in text
    assert "misses among defects below 20 %, with 95 % confidence" in text
    assert "Raise to" not in text

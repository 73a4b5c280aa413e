from __future__ import annotations

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.utils import timezone

from inspection.acts.add_sample import NewSample, add_sample
from inspection.acts.remove_demonstration import _OF_JOB
from inspection.models import Item, Job, Sample
from inspection.vocabulary import Level, SampleKind
from tests import factories
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(cast: factories.Cast) -> Job:
    made = factories.job(cast, slug="shown", level=Level.SHADOW, demonstration=True)
    factories.item(made, score=0.5)
    return made


def test_a_demonstration_says_so_and_its_admin_can_remove_it(cast: factories.Cast, demonstration: Job) -> None:
    text = browser_of(cast.admin).get("/jobs/shown/").content.decode()
    assert "<strong>Demonstration.</strong>" in text
    assert "Remove all demonstration jobs with their parts and verdicts" in text
    assert "Remove all demonstration jobs" not in browser_of(cast.manager).get("/jobs/shown/").content.decode()


def test_removing_takes_its_label_book_and_leaves_that_of_others(cast: factories.Cast, demonstration: Job) -> None:
    for place, of in enumerate((demonstration, factories.job(cast))):
        shown, now = factories.picture(700 + place), timezone.now()
        add_sample(job=of, new=NewSample(SampleKind.GOLDEN), shown=shown, by=cast.manager, now=now)
    browser_of(cast.admin).post("/jobs/shown/remove-demonstration/", follow=True)
    [left] = Sample.objects.select_related("picture")
    assert (left.job.slug, default_storage.exists(left.picture.name)) == ("covers", True)


def test_removing_takes_the_demonstration_and_nothing_else(cast: factories.Cast, demonstration: Job) -> None:
    kept = factories.item(factories.job(cast))
    answer = browser_of(cast.admin).post("/jobs/shown/remove-demonstration/", follow=True)
    assert "The demonstration is gone. Removed: jobs 1, parts 1." in answer.content.decode()
    assert list(Job.objects.values_list("slug", flat=True)) == ["covers"]
    assert list(Item.objects.all()) == [kept]


def test_every_table_of_a_job_goes_with_it() -> None:
    """A table that was forgotten kept the demonstration from being removed, once anything stood in it."""
    not_of_a_job = {"Job", "Person", "Picture", "Heartbeat", "SummaryMark"}
    tables = {table.__name__ for table in apps.get_app_config("inspection").get_models()}
    assert {table.__name__ for table, _tie in _OF_JOB} == tables - not_of_a_job

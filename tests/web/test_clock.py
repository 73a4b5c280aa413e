"""The reader's clock, as the browser says it, beside that of the job."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client, RequestFactory

from inspection.clock import readers_zone
from inspection.models import Job
from inspection.queries.restarts import Restarted
from inspection.templatetags.figures import on_own_clock
from inspection.web.clock import COOKIE, zone_of
from tests import factories
from tests.web.conftest import browser_of

MOMENT = datetime(2026, 11, 18, 22, 5, 9, tzinfo=UTC)
NOTE = "Times are Asia/Ho_Chi_Minh."


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("Asia%2FHo_Chi_Minh", "Asia/Ho_Chi_Minh"),
        ("", ""),
        ("Asia", ""),
        ("Mars/Olympus", ""),
        ("../../../../etc/passwd", ""),
        ("x" * 5000, ""),
    ],
)
def test_a_browser_s_zone_is_taken_where_it_is_known_here(said: str, zone: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = said
    assert zone_of(request) == zone


def there(person: factories.Person, zone: str) -> Client:
    browser = browser_of(person)
    browser.cookies[COOKIE] = zone
    return browser


@pytest.mark.django_db
@pytest.mark.parametrize(("zone", "noted"), [("Europe/Berlin", True), ("Asia/Bangkok", False), ("", False)])
def test_a_job_on_another_clock_names_it_to_the_reader(cast: factories.Cast, zone: str, noted: bool) -> None:
    made = factories.job(cast)
    Job.objects.filter(pk=made.pk).update(time_zone="Asia/Ho_Chi_Minh")
    assert (NOTE in there(cast.manager, zone).get("/jobs/covers/").content.decode()) is noted


@pytest.mark.django_db
def test_the_clock_of_one_reader_is_forgotten_before_the_next(cast: factories.Cast) -> None:
    factories.job(cast)
    there(cast.manager, "Europe/Berlin").get("/jobs/covers/")
    assert readers_zone.get() == ""


@pytest.mark.parametrize(("zone", "said"), [("Asia/Ho_Chi_Minh", "05:05:09"), ("", "22:05:09 UTC")])
def test_what_happened_in_no_job_is_told_by_the_own_clock(zone: str, said: str) -> None:
    row = Restarted(part="web", died_at=MOMENT, back_at=MOMENT + timedelta(seconds=1))
    before = readers_zone.set(zone)
    assert on_own_clock(row.died_at) == said
    readers_zone.reset(before)

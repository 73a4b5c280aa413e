"""The clock of a real browser beside that of a job."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from inspection.models import Job
from tests import factories
from tests.browser.conftest import LogIn

pytestmark = pytest.mark.django_db(transaction=True)
NOTE = "Times are Asia/Ho_Chi_Minh."


@pytest.mark.parametrize(("zone", "notes"), [("Europe/Berlin", 1), ("Asia/Saigon", 0)])
def test_a_reader_elsewhere_is_told_by_which_clock_a_job_goes(
    cast: factories.Cast, log_in: LogIn, zone: str, notes: int
) -> None:
    made = factories.job(cast)
    Job.objects.filter(pk=made.pk).update(time_zone="Asia/Ho_Chi_Minh")
    page = log_in("manager", timezone_id=zone)
    page.goto("/jobs/covers/")
    expect(page.get_by_text(NOTE)).to_have_count(notes)

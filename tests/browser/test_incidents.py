from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from inspection.acts.report_incident import report_incident
from inspection.models import Incident
from inspection.vocabulary import Level
from tests import factories
from tests.browser.conftest import LogIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_manager_reads_what_was_reported_and_answers(
    cast: factories.Cast, log_in: LogIn, look: Callable[[Page, str], None], scheme: str
) -> None:
    job = factories.job(cast, level=Level.SHADOW)
    part = factories.item(job, score=0.5, serial="A-17", data=factories.picture(1, size=(300, 200)))
    for item, words in ((part, "the part lies upside down in the fixture"), (None, "the lamp flickers")):
        report_incident(job=job, item=item, words=words, client_key=words, by=cast.inspector, now=timezone.now())
    page = log_in("manager", color_scheme=scheme)
    page.goto("/jobs/covers/")
    look(page, f"job-manager-{scheme}")
    page.get_by_role("link", name="Read and answer them").click()
    lamp = page.locator(".report", has_text="the lamp flickers")
    lamp.get_by_label("What was found and done?").fill("lamp changed")
    lamp.get_by_role("button", name="Answer and close").click()
    expect(page.get_by_role("heading", name="1 report is open")).to_be_visible()
    expect(page.locator("section[aria-labelledby=closed]")).to_contain_text("lamp changed")
    look(page, f"incidents-{scheme}")
    assert Incident.objects.get(words="the lamp flickers").closed_by == cast.manager

"""Search and label book in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from inspection.models import Job, Sample
from inspection.vocabulary import Level
from tests import factories
from tests.browser.conftest import LogIn, resized

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[Page, str], None]
PICTURE: FilePayload = {"name": "good.png", "mimeType": "image/png", "buffer": factories.picture(600, size=300)}


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    made = factories.job(cast, level=Level.FULL)
    for number in range(3):
        factories.item(made, score=0.05, serial=f"cover-{number}", lot="L1")
    return made


def test_only_what_was_asked_for_stands_in_the_address(job: Job, log_in: LogIn, look: Look) -> None:
    page = log_in("manager")
    page.goto("/jobs/covers/parts/")
    page.get_by_label("Serial begins with").fill("cover-1")
    page.get_by_label("Verdict in force").select_option("OK")
    page.get_by_role("button", name="Show these parts").click()
    page.wait_for_url("**/parts/?serial=cover-1&verdict=OK")
    expect(page.get_by_role("heading", name="1 part", exact=True)).to_be_visible()
    look(page, "parts")
    page.get_by_role("link", name="All parts").click()
    expect(page.get_by_role("heading", name="3 parts", exact=True)).to_be_visible()
    resized(page, 390)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_part_is_opened_again_from_the_list(job: Job, log_in: LogIn) -> None:
    page = log_in("manager")
    page.goto("/jobs/covers/parts/?serial=cover-2")
    page.get_by_role("link", name="cover-2").click()
    page.get_by_label("Why").fill("a customer found a scratch")
    page.get_by_role("button", name="Open it again").click()
    expect(page.get_by_text("Somebody else is asked to look at this part again.")).to_be_visible()


def test_a_manager_fills_the_book_and_an_inspector_reads_it(job: Job, log_in: LogIn, look: Look) -> None:
    page = log_in("manager")
    page.goto("/jobs/covers/book/")
    dent = page.locator("#label-dent")
    dent.get_by_text("Add a picture").click()
    dent.get_by_label("Not good enough").check()
    dent.get_by_label("Picture", exact=True).set_input_files(PICTURE)
    dent.get_by_label("What to see on it").fill("seen from the side")
    dent.get_by_role("button", name="Put it into the label book").click()
    expect(page.get_by_text("The picture stands in the label book now.")).to_be_visible()
    assert page.url.endswith("/book/#label-dent")
    reader = log_in("inspector")
    reader.goto("/jobs/covers/book/")
    shown = reader.get_by_role("img", name="Not good enough: seen from the side")
    shown.scroll_into_view_if_needed()
    reader.wait_for_function("image => image.complete && image.naturalWidth === 300", arg=shown.element_handle())
    look(reader, "book")
    assert Sample.objects.get().by.username == "manager"

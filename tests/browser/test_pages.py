"""Every page in a real browser: no script error, nothing that the content policy refuses, no wider than a telephone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from inspection.models import Job
from inspection.vocabulary import Level, Verdict
from tests import factories
from tests.browser.conftest import LogIn, resized

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[Page, str], None]

PAGES = {
    "jobs": "/jobs/",
    "job": "/jobs/covers/",
    "agreement": "/jobs/covers/agreement/",
    "level": "/jobs/covers/level/",
    "bars": "/jobs/covers/bars/",
    "people": "/jobs/covers/people/",
    "book": "/jobs/covers/book/",
    "parts": "/jobs/covers/parts/",
    "known": "/jobs/covers/known/",
    "incidents": "/jobs/covers/incidents/",
    "adjudication": "/jobs/covers/adjudication/",
    "grid": "/jobs/covers/grid/",
    "new-job-empty": "/new-job/",
    "not-found": "/jobs/nothing/",
}

# What a finger in a glove would miss; of a box to tick its label counts, and links within a sentence do not.
SMALL_TARGETS = """() => [...document.querySelectorAll("button, .button, select, textarea, summary, nav a, input")]
  .filter(one => !one.matches("[type=hidden], .unseen") && one.checkVisibility())
  .map(one => [one, (one.matches("[type=checkbox], [type=radio]") && one.closest("label")) || one])
  .filter(([, box]) => Math.min(box.getBoundingClientRect().height, box.getBoundingClientRect().width) < 43.5)
  .map(([one]) => one.outerHTML.slice(0, 120))"""


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    made = factories.job(cast, level=Level.SHADOW)
    for number in range(6):
        factories.item(made, score=0.05, lot=f"L{number // 2}", serial=f"cover-{number}")
        factories.answer(factories.claim_one(made, cast.inspector), Verdict.NG if number == 5 else Verdict.OK)
    return made


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_clean_and_fits_a_telephone(job: Job, log_in: LogIn, look: Look, name: str) -> None:
    page = log_in("admin")
    page.goto(PAGES[name])
    page.wait_for_load_state("networkidle")
    look(page, name)
    assert page.evaluate(SMALL_TARGETS) == []
    resized(page, 390)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate(SMALL_TARGETS) == []


def test_the_page_of_a_part_loads_clean(job: Job, log_in: LogIn, look: Look) -> None:
    page = log_in("manager")
    page.goto("/jobs/covers/")
    page.get_by_role("link", name="cover-5").click()
    expect(page.get_by_role("heading", name="Everything that happened to it")).to_be_visible()
    look(page, "item")


def test_an_admin_switches_the_level_with_a_reason(job: Job, log_in: LogIn) -> None:
    page = log_in("admin")
    page.goto("/jobs/covers/level/")
    page.get_by_role("button", name="Raise to assistance").click()
    assert Job.objects.get().level == Level.SHADOW, "the browser asks for the reason first"
    page.get_by_label("Why").fill("it agrees with people")
    page.get_by_role("button", name="Raise to assistance").click()
    expect(page.get_by_role("status").filter(has_text="The job stands on assistance now.")).to_be_visible()
    expect(page.get_by_role("cell", name="it agrees with people")).to_be_visible()
    assert Job.objects.get().level == Level.ASSISTANCE


def test_a_keyboard_reaches_the_content_first(job: Job, log_in: LogIn) -> None:
    page = log_in("admin")
    page.goto("/jobs/covers/level/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_status_is_fetched_again_while_a_page_stands(job: Job, log_in: LogIn) -> None:
    page = log_in("manager")
    page.goto("/jobs/")
    page.evaluate("htmx.ajax('GET', '/status/', {target: '#status', swap: 'innerHTML'})")
    expect(page.locator("#status")).to_contain_text("The sweeper is silent")

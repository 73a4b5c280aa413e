"""The question what if, in a real browser: by keyboard, on a telephone, in both themes, on paper, up to the lock."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from inspection.models import Job
from inspection.vocabulary import Verdict
from tests import factories
from tests.browser.conftest import LogIn, resized
from tests.browser.test_accessible import violations
from tests.browser.test_pages import SMALL_TARGETS
from tests.climbs import agreed, climbing_job

pytestmark = pytest.mark.django_db(transaction=True)
OK, NG, _UNSURE = Verdict
PAGE = "/jobs/covers/what-if/"
Look = Callable[[Page, str], None]


@pytest.fixture
def covers(cast: factories.Cast) -> Job:
    """Ten parts in shadow; the bar is loose enough for them to choose a threshold."""
    made = climbing_job(cast)
    agreed(made, cast, [OK] * 8 + [NG] * 2)
    Job.objects.update(bars={**made.bars, "escape": 0.5})
    return made


def test_the_page_breaks_no_rule_and_fits_a_telephone(covers: Job, log_in: LogIn, look: Look) -> None:
    page = log_in("admin")
    page.goto(f"{PAGE}?level=full&accept_at=0.3")
    page.get_by_text("The same as a table").click()
    page.wait_for_load_state("networkidle")
    look(page, "what-if")
    assert violations(page) == {}
    assert page.evaluate(SMALL_TARGETS) == []
    resized(page, 390)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate(SMALL_TARGETS) == []


def test_an_empty_page_breaks_no_rule(cast: factories.Cast, log_in: LogIn) -> None:
    factories.job(cast)
    page = log_in("manager")
    page.goto(f"{PAGE}?audit=0")
    expect(page.get_by_role("alert")).to_contain_text("cannot be seen to fail")
    assert violations(page) == {}


def test_a_setting_is_tried_by_keyboard_and_stands_in_the_address(covers: Job, log_in: LogIn) -> None:
    page = log_in("manager")
    page.goto(PAGE)
    page.get_by_label("Level", exact=True).select_option("full")
    page.get_by_label("OK up to a score of").press("Control+a")
    page.keyboard.type("0,04")
    page.keyboard.press("Enter")
    expect(page.get_by_text("At full automation with OK up to 0.04 the AI would have decided")).to_be_visible()
    assert "level=full" in page.url
    page.get_by_text("The same as a table").press("Enter")
    page.get_by_role("link", name="try 0.05").press("Enter")
    expect(page.get_by_text("At full automation with OK up to 0.05")).to_be_visible()
    page.get_by_role("link", name="As in force").click()
    expect(page.get_by_text("This is what is in force now.")).to_be_visible()


def test_each_field_shows_that_the_keyboard_is_on_it(covers: Job, log_in: LogIn) -> None:
    page = log_in("manager")
    page.goto(PAGE)
    page.get_by_label("Level", exact=True).focus()
    seen = {}
    for _ in range(13):
        page.keyboard.press("Tab")
        name, ring = page.evaluate(
            "[document.activeElement.name, getComputedStyle(document.activeElement).outlineStyle]"
        )
        seen[name] = ring
    fields = ("accept_at", "reject_at", "audit", "blind", "since", "until")
    assert {name: seen.get(name) for name in fields} == dict.fromkeys(fields, "solid")


def test_an_admin_locks_the_threshold_having_read_what_it_does(covers: Job, log_in: LogIn) -> None:
    page = log_in("admin")
    page.goto(PAGE)
    expect(page.get_by_text("the 10 parts that count now chose the threshold and do not prove it.")).to_be_visible()
    page.get_by_role("button", name="Lock 0.8").press("Enter")
    expect(page.get_by_role("status").filter(has_text="0.8 is locked.")).to_be_visible()
    expect(page.get_by_text("It is in force, locked since")).to_be_visible()
    job = Job.objects.select_related("thresholds").get()
    assert job.thresholds is not None
    assert job.thresholds.accept_at == 0.8


def test_on_paper_there_is_nothing_to_press(covers: Job, log_in: LogIn) -> None:
    page = log_in("admin")
    page.goto(f"{PAGE}?level=partial")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Try")).to_be_hidden()
    expect(page.get_by_role("button", name="Lock 0.8")).to_be_hidden()
    expect(page.get_by_role("heading", name="What it would have come to")).to_be_visible()

"""The report on agreement in a real browser: on screen, on a telephone and on paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from inspection.models import Decision, Evidence, Job, LevelChange, Person
from inspection.vocabulary import Language, Level, Verdict
from tests import factories
from tests.browser.conftest import LogIn, resized
from tests.browser.test_accessible import violations
from tests.browser.test_pages import SMALL_TARGETS

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[Page, str], None]

ADDRESSES = ("agreement/", "agreement/?since=2001-01-01&station=S1", "agreement/differences/", "agreement/own/")
UNFOLDED = """() => addEventListener("beforeprint", () => {
  window.unfolded = document.querySelectorAll("main details:not([open])").length;
})"""
WIDER = """() => [...document.querySelectorAll("main *")]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1).length"""


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    """Three days of work: agreements, an escape that a second inspector confirmed, overkill, one UNSURE."""
    made = factories.job(cast, level=Level.SHADOW)
    for number in range(12):
        score = 0.99 if number % 4 == 1 else 0.01
        factories.item(made, score=score, lot=f"L{number // 3}", serial=f"cover-{number}", station=f"S{number % 2}")
        verdict = [Verdict.OK, Verdict.NG, Verdict.OK, Verdict.OK][number % 4] if number != 6 else Verdict.NG
        labels = ("dent",) if verdict == Verdict.NG else ()
        factories.answer(factories.claim_one(made, cast.inspector), verdict, labels=labels)
        if number == 6:
            factories.answer(factories.claim_one(made, cast.inspector2), Verdict.NG, labels=labels)
    for number, row in enumerate(Evidence.objects.order_by("id")):
        back = timedelta(days=3 - number // 4)
        Evidence.objects.filter(pk=row.pk).update(day=(row.at - back).date(), at=row.at - back)
        Decision.objects.filter(item=row.item_id).update(at=row.at - back)
    change = LevelChange.objects.get(job=made)
    LevelChange.objects.filter(pk=change.pk).update(old=Level.HUMAN_ONLY, at=change.at - timedelta(days=2))
    return made


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_of_the_report_loads_clean_and_fits_a_telephone(
    job: Job, log_in: LogIn, look: Look, address: str
) -> None:
    page = log_in("inspector" if "own" in address else "manager")
    page.goto(f"/jobs/covers/{address}")
    page.wait_for_load_state("networkidle")
    look(page, address.strip("/").replace("/", "-").partition("?")[0])
    assert page.evaluate(SMALL_TARGETS) == []
    resized(page, 390)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("language", Language.values)
def test_the_pages_of_the_report_break_no_rule(job: Job, log_in: LogIn, language: str) -> None:
    Person.objects.update(language=language)
    page = log_in("manager")
    for address in ADDRESSES:
        page.goto(f"/jobs/covers/{address}")
        page.wait_for_load_state("networkidle")
        for details in page.locator("main details").all():
            details.evaluate("one => { one.open = true; }")
        assert (address, violations(page)) == (address, {})


def test_the_worst_difference_comes_first_and_leads_to_its_part(job: Job, log_in: LogIn) -> None:
    page = log_in("manager")
    page.goto("/jobs/covers/agreement/")
    first = page.locator(".differences li").first
    expect(first).to_contain_text("cover-6")
    expect(first).to_contain_text("a second look")
    # A lazy picture that nobody has scrolled to never decodes.
    first.scroll_into_view_if_needed()
    expect(first.locator("img")).to_have_js_property("complete", True)
    assert first.locator("img").evaluate("one => one.naturalWidth") > 0
    first.locator("a").click()
    expect(page.locator("h1")).to_contain_text("cover-6")


def test_a_segment_is_one_click_away_and_stands_in_the_address(job: Job, log_in: LogIn) -> None:
    page = log_in("manager")
    page.goto("/jobs/covers/agreement/")
    expect(page.locator(".answer")).to_contain_text("In 11 of 12 parts")
    page.get_by_role("link", name="S1", exact=True).click()
    expect(page.locator(".answer")).to_contain_text("of 6 parts")
    assert "station=S1" in page.url
    expect(page.locator("#station")).to_have_value("S1")


def test_every_chart_has_its_table_one_click_away(job: Job, log_in: LogIn) -> None:
    page = log_in("manager")
    page.goto("/jobs/covers/agreement/")
    charts = page.locator("figure.plot")
    assert charts.count() == 3, "its lots are too small for a chart of their own"
    assert page.get_by_text("The same as a table").count() == charts.count()
    page.get_by_text("The same as a table").first.click()
    expect(page.get_by_text("level shadow").last).to_be_visible()


def test_paper_has_who_printed_it_and_every_table_and_nothing_to_press(job: Job, log_in: LogIn) -> None:
    page = log_in("manager")
    page.goto("/jobs/covers/agreement/")
    expect(page.get_by_text("by manager,")).to_be_hidden()
    page.evaluate(UNFOLDED)
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert page.evaluate("window.unfolded") == 0
    assert page.locator("main details:not([open])").count() > 0
    page.emulate_media(media="print")
    resized(page, 700, 990)
    expect(page.get_by_text("by manager,")).to_be_visible()
    for hidden in (".top", ".tabs", ".filter", "#print", "main summary"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert page.evaluate(WIDER) == 0

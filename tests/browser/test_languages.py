"""The pages in Vietnamese, in a real browser: the switch, what scripts say, figures, names of labels."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from inspection.models import Job, Label, Person
from inspection.vocabulary import Level
from inspection.web import agreement_charts
from tests import factories
from tests.browser.conftest import LogIn, bench

pytestmark = pytest.mark.django_db(transaction=True)

# Pages of the job that an admin may open, each narrow enough for a telephone in the longer language too.
PAGES = ("", "agreement/", "level/", "people/", "book/", "parts/", "known/", "incidents/", "adjudication/")


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    made = factories.job(cast, level=Level.SHADOW)
    Label.objects.filter(job=made, code="scratch").update(translations={"vi": {"name": "Vết xước"}})
    for number in range(8):
        factories.item(made, score=0.05, serial=f"cover-{number}", lot=f"L{number // 4}")
    for _ in range(7):
        factories.answer(factories.claim_one(made, cast.inspector))
    return made


@pytest.fixture
def vietnamese(cast: factories.Cast) -> None:
    Person.objects.update(language="vi")


def test_the_log_in_page_speaks_the_language_chosen_there(page: Page, live_server: object, db: None) -> None:
    page.goto(f"{live_server}/log-in/")
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_a_person_keeps_the_language_and_the_page(job: Job, log_in: LogIn) -> None:
    page = log_in("manager")
    page.goto("/jobs/covers/agreement/?model=")
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(page).to_have_url(re.compile(r"/jobs/covers/agreement/\?model=$"))
    expect(page.get_by_role("heading", name="AI và người nhất trí đến mức nào")).to_be_visible()
    assert Person.objects.get(username="manager").language == "vi"


def test_figures_have_a_decimal_comma_and_the_plot_still_draws(
    job: Job, log_in: LogIn, vietnamese: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its lots are too small for a chart of their own.
    monkeypatch.setattr(agreement_charts, "WORTH_A_POINT", 1)
    page = log_in("manager")
    page.goto("/jobs/covers/agreement/")
    expect(page.locator(".answer")).to_contain_text("100,0\u202f%")
    dot = page.locator(".plot circle").first
    assert re.fullmatch(r"\d+(\.\d+)?", dot.get_attribute("cx") or ""), "a comma there is no number to a browser"


def test_the_bench_speaks_vietnamese_by_script_and_page(job: Job, log_in: LogIn, vietnamese: None) -> None:
    page = log_in("inspector")
    bench(page, job)
    expect(page.locator("#saved")).to_have_text("đã lưu hết")
    expect(page.locator("[data-label=scratch]")).to_contain_text("Vết xước")
    page.locator("[data-label=scratch]").click()
    page.keyboard.press("1")
    expect(page.locator("#notice")).to_contain_text("Đã đánh dấu lỗi.")


def test_the_list_of_keys_changes_the_language_of_the_bench(job: Job, log_in: LogIn) -> None:
    page = log_in("inspector")
    bench(page, job)
    page.keyboard.press("?")
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(page).to_have_url(re.compile(r"/jobs/covers/inspect/$"))
    expect(page.locator("#leave")).to_have_text("Rời đi")


def test_a_refusal_is_said_in_vietnamese(job: Job, log_in: LogIn, vietnamese: None) -> None:
    page = log_in("admin")
    page.goto("/jobs/covers/people/")
    page.locator("#username").fill("nobody-there")
    page.locator("form.stack button.primary").click()
    expect(page.locator(".messages")).to_contain_text("Không có ai tên là nobody-there. Không có gì thay đổi.")


@pytest.mark.parametrize("place", PAGES)
def test_longer_words_still_fit_a_telephone(job: Job, log_in: LogIn, vietnamese: None, place: str) -> None:
    page = log_in("admin", viewport={"width": 390, "height": 844})
    page.goto(f"/jobs/covers/{place}")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_page_that_came_in_english_loads_no_list_of_words(job: Job, log_in: LogIn) -> None:
    page = log_in("inspector")
    bench(page, job)
    assert page.locator("script[src^='/words/']").count() == 0

"""Every page by the rules of WCAG 2.2 AA, as far as a machine can tell: axe-core, both themes, both languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

from inspection.models import Item, Job, Person
from inspection.policy.job_policy import JobPolicy
from inspection.vocabulary import HintMode, Language, Level, Verdict
from tests import factories
from tests.browser.conftest import LogIn, bench, resized
from tests.provisions.browser import LARGE, SMALL

pytestmark = pytest.mark.django_db(transaction=True)

AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
LOOK = """async rules => {
  const found = await axe.run(document, { runOnly: { type: "tag", values: rules } });
  return found.violations.map(one => one.id + ": " + one.nodes.map(node => node.html.slice(0, 200)).join(" | "));
}"""

PAGES = {
    "jobs": ("admin", "/jobs/"),
    "job": ("admin", "/jobs/covers/"),
    "own-work": ("inspector", "/jobs/covers/"),
    "new-job": ("admin", "/new-job/"),
    "agreement": ("admin", "/jobs/covers/agreement/"),
    "level": ("admin", "/jobs/covers/level/"),
    "bars": ("admin", "/jobs/covers/bars/"),
    "people": ("admin", "/jobs/covers/people/"),
    "book": ("manager", "/jobs/covers/book/"),
    "parts": ("manager", "/jobs/covers/parts/"),
    "known": ("manager", "/jobs/covers/known/"),
    "incidents": ("manager", "/jobs/covers/incidents/"),
    "not-found": ("admin", "/jobs/nothing/"),
    "not-allowed": ("inspector", "/jobs/covers/people/"),
}


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    made = factories.job(cast, level=Level.SHADOW)
    for number in range(4):
        factories.item(made, score=0.05, lot=f"L{number // 2}", serial=f"cover-{number}")
        factories.answer(factories.claim_one(made, cast.inspector), Verdict.NG if number == 3 else Verdict.OK)
    return made


def violations(page: Page) -> dict[str, Any]:
    """What the rules have against the page as it stands, in light and in dark, and in light on a telephone."""
    page.evaluate(AXE.read_text())
    found = {}
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        found[theme] = page.evaluate(LOOK, list(RULES))
    resized(page, **SMALL)
    found["telephone"] = page.evaluate(LOOK, list(RULES))
    resized(page, **LARGE)
    return {theme: broken for theme, broken in found.items() if broken}


@pytest.mark.parametrize("language", Language.values)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_breaks_no_rule(job: Job, log_in: LogIn, name: str, language: str) -> None:
    who, address = PAGES[name]
    Person.objects.update(language=language)
    page = log_in(who)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert page.locator("html").get_attribute("lang") == language
    assert violations(page) == {}


@pytest.mark.parametrize("language", Language.values)
def test_the_page_of_a_part_breaks_no_rule(job: Job, log_in: LogIn, language: str) -> None:
    Person.objects.update(language=language)
    page = log_in("manager")
    page.goto(f"/items/{Item.objects.latest('received_at').pk}/")
    for details in page.locator("details").all():
        details.locator("summary").click()
    assert violations(page) == {}


@pytest.mark.parametrize("language", Language.values)
def test_the_bench_breaks_no_rule_with_a_hint_or_a_window_open(
    cast: factories.Cast, log_in: LogIn, language: str
) -> None:
    policy = JobPolicy(accept_at=0.2, reject_at=0.8, hint_mode=HintMode.CONCURRENT)
    job = factories.job(cast, level=Level.ASSISTANCE, policy=policy)
    factories.item(job, score=0.95, serial="cover-9")
    Person.objects.update(language=language)
    page = log_in("inspector")
    bench(page, job)
    assert violations(page) == {}
    for name in ("keys", "report", "pass"):
        page.locator(f"#{name}-open, #{name}-on").first.click()
        page.locator(f"#{name}-dialog[open]").wait_for()
        assert (name, violations(page)) == (name, {})
        page.keyboard.press("Escape")


@pytest.mark.parametrize("language", Language.values)
def test_many_parts_at_a_glance_break_no_rule(cast: factories.Cast, log_in: LogIn, language: str) -> None:
    job = factories.job(cast)
    for number in range(4):
        factories.take_in(job, serial=f"part-{number}")
    Person.objects.update(language=language)
    page = log_in("inspector")
    page.goto("/jobs/covers/grid/")
    page.locator("#rest:enabled").wait_for()
    assert violations(page) == {}


@pytest.mark.parametrize("language", Language.values)
def test_the_table_of_an_adjudicator_breaks_no_rule(cast: factories.Cast, log_in: LogIn, language: str) -> None:
    job = factories.job(cast, level=Level.SHADOW)
    factories.item(job, score=0.02, serial="A-1")
    factories.answer(factories.claim_one(job, cast.inspector), Verdict.NG, labels=("dent",))
    factories.answer(factories.claim_one(job, cast.inspector2), Verdict.OK)
    Person.objects.update(language=language)
    page = log_in("manager")
    page.goto("/jobs/covers/adjudication/")
    page.locator("[data-verdict=OK]:enabled").wait_for()
    assert violations(page) == {}
    page.keyboard.press("1")
    page.locator("#outcome").wait_for()
    assert violations(page) == {}


def test_the_log_in_page_breaks_no_rule(page: Page, live_server: object, cast: factories.Cast) -> None:
    page.goto(f"{live_server}/log-in/")
    assert violations(page) == {}


def test_the_rules_find_what_is_wrong(page: Page, live_server: object, cast: factories.Cast) -> None:
    page.goto(f"{live_server}/log-in/")
    page.evaluate("document.querySelector('label').remove()")
    assert [line.split(":")[0] for line in violations(page)["light"]] == ["label"]

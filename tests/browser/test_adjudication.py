from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import F
from playwright.sync_api import Page, expect

from inspection.models import Item, Job, Membership, Review, VerdictGiven
from inspection.vocabulary import DecidedBy, Level, State, Verdict
from tests import factories
from tests.browser.conftest import LogIn
from tests.browser.test_accessible import violations

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[Page, str], None]
BOX = {"label": "dent", "kind": "box", "points": [[0.2, 0.3], [0.6, 0.7]]}


def disputed(cast: factories.Cast, *, second: factories.Person | None = None) -> tuple[Job, Item]:
    """A part that the AI takes for good, one inspector for dented and another person for good."""
    job = factories.job(cast, level=Level.SHADOW)
    item = factories.item(job, score=0.02, serial="A-1", lot="L7", data=factories.picture(3, size=(480, 320)))
    factories.answer(factories.claim_one(job, cast.inspector), Verdict.NG, labels=("dent",), regions=(BOX,))
    factories.answer(factories.claim_one(job, second or cast.inspector2), Verdict.OK)
    return job, item


def table(page: Page, job: Job) -> None:
    page.goto(f"/jobs/{job.slug}/adjudication/")
    page.locator("[data-verdict=OK]:enabled").wait_for()


def test_where_nobody_is_left_to_settle_the_page_says_who_is_missing(
    cast: factories.Cast, log_in: LogIn, look: Look
) -> None:
    disputed(cast, second=cast.manager)
    Membership.objects.filter(person=cast.admin).delete()
    page = log_in("manager")
    page.goto("/jobs/covers/")
    expect(page.locator("[aria-labelledby=disputed]")).to_contain_text("Nobody left may settle 1 part.")
    look(page, "dispute-left-alone")
    page.get_by_role("link", name="Decide between them").click()
    expect(page.locator("#notice")).to_contain_text("Nobody left may settle 1 part")
    look(page, "adjudication-left-alone")


def test_where_nobody_is_left_for_a_second_look_the_page_says_who_is_missing(
    cast: factories.Cast, log_in: LogIn, look: Look
) -> None:
    job = factories.job(cast, level=Level.SHADOW)
    Membership.objects.filter(job=job).exclude(person__in=[cast.admin]).delete()
    factories.item(job, score=0.02)
    factories.answer(factories.claim_one(job, cast.admin), Verdict.NG)
    Review.objects.update(created_at=F("created_at") - timedelta(minutes=16))
    page = log_in("admin")
    page.goto("/jobs/covers/")
    expect(page.locator("[aria-labelledby=second-looks]")).to_contain_text("1 part waits for somebody")
    look(page, "second-look-left-alone")
    page.get_by_role("link", name="Add an inspector").click()
    expect(page).to_have_url(re.compile("/jobs/covers/people/"))


def test_an_adjudicator_decides_between_two_answers_and_then_learns_whose_they_were(
    cast: factories.Cast, log_in: LogIn, look: Look
) -> None:
    _, item = disputed(cast)
    page = log_in("manager")
    page.goto("/jobs/covers/")
    page.get_by_role("link", name="Decide between them").click()
    page.locator("[data-verdict=OK]:enabled").wait_for()
    expect(page.locator("#serial")).to_have_text("A-1")
    expect(page.locator("#answers")).to_contain_text("Dent")
    expect(page.locator("body")).not_to_contain_text("inspector")
    expect(page.locator("body")).not_to_contain_text("The AI:")
    page.get_by_role("button", name="1 marked place").click()
    expect(page.locator(".of-others .region")).to_have_count(1)
    look(page, "adjudication")
    page.keyboard.press("s")
    page.keyboard.press("2")
    expect(page.locator("#outcome")).to_contain_text("You said")
    expect(page.locator("#saved")).to_have_text("all saved")
    expect(page.locator("body")).not_to_contain_text("inspector")
    page.keyboard.press("Enter")
    expect(page.locator("#outcome ol li")).to_have_text(
        ["inspector: ✕ NG (Dent)", "inspector2: ✓ OK", "manager: ✕ NG (Dent)"]
    )
    expect(page.locator("#outcome")).to_contain_text("The AI: ✓ OK (score 0.02)")
    look(page, "adjudication-outcome")
    item.refresh_from_db()
    assert item.decision is not None
    assert (item.state, item.decision.verdict, item.decision.by) == (State.DECIDED, "NG", DecidedBy.ADJUDICATOR)
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_contain_text("No part is disputed.")
    look(page, "adjudication-empty")


def test_before_the_outcome_is_read_a_verdict_can_be_taken_back(cast: factories.Cast, log_in: LogIn) -> None:
    job, _ = disputed(cast)
    page = log_in("manager")
    table(page, job)
    page.keyboard.press("1")
    expect(page.locator("#saved")).to_have_text("all saved")
    page.keyboard.press("z")
    page.locator("[data-verdict=OK]:enabled").wait_for()
    expect(page.locator("#saved")).to_have_text("all saved")
    page.keyboard.press("2")
    expect(page.locator("#outcome")).to_contain_text("NG")
    expect(page.locator("#saved")).to_have_text("all saved")
    page.keyboard.press("Enter")
    expect(page.locator("#outcome ol li")).to_have_count(3)
    expect(page.locator("#undo")).to_be_disabled()
    assert list(VerdictGiven.objects.filter(person=cast.manager, undone_at=None).values_list("verdict", flat=True)) == [
        "NG"
    ]


def test_who_gave_one_of_the_answers_is_told_that_the_parts_wait_for_others(
    cast: factories.Cast, log_in: LogIn, look: Look
) -> None:
    job, _ = disputed(cast, second=cast.manager)
    page = log_in("manager")
    page.goto(f"/jobs/{job.slug}/adjudication/")
    expect(page.locator("#say")).to_contain_text("1 part waits for somebody who has not judged it")
    look(page, "adjudication-own")


def test_an_adjudicator_passes_a_part_on(cast: factories.Cast, log_in: LogIn) -> None:
    job, _ = disputed(cast)
    page = log_in("manager")
    table(page, job)
    page.keyboard.press("0")
    page.get_by_label("Why?").fill("my own lathe made it")
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_contain_text("1 part waits for somebody")
    assert len(factories.claim(job, cast.admin, adjudication=True)) == 1


def test_the_page_breaks_no_rule_of_accessibility(cast: factories.Cast, log_in: LogIn) -> None:
    job, _ = disputed(cast)
    page = log_in("manager")
    table(page, job)
    assert violations(page) == {}
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.locator("#outcome ol li")).to_have_count(3)
    assert violations(page) == {}


@pytest.mark.parametrize("size", [(1366, 768), (1024, 768), (390, 844)])
def test_the_page_fits_its_window(cast: factories.Cast, log_in: LogIn, size: tuple[int, int]) -> None:
    job, _ = disputed(cast)
    page = log_in("manager", viewport={"width": size[0], "height": size[1]})
    table(page, job)
    width, height = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert width <= size[0]
    assert height <= size[1]
    boxes = [button.bounding_box() for button in page.locator("button:visible, a.button:visible").all()]
    assert [box for box in boxes if box and (box["height"] < 44 or box["width"] < 44)] == []
    picture = page.locator("#picture").bounding_box()
    assert picture is not None
    assert picture["height"] > 150

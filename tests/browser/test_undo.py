"""Verdicts are taken back one after the other, with and without a connection, as long as nobody has built on them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from inspection.models import Job, VerdictGiven
from inspection.vocabulary import Level
from tests import factories
from tests.browser.conftest import LogIn, bench, ready, saved

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("may_be_cut_off")]
Look = Callable[[Page, str], None]


def parts(cast: factories.Cast, count: int) -> Job:
    job = factories.job(cast)
    for number in range(count):
        factories.take_in(job, serial=f"part-{number}")
    return job


def history() -> list[tuple[str, str, bool]]:
    """Every verdict with whether it was taken back."""
    rows = VerdictGiven.objects.select_related("item").order_by("id")
    return [(row.item.serial, row.verdict, row.undone_at is not None) for row in rows]


def test_several_verdicts_are_taken_back_and_each_stays_in_the_history(cast: factories.Cast, log_in: LogIn) -> None:
    page = log_in("inspector")
    bench(page, parts(cast, 3))
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    page.keyboard.press("s")
    page.keyboard.press("2")
    ready(page, "part-1")
    page.keyboard.press("1")
    saved(page, 2)
    page.keyboard.press("z")
    ready(page, "part-1")
    page.keyboard.press("Backspace")
    ready(page, "part-0")
    expect(page.locator("#say")).to_have_text("Part part-0 is back: you said NG.")
    expect(page.get_by_role("button", name="Dent")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("3")
    ready(page, "part-1")
    page.keyboard.press("1")
    ready(page, "part-2")
    saved(page, 2)
    assert history() == [
        ("part-0", "NG", True),
        ("part-1", "OK", True),
        ("part-0", "UNSURE", False),
        ("part-1", "OK", False),
    ]


def test_a_verdict_is_taken_back_without_a_connection_and_all_arrives_in_its_order(
    cast: factories.Cast, log_in: LogIn
) -> None:
    page = log_in("inspector")
    bench(page, parts(cast, 2))
    page.context.set_offline(True)
    page.keyboard.press("1")
    ready(page, "part-1")
    page.get_by_role("button", name="Undo").click()
    ready(page, "part-0")
    page.keyboard.press("2")
    ready(page, "part-1")
    expect(page.locator("#saved")).to_contain_text("3 unsent")
    page.context.set_offline(False)
    saved(page, 1)
    assert history() == [("part-0", "OK", True), ("part-0", "NG", False)]


def test_a_verdict_that_somebody_went_on_from_stays_and_the_page_says_why(cast: factories.Cast, log_in: LogIn) -> None:
    page = log_in("inspector")
    bench(page, parts(cast, 2))
    page.keyboard.press("1")
    saved(page, 1)
    VerdictGiven.objects.update(at="2020-01-01T00:00:00Z")
    page.keyboard.press("z")
    expect(page.locator("#letters")).to_contain_text("Part part-0 was not taken back:")
    ready(page, "part-1")
    saved(page, 1)
    assert history() == [("part-0", "OK", False)]


def test_what_comes_back_goes_on_at_the_hint_where_one_was_shown(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast, level=Level.PARTIAL)
    factories.item(job, score=0.95, serial="part-0")
    page = log_in("inspector")
    bench(page, job)
    page.keyboard.press("1")
    expect(page.locator("#hint")).to_contain_text("You said OK.")
    page.keyboard.press("Enter")
    saved(page, 1)
    page.keyboard.press("z")
    expect(page.locator("#hint")).to_contain_text("You said OK.")
    page.reload()
    expect(page.locator("#hint")).to_contain_text("You said OK.")
    page.keyboard.press("y")
    saved(page, 1)
    assert history() == [("part-0", "OK", True), ("part-0", "NG", False)]


def test_a_key_that_takes_back_a_point_of_a_drawing_takes_back_no_verdict(cast: factories.Cast, log_in: LogIn) -> None:
    page = log_in("inspector")
    bench(page, parts(cast, 3))
    page.keyboard.press("1")
    ready(page, "part-1")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")
    expect(page.locator("#serial")).to_have_text("part-1")
    saved(page, 1)
    assert history() == [("part-0", "OK", False)]

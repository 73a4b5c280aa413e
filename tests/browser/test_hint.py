"""The hint, honestly: none, blind, beside the picture, after the own answer; accepted or refuted with one key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from inspection.models import Job, VerdictGiven
from inspection.policy.job_policy import JobPolicy
from inspection.vocabulary import HintMode, Level
from tests import factories
from tests.browser.conftest import LogIn, bench, ready, saved

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("may_be_cut_off")]
Look = Callable[[Page, str], None]
KNOWN = {"label": "scratch", "words": "Scratch, lot 7", "picture": "/static/img/mark.svg", "similarity": 0.9}


def beside_the_picture(cast: factories.Cast) -> Job:
    policy = JobPolicy(accept_at=0.2, reject_at=0.8, hint_mode=HintMode.CONCURRENT)
    return factories.job(cast, level=Level.ASSISTANCE, policy=policy)


def given() -> list[tuple[str, list[str], str]]:
    return [(row.verdict, row.labels, row.note) for row in VerdictGiven.objects.order_by("id")]


def changed(**fields: Any) -> Callable[[Route], None]:
    """The server's own answers with these fields in their hints."""

    def answer(route: Route) -> None:
        told = route.fetch()
        body = told.json()
        for shown in [body, *body.get("reviews", [])]:
            if shown.get("hint"):
                shown["hint"].update(fields)
        route.fulfill(response=told, json=body)

    return answer


def test_one_key_accepts_what_the_ai_says_with_its_defects(cast: factories.Cast, log_in: LogIn) -> None:
    job = beside_the_picture(cast)
    factories.item(job, score=0.95, serial="part-0")
    factories.item(job, score=0.05, serial="part-1")
    page = log_in("inspector")
    page.route("**/reviews/next/", changed(labels=["dent"]))
    bench(page, job)
    page.keyboard.press("y")
    ready(page, "part-1")
    page.get_by_role("button", name="Accept").click()
    saved(page, 2)
    page.unroute_all(behavior="ignoreErrors")
    assert given() == [("NG", ["dent"], ""), ("OK", [], "")]


def test_one_key_says_that_the_ai_is_wrong_and_gives_the_opposite(cast: factories.Cast, log_in: LogIn) -> None:
    job = beside_the_picture(cast)
    for number, score in enumerate((0.95, 0.05)):
        factories.item(job, score=score, serial=f"part-{number}")
    page = log_in("inspector")
    bench(page, job)
    page.keyboard.press("x")
    ready(page, "part-1")
    page.keyboard.press("a")
    page.get_by_role("button", name="Wrong").click()
    saved(page, 2)
    assert given() == [("OK", [], "the AI is wrong"), ("NG", ["scratch"], "the AI is wrong")]


def test_where_the_opposite_is_not_clear_the_page_asks_and_notes_it(cast: factories.Cast, log_in: LogIn) -> None:
    job = beside_the_picture(cast)
    factories.item(job, score=0.95, serial="part-0")
    page = log_in("inspector")
    bench(page, job)
    page.keyboard.press("s")
    page.keyboard.press("x")
    expect(page.locator("#say")).to_contain_text("Noted: the AI is wrong. What do you say of part part-0?")
    expect(page.get_by_role("button", name="Wrong")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("2")
    saved(page, 1)
    assert given() == [("NG", ["dent"], "the AI is wrong")]


def test_a_first_answer_against_the_ai_is_kept_with_one_key(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast, level=Level.PARTIAL)
    factories.item(job, score=0.95, serial="part-0")
    page = log_in("inspector")
    bench(page, job)
    page.keyboard.press("1")
    expect(page.locator("#hint")).to_contain_text("You said OK.")
    page.keyboard.press("x")
    saved(page, 1)
    assert given() == [("OK", [], "the AI is wrong")]


def test_on_a_part_without_a_hint_its_keys_do_nothing(cast: factories.Cast, log_in: LogIn) -> None:
    job = beside_the_picture(cast)
    factories.item(job, score=0.95, blind=True, serial="part-0")
    page = log_in("inspector")
    bench(page, job)
    for key in ("y", "x", "h", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#hint")).to_have_text("")
    expect(page.locator("#serial")).to_have_text("part-0")
    page.keyboard.press("1")
    saved(page, 1)
    assert given() == [("OK", [], "")]


def test_the_card_shows_the_known_parts_that_are_most_alike(cast: factories.Cast, log_in: LogIn, look: Look) -> None:
    job = factories.job(cast, level=Level.PARTIAL)
    factories.item(job, score=0.95, spot=(1, 5), data=factories.picture(1, size=(90, 60)))
    page = log_in("inspector", viewport={"width": 1366, "height": 768})
    page.route("**/commit/", changed(nearest=[KNOWN] * 3))
    bench(page, job)
    page.keyboard.press("3")
    expect(page.get_by_text("Most like these known parts:")).to_be_visible()
    expect(page.get_by_role("img", name="Scratch, lot 7")).to_have_count(3)
    over = "(card => card.scrollHeight - card.clientHeight)(document.getElementById('hint'))"
    assert page.evaluate(over) == 0
    look(page, "inspect-nearest")


def test_without_a_connection_the_answer_is_kept_without_the_ai(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast, level=Level.PARTIAL)
    for number in range(2):
        factories.item(job, score=0.95, serial=f"part-{number}")
    page = log_in("inspector")
    bench(page, job)
    page.context.set_offline(True)
    page.keyboard.press("2")
    expect(page.locator("#notice")).to_contain_text("Kept without the AI's view: no connection, trying again.")
    ready(page, "part-1")
    page.context.set_offline(False)
    saved(page, 1)
    row = VerdictGiven.objects.get()
    assert (row.verdict, row.first, row.shown) == ("NG", None, None)


def test_a_first_answer_outlives_the_page_before_the_hint_is_there(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast, level=Level.PARTIAL)
    factories.item(job, score=0.95, serial="part-0")
    page = log_in("inspector")
    page.route("**/commit/", lambda route: route.abort())
    bench(page, job)
    page.keyboard.press("1")
    expect(page.locator("#saved")).to_contain_text("1 unsent")
    page.unroute("**/commit/")
    page.reload()
    expect(page.locator("#hint")).to_contain_text("You said OK.")
    page.keyboard.press("Enter")
    saved(page, 1)
    row = VerdictGiven.objects.get()
    assert row.first is not None
    assert (row.first["verdict"], row.verdict) == ("OK", "OK")

"""What a person gave is kept on this computer until the server has it, and goes to nobody else."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, expect

from inspection.models import HandOut, Job, VerdictGiven
from tests import factories
from tests.browser.conftest import LogIn, bench, by_page, enter, kept, ready, saved, take_away

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("may_be_cut_off")]

NO_STORAGE = "Object.defineProperty(window, 'indexedDB', { value: undefined });"


def parts(cast: factories.Cast, count: int) -> Job:
    job = factories.job(cast)
    for number in range(count):
        factories.take_in(job, serial=f"part-{number}")
    return job


def given(*, late: bool = False) -> list[tuple[str, str, str]]:
    rows = VerdictGiven.objects.filter(late=late).select_related("item", "person").order_by("item__serial")
    return [(row.item.serial, row.person.username, row.verdict) for row in rows]


def silence(page: Page) -> None:
    """No verdict arrives, as when the network is cut between two machines."""
    page.route("**/verdict/", lambda route: route.abort())


def test_the_badge_says_what_is_unsent_and_why_and_it_is_tried_again(cast: factories.Cast, log_in: LogIn) -> None:
    page = log_in("inspector")
    page.route("**/verdict/", lambda route: route.fulfill(status=429))
    bench(page, parts(cast, 2))
    page.keyboard.press("1")
    expect(page.locator("#saved")).to_have_text("1 unsent: the server stumbles, trying again")
    expect(page.locator("#serial")).to_have_text("part-1")
    assert given() == []
    page.unroute("**/verdict/")
    saved(page, 1)
    assert given() == [("part-0", "inspector", "OK")]


def test_what_was_given_without_a_connection_outlives_the_page_and_its_crash(
    cast: factories.Cast, log_in: LogIn
) -> None:
    job = parts(cast, 3)
    page = log_in("inspector")
    silence(page)
    bench(page, job)
    page.keyboard.press("1")
    ready(page, "part-1")
    page.keyboard.press("2")
    ready(page, "part-2")
    assert [entry["kind"] for entry in kept(page)] == ["verdict", "verdict"]
    page.close()
    page = page.context.new_page()
    bench(page, job)
    saved(page, 2)
    expect(page.locator("#serial")).to_have_text("part-2")
    assert given() == [("part-0", "inspector", "OK"), ("part-1", "inspector", "NG")]
    assert kept(page) == []


def test_whoever_logs_in_next_sends_nothing_in_another_name(cast: factories.Cast, log_in: LogIn) -> None:
    job = parts(cast, 6)
    page = log_in("inspector")
    silence(page)
    bench(page, job)
    page.keyboard.press("2")
    ready(page, "part-1")
    enter(page, "inspector2", at=page.url)
    page.unroute("**/verdict/")
    expect(page.locator("#say")).to_contain_text("Somebody else has logged in here.", timeout=15_000)
    bench(page, job)
    expect(page.locator("#others")).to_have_text("1 unsent of inspector: inspector has to log in here.")
    page.keyboard.press("1")
    saved(page, 1)
    assert [who for _, who, _ in given()] == ["inspector2"]
    enter(page, "inspector", at=page.url)
    bench(page, job)
    saved(page, 1)
    assert ("part-0", "inspector", "NG") in given()
    expect(page.locator("#others")).to_have_text("")


def test_who_was_logged_out_logs_in_from_the_badge_and_loses_nothing(cast: factories.Cast, log_in: LogIn) -> None:
    page = log_in("inspector")
    bench(page, parts(cast, 3))
    Session.objects.all().delete()
    page.keyboard.press("1")
    ready(page, "part-1")
    page.keyboard.press("3")
    ready(page, "part-2")
    expect(page.locator("#saved")).to_contain_text("2 unsent: logged out")
    page.get_by_role("link", name="log in").click()
    by_page(page, "inspector")
    page.wait_for_url("**/jobs/covers/inspect/")
    saved(page, 2)
    assert given() == [("part-0", "inspector", "OK"), ("part-1", "inspector", "UNSURE")]


def test_two_tabs_of_one_person_answer_each_part_once(cast: factories.Cast, log_in: LogIn) -> None:
    job = parts(cast, 4)
    one = log_in("inspector")
    two = one.context.new_page()
    for page in (one, two):
        bench(page, job)
    one.keyboard.press("1")
    ready(two, "part-1")
    # Quietly: nobody else took it.
    expect(two.locator("#notice")).to_have_text("")
    two.keyboard.press("2")
    ready(one, "part-2")
    silence(two)
    two.keyboard.press("3")
    ready(one, "part-3")
    # What the one cannot send, the other one does.
    for page in (one, two):
        saved(page, 3)
    assert given() == [("part-0", "inspector", "OK"), ("part-1", "inspector", "NG"), ("part-2", "inspector", "UNSURE")]
    assert given(late=True) == []


def test_who_leaves_one_tab_keeps_the_parts_of_the_other(cast: factories.Cast, log_in: LogIn) -> None:
    job = parts(cast, 2)
    one = log_in("inspector")
    two = one.context.new_page()
    for page in (one, two):
        bench(page, job)
    one.get_by_role("link", name="Leave").click()
    one.wait_for_url("**/jobs/covers/")
    assert list(HandOut.objects.values_list("end", flat=True)) == ["held", "held"]


def test_what_the_server_will_never_take_stays_on_the_page_until_it_was_seen(
    cast: factories.Cast, log_in: LogIn
) -> None:
    page = log_in("inspector")
    silence(page)
    bench(page, parts(cast, 2))
    page.keyboard.press("2")
    ready(page, "part-1")
    take_away("part-0", to=cast.inspector2)
    page.unroute("**/verdict/")
    letters = page.locator("#letters")
    expect(letters).to_contain_text("Part part-0: Somebody else took this part while you were away.")
    assert given(late=True) == [("part-0", "inspector", "NG")]
    page.reload()
    letters.get_by_role("button", name="Seen").click()
    expect(letters).to_be_hidden()
    assert kept(page) == []


def test_where_nothing_can_be_kept_the_page_says_so_and_warns_before_it_is_closed(
    cast: factories.Cast, log_in: LogIn
) -> None:
    page = log_in("inspector")
    page.add_init_script(NO_STORAGE)
    silence(page)
    bench(page, parts(cast, 2))
    expect(page.locator("#notice")).to_contain_text("This browser keeps nothing on the computer")
    page.keyboard.press("1")
    expect(page.locator("#saved")).to_contain_text("1 unsent: no connection, trying again")
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.accept()


def test_an_answer_that_got_lost_counts_once(cast: factories.Cast, log_in: LogIn) -> None:
    page = log_in("inspector")
    lost: list[object] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    page.route("**/verdict/", lose_the_first)
    bench(page, parts(cast, 2))
    page.keyboard.press("2")
    saved(page, 1)
    assert given() == [("part-0", "inspector", "NG")]


# The second click as soon as it could count: on the next part, which nobody has looked at.
DOUBLE_CLICK = """
async (button) => {
  const click = (detail) => button.dispatchEvent(new MouseEvent("click", { bubbles: true, detail }));
  const serial = document.getElementById("serial");
  const before = serial.textContent;
  click(1);
  click(2);
  while (serial.textContent === before || button.disabled) await new Promise(requestAnimationFrame);
  click(2);
}
"""


def test_a_double_click_judges_one_part(cast: factories.Cast, log_in: LogIn) -> None:
    page = log_in("inspector")
    bench(page, parts(cast, 3))
    page.get_by_role("button", name="NG").evaluate(DOUBLE_CLICK)
    saved(page, 1)
    page.keyboard.press("1")
    saved(page, 2)
    assert given() == [("part-0", "inspector", "NG"), ("part-1", "inspector", "OK")]


def test_who_is_logged_out_with_nothing_unsent_reads_it_too(cast: factories.Cast, log_in: LogIn) -> None:
    page = log_in("inspector")
    page.goto(f"/jobs/{parts(cast, 0).slug}/inspect/")
    expect(page.locator("#say")).to_contain_text("No part is waiting.")
    Session.objects.all().delete()
    expect(page.locator("#saved")).to_have_text("all saved; logged out: log in")

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from inspection.models import Job, Review, VerdictGiven
from tests import factories
from tests.browser.conftest import LogIn, saved

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[Page, str], None]


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    made = factories.job(cast)
    for number in range(11):
        factories.take_in(made, serial=f"part-{number:02d}")
    return made


def grid(page: Page, job: Job, *, parts: int) -> None:
    """Open the grid and wait until so many parts can be passed."""
    page.goto(f"/jobs/{job.slug}/grid/")
    ready(page, parts=parts)


def ready(page: Page, *, parts: int) -> None:
    expect(page.locator("#rest-words")).to_have_text(f"OK for {parts}")
    page.locator("#rest:enabled").wait_for()


def verdicts() -> dict[str, str]:
    rows = VerdictGiven.objects.filter(undone_at=None).select_related("item")
    return {row.item.serial: row.verdict for row in rows}


def test_one_key_passes_all_but_the_odd_ones(job: Job, log_in: LogIn, look: Look) -> None:
    page = log_in("inspector")
    grid(page, job, parts=9)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.locator("#rest-words")).to_have_text("OK for 8")
    look(page, "grid")
    page.keyboard.press("1")
    saved(page, 8)
    assert verdicts() == {f"part-{number:02d}": "OK" for number in range(9) if number != 1}
    expect(page.locator(".tile[aria-pressed=true]")).to_contain_text("part-01")
    ready(page, parts=2)


def test_the_odd_ones_are_judged_one_by_one(job: Job, log_in: LogIn) -> None:
    page = log_in("inspector")
    grid(page, job, parts=9)
    page.locator(".tile").nth(3).click()
    page.get_by_role("button", name="Judge the odd ones").click()
    page.wait_for_url("**/inspect/")
    expect(page.locator("#serial")).to_have_text("part-03")


def test_the_last_handful_is_taken_back_as_a_whole(job: Job, log_in: LogIn) -> None:
    page = log_in("inspector")
    grid(page, job, parts=9)
    page.keyboard.press("1")
    saved(page, 9)
    ready(page, parts=2)
    page.keyboard.press("z")
    ready(page, parts=11)
    saved(page, 0)
    assert verdicts() == {}
    assert VerdictGiven.objects.count() == 9


@pytest.mark.usefixtures("may_be_cut_off")
def test_parts_that_were_passed_without_a_line_arrive_later(job: Job, log_in: LogIn) -> None:
    page = log_in("inspector")
    grid(page, job, parts=9)
    page.context.set_offline(True)
    page.keyboard.press("1")
    expect(page.locator("#saved")).to_contain_text("9 unsent: no connection")
    page.context.set_offline(False)
    saved(page, 9)
    assert len(verdicts()) == 9


def test_two_people_never_see_one_part(job: Job, log_in: LogIn) -> None:
    one, two = log_in("inspector"), log_in("inspector2")
    grid(one, job, parts=9)
    grid(two, job, parts=2)
    seen = [set(page.locator(".tile-serial").all_inner_texts()) for page in (one, two)]
    assert seen[0] & seen[1] == set()
    assert len(seen[0] | seen[1]) == 11


def test_a_part_without_a_picture_is_never_passed_by_the_one_key(job: Job, log_in: LogIn) -> None:
    page = log_in("inspector")
    first = Review.objects.order_by("created_at", "id").values_list("id", flat=True)[0]
    page.route(f"**/reviews/{first}/picture/*", lambda route: route.fulfill(status=404))
    grid(page, job, parts=8)
    expect(page.locator(".tile").first).to_contain_text("cannot be shown")
    page.keyboard.press("1")
    saved(page, 8)
    assert "part-00" not in verdicts()


def test_who_leaves_the_grid_gives_all_back(job: Job, log_in: LogIn) -> None:
    page = log_in("inspector")
    grid(page, job, parts=9)
    page.get_by_role("link", name="Leave").click()
    page.wait_for_url("**/jobs/covers/")
    assert Review.objects.filter(holder__isnull=False).count() == 0

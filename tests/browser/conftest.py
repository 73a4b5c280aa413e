from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import Page

from inspection.models import Job
from inspection.web.context import board
from tests import factories

LogIn = Callable[..., Page]


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    cache.clear()
    board.forget()
    yield
    board.forget()


@pytest.fixture
def cast(transactional_db: None) -> factories.Cast:
    return factories.people(password=factories.PASSWORD)


@pytest.fixture
def log_in(new_page: Callable[..., Page], live_server: object) -> LogIn:
    """A browser in which somebody has logged in by the page; it stands on the list of jobs."""

    def go(username: str, **options: object) -> Page:
        page = new_page(base_url=str(live_server), **options)
        page.goto("/log-in/")
        page.get_by_label("Name").fill(username)
        page.get_by_label("Password").fill(factories.PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/jobs/")
        return page

    return go


def bench(page: Page, job: Job) -> None:
    """Open the inspect page and wait until the first part can be judged."""
    page.goto(f"/jobs/{job.slug}/inspect/")
    page.locator("[data-verdict=OK]:enabled").wait_for()


def saved(page: Page, count: int) -> None:
    """Wait until this person has judged so many parts and all of them have arrived."""
    page.locator("#count", has_text=str(count)).wait_for()
    page.locator("#saved", has_text="all saved").wait_for()

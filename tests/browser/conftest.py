from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import ConsoleMessage, Page

from inspection.models import Job, Person, Review
from inspection.web.context import board
from tests import factories
from tests.provisions.browser import Complaints

KEPT = """
() => new Promise((resolve, reject) => {
  const opened = indexedDB.open("sightline");
  opened.onerror = () => reject(opened.error);
  opened.onsuccess = () => {
    const asked = opened.result.transaction("outbox").objectStore("outbox").getAll();
    asked.onsuccess = () => { opened.result.close(); resolve(asked.result); };
  };
})
"""
LogIn = Callable[..., Page]


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    cache.clear()
    board.forget()
    yield
    board.forget()


@pytest.fixture
def may_be_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request without an answer is a line in the console; a test that cuts the network wants to see just that."""
    hear = Complaints._console

    def listen(complaints: Complaints, message: ConsoleMessage) -> None:
        cut = "net::ERR_" in message.text and "/api/" in message.location.get("url", "")
        if not cut and "/status/" not in message.location.get("url", ""):
            hear(complaints, message)

    monkeypatch.setattr(Complaints, "_console", listen)


@pytest.fixture
def cast(transactional_db: None) -> factories.Cast:
    return factories.people(password=factories.PASSWORD)


@pytest.fixture
def log_in(new_page: Callable[..., Page], live_server: object) -> LogIn:
    """A browser in which somebody is logged in; it stands on the list of jobs."""

    def go(username: str, **options: object) -> Page:
        page = new_page(base_url=str(live_server), **options)
        enter(page, username, at=str(live_server))
        page.goto("/jobs/")
        return page

    return go


def enter(page: Page, username: str, *, at: str) -> None:
    """Give a browser somebody's session, as the log-in does; that page itself has tests of its own."""
    client = Client()
    client.force_login(Person.objects.get(username=username))
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": urljoin(at, "/")}])


def by_page(page: Page, username: str) -> None:
    """Log in by the page that asks for it."""
    page.get_by_label("Name").fill(username)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.keyboard.press("Enter")


def bench(page: Page, job: Job) -> None:
    """Open the inspect page and wait until the first part can be judged."""
    page.goto(f"/jobs/{job.slug}/inspect/")
    page.locator("[data-verdict=OK]:enabled").wait_for()


def resized(page: Page, width: int, height: int = 844) -> None:
    """Give the page another size and wait until it has heard of it: media queries answer with the next frame only,
    and a page measured before folds its columns between two measurements."""
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def saved(page: Page, count: int) -> None:
    """Wait until this person has judged so many parts and all of them have arrived."""
    page.locator("#count", has_text=str(count)).wait_for()
    page.locator("#saved", has_text="all saved").wait_for()


def ready(page: Page, serial: str) -> None:
    """Wait until this part is on screen and can be judged."""
    page.locator("#serial", has_text=serial).wait_for()
    page.locator("[data-verdict=OK]:enabled").wait_for()


def kept(page: Page) -> list[dict[str, Any]]:
    """What this browser keeps on its disk for later."""
    entries: list[dict[str, Any]] = page.evaluate(KEPT)
    return entries


def take_away(serial: str, *, to: Person) -> None:
    """The lease on a part runs out, and somebody else gets it."""
    asked = Review.objects.select_related("job").get(item__serial=serial)
    Review.objects.filter(pk=asked.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert [held.review.pk for held in factories.claim(asked.job, to)] == [asked.pk]

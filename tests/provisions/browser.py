"""A real Chromium, driven by Playwright. `make test` brings one; a page that complains fails its test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from deploy import browser as machine

FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--no-first-run --disable-quic"
).split()
LARGE, SMALL = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshots", metavar="FOLDER", help="keep a picture, large and small, of what `look` is shown")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = machine.find()
    if found is None:
        pytest.fail(machine.MISSING, pytrace=False)
    # Playwright keeps an event loop in this thread; Django would then refuse the ORM to the tests after it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=found, args=FLAGS)
        yield chromium
        chromium.close()


class Complaints(list[str]):
    """What a page complained about: script errors, refusals by the content policy, files that are missing."""

    def hear(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.append(f"{page.url}: {error}"))
        page.on("console", self._console)

    def _console(self, message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        # An answer like 409 is a line in the console too, and may be just what a test wants to see.
        refused = "Failed to load resource" in message.text and "status of 4" in message.text
        if message.type == "error" and not (refused and "/static/" not in where):
            self.append(f"{where}: {message.text}")


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages of people who do not know one another: each call is a browser of its own."""
    complaints = Complaints()
    contexts = []

    def open_page(**options: object) -> Page:
        context = browser.new_context(**{"viewport": LARGE, **options})  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        complaints.hear(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def look(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """`look(page, "name")` keeps name-large.png and name-small.png where --screenshots says so."""
    wished = request.config.getoption("--screenshots")

    def shoot(page: Page, name: str) -> None:
        for size, viewport in (("large", LARGE), ("small", SMALL)) if wished else ():
            page.set_viewport_size(viewport)  # type: ignore[arg-type]
            page.screenshot(path=Path(wished) / f"{name}-{size}.png", full_page=True)

    return shoot

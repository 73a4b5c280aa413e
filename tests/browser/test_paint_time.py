"""How long the next picture takes to be painted, against a bare page that does nothing but swap two pictures."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request, Route

from tests import factories
from tests.browser.conftest import LogIn, bench, saved

pytestmark = pytest.mark.django_db(transaction=True)
COUNT = 100
MOST = 3
PACE_MS = 100
SIZE = (900, 600)

# From the key to the end of the first frame that holds another picture: an urgent task from a frame runs behind it.
WATCH = """
() => {
  window.took = [];
  const shown = () => document.querySelector("#picture img")?.src;
  addEventListener("keydown", (event) => {
    const before = shown();
    const look = () => requestAnimationFrame(() => {
      if (!shown() || shown() === before) return look();
      scheduler.postTask(() => window.took.push(performance.now() - event.timeStamp), { priority: "user-blocking" });
    });
    look();
  }, true);
}
"""
BARE = """<!doctype html><title>loading</title>
<style>#picture { position: fixed; inset: 50px } img { width: 100%; height: 100%; object-fit: contain }</style>
<div id="picture"></div>
<script>
  const pictures = [0, 1].map((at) => Object.assign(new Image(), { src: `/two/${at}` }));
  const place = document.getElementById("picture");
  let at = 0;
  Promise.all(pictures.map((picture) => picture.decode())).then(() => {
    place.append(pictures[0]);
    addEventListener("keydown", () => place.replaceChildren(pictures[(at = 1 - at)]));
    document.title = "ready";
  });
</script>"""


def slow_end(times: list[float]) -> float:
    """The 95th percentile."""
    assert len(times) == COUNT
    return sorted(times)[int(0.95 * COUNT) - 1]


def press_on_the_page(page: Page, arrived: list[str]) -> list[float]:
    """At the pace of a person: what is measured is the page, and not how fast a picture comes over the line."""
    page.evaluate(WATCH)
    for number in range(COUNT):
        page.locator("#serial", has_text=f"part-{number}.").wait_for()
        page.locator("[data-verdict=OK]:enabled").wait_for()
        saved(page, number)
        while len(arrived) < min(number + 3, COUNT + 1):
            page.wait_for_timeout(20)
        page.wait_for_timeout(PACE_MS)
        page.keyboard.press("1")
    page.wait_for_function(f"window.took.length === {COUNT}")
    times: list[float] = page.evaluate("window.took")
    return times


def press_on_a_bare_page(page: Page) -> list[float]:
    def answer(route: Route) -> None:
        if route.request.url.endswith("bare"):
            route.fulfill(body=BARE, content_type="text/html")
        else:
            seed = int(route.request.url[-1])
            route.fulfill(body=factories.picture(seed, size=SIZE), content_type="image/png")

    page.route("**/bare", answer)
    page.route("**/two/*", answer)
    page.goto("/bare")
    page.wait_for_function("document.title === 'ready'")
    page.evaluate(WATCH)
    for number in range(COUNT):
        page.wait_for_timeout(PACE_MS)
        page.keyboard.press("1")
        page.wait_for_function(f"window.took.length === {number + 1}")
    times: list[float] = page.evaluate("window.took")
    return times


def test_the_next_picture_is_painted_nearly_as_fast_as_a_bare_page_swaps_two(
    cast: factories.Cast, log_in: LogIn
) -> None:
    job = factories.job(cast)
    for number in range(COUNT + 1):
        factories.take_in(job, serial=f"part-{number}.", data=factories.picture(number, size=SIZE))
    page = log_in("inspector", viewport={"width": 1366, "height": 768})
    arrived: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/picture/"):
            arrived.append(request.url)

    page.on("requestfinished", note)
    bench(page, job)
    ours = slow_end(press_on_the_page(page, arrived))
    bare = slow_end(press_on_a_bare_page(page))
    assert ours <= MOST * bare, f"{ours:.1f} ms against {bare:.1f} ms"

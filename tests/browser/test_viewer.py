"""The picture of the inspector's page: moved, turned, adjusted, and seen the same way part after part."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from inspection.models import Job
from tests import factories
from tests.browser.conftest import LogIn, bench, resized

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[Page, str], None]
DESKTOP = {"width": 1366, "height": 768}
WIDE = (300, 150)
Box = tuple[float, float, float, float]

# Where the picture lies in the window, all of it, whatever of it is in sight.
PLACE = """
() => {
  const box = document.querySelector("#picture .part-picture").getBoundingClientRect();
  return [box.x, box.y, box.width, box.height];
}
"""
LIGHT = "getComputedStyle(document.querySelector('.plate-pictures')).filter"
# A pinch with two fingers from their middle outwards.
PINCH = """
async ([x, y]) => {
  const target = document.elementFromPoint(x, y);
  const send = (type, id, at) => target.dispatchEvent(new PointerEvent(type, {
    pointerId: id, pointerType: "touch", isPrimary: id === 1, bubbles: true, cancelable: true, composed: true,
    clientX: at, clientY: y, button: type === "pointermove" ? -1 : 0, buttons: type === "pointerup" ? 0 : 1,
  }));
  send("pointerdown", 1, x - 20);
  send("pointerdown", 2, x + 20);
  for (let way = 20; way <= 60; way += 10) {
    send("pointermove", 1, x - way);
    send("pointermove", 2, x + way);
    await new Promise((done) => requestAnimationFrame(done));
  }
  send("pointerup", 1, x - 60);
  send("pointerup", 2, x + 60);
}
"""


def parts(job: Job, count: int, size: tuple[int, int] = WIDE) -> None:
    for number in range(count):
        factories.take_in(job, serial=f"part-{number}", data=factories.picture(number, size=size))


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    presets = [{"name": "Scratches", "brightness": 1.4, "contrast": 1.8, "invert": True}]
    made = factories.job(cast)
    Job.objects.filter(pk=made.pk).update(presets=presets)
    parts(made, 3)
    return made


@pytest.fixture
def page(job: Job, log_in: LogIn) -> Page:
    opened = log_in("inspector", viewport=DESKTOP)
    bench(opened, job)
    return opened


def place(page: Page) -> Box:
    left, top, width, height = page.evaluate(PLACE)
    return left, top, width, height


def middle(page: Page) -> tuple[float, float]:
    box = page.locator("#picture").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def settled(page: Page) -> Box:
    """Where the picture lies once a gesture has glided to its end."""
    before, now = None, place(page)
    while now != before:
        page.wait_for_timeout(50)
        before, now = now, place(page)
    return now


def next_part(page: Page, serial: str) -> None:
    page.keyboard.press("1")
    page.locator("#serial", has_text=serial).wait_for()
    page.locator("[data-verdict=OK]:enabled").wait_for()


def test_a_part_is_shown_whole_and_upright_at_first(page: Page, look: Look) -> None:
    left, top, width, height = place(page)
    box = page.locator("#picture").bounding_box()
    assert box is not None
    assert width / height == pytest.approx(2, abs=0.01)
    assert width == pytest.approx(box["width"], abs=1) or height == pytest.approx(box["height"], abs=1)
    assert (left + width / 2, top + height / 2) == pytest.approx(middle(page), abs=1)
    look(page, "inspect-picture")


def test_zoom_turn_and_light_stay_for_the_next_part(page: Page, look: Look) -> None:
    for key in ("+", "+", "ArrowRight", "r", "b", "c", "v"):
        page.keyboard.press(key)
    seen, light = place(page), page.evaluate(LIGHT)
    assert light == "brightness(1.1) contrast(1.1) invert(1)"
    look(page, "inspect-adjusted")
    resized(page, **DESKTOP)
    seen = settled(page)
    next_part(page, "part-1")
    assert place(page) == pytest.approx(seen, abs=0.01)
    assert page.evaluate(LIGHT) == light


def test_a_picture_of_another_shape_is_shown_whole_too(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast)
    parts(job, 1)
    factories.take_in(job, serial="tall", data=factories.picture(9, size=(100, 200)))
    page = log_in("inspector", viewport=DESKTOP)
    bench(page, job)
    next_part(page, "tall")
    _left, _top, width, height = place(page)
    box = page.locator("#picture").bounding_box()
    assert box is not None
    assert (height, height / width) == pytest.approx((box["height"], 2), abs=0.5)


def test_keys_zoom_turn_move_and_fit(page: Page) -> None:
    left, top, width, height = place(page)
    page.keyboard.press("+")
    assert place(page)[2] == pytest.approx(width * 1.25, abs=0.5)
    page.keyboard.press("ArrowRight")
    assert place(page)[0] < left - width / 8, "to look further right the picture goes left"
    page.keyboard.press("r")
    assert place(page)[3] == pytest.approx(width * 1.25, abs=0.5), "it lies on its side"
    page.keyboard.press("Shift+R")
    page.keyboard.press("w")
    assert place(page) == pytest.approx((left, top, width, height), abs=0.5)
    page.keyboard.press("q")
    assert place(page)[2:] == pytest.approx(WIDE, abs=0.1)


def test_the_wheel_zooms_at_the_pointer_and_a_drag_moves(page: Page) -> None:
    left, top, width, _height = place(page)
    x, y = middle(page)
    page.mouse.move(left, top)
    page.mouse.wheel(0, -300)
    zoomed = settled(page)
    assert zoomed[2] > width * 1.2
    assert zoomed[:2] == pytest.approx((left, top), abs=1.5), "what is under the pointer stays there"
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 40, y - 30, steps=4)
    page.mouse.up()
    moved = settled(page)
    assert moved[:2] == pytest.approx((zoomed[0] - 40, zoomed[1] - 30), abs=1.5)


def test_two_fingers_zoom(page: Page) -> None:
    width = place(page)[2]
    page.evaluate(PINCH, middle(page))
    assert settled(page)[2] > width * 2


def test_single_pixels_are_seen_as_such_when_near(page: Page) -> None:
    looks = "getComputedStyle(document.querySelector('.part-picture')).imageRendering"
    page.keyboard.press("q")
    assert page.evaluate(looks) == "auto"
    for _ in range(6):
        page.keyboard.press("+")
    assert page.evaluate(looks) == "pixelated"


def test_the_light_is_kept_for_the_next_log_in_and_said(page: Page, job: Job) -> None:
    sign = page.locator("[data-adjusted]")
    expect(sign).to_be_hidden()
    page.get_by_role("button", name="Brightness and contrast").click()
    page.get_by_role("slider", name="Brightness").fill("1.5")
    expect(sign).to_have_text("brightness 150 %")
    page.reload()
    page.locator("[data-verdict=OK]:enabled").wait_for()
    expect(sign).to_have_text("brightness 150 %")
    assert page.evaluate(LIGHT) == "brightness(1.5) contrast(1) invert(0)"
    page.keyboard.press("Shift+V")
    expect(sign).to_be_hidden()
    assert page.evaluate(LIGHT) == "none"


def test_the_presets_of_the_job_are_one_key_away(page: Page) -> None:
    page.keyboard.press("]")
    assert page.evaluate(LIGHT) == "brightness(1.4) contrast(1.8) invert(1)"
    page.get_by_role("button", name="Brightness and contrast").click()
    expect(page.get_by_role("button", name="Scratches")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("]")
    assert page.evaluate(LIGHT) == "none"


def test_every_picture_is_fetched_once_and_before_it_is_due(job: Job, log_in: LogIn) -> None:
    fetched: list[str] = []

    def uncached(route: Route) -> None:
        fetched.append(route.request.url)
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "Cache-Control": "no-store"})

    page = log_in("inspector", viewport=DESKTOP)
    page.route("**/reviews/*/picture/", uncached)
    bench(page, job)
    page.wait_for_load_state("networkidle")
    assert len(fetched) == 3
    next_part(page, "part-1")
    next_part(page, "part-2")
    assert len(fetched) == len(set(fetched)) == 3


def test_a_picture_that_does_not_come_leaves_no_other_in_its_place(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast)
    parts(job, 2)
    page = log_in("inspector", viewport=DESKTOP)
    served: list[Route] = []

    def first_only(route: Route) -> None:
        served.append(route)
        if len(served) == 1:
            route.continue_()
        else:
            route.fulfill(status=404)

    page.route("**/reviews/*/picture/", first_only)
    bench(page, job)
    page.keyboard.press("1")
    expect(page.locator("#say")).to_contain_text("The picture cannot be shown.")
    expect(page.locator("#picture img")).to_have_count(0)


def test_the_buttons_do_what_the_keys_do_and_are_large_enough(page: Page) -> None:
    whole = place(page)
    for name in ("Zoom in", "Turn the picture", "1:1, every pixel", "Zoom out", "The whole picture"):
        button = page.get_by_role("button", name=name)
        size = button.bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= 44, name
        before = place(page)
        button.click()
        assert place(page) != before, name
    page.keyboard.press("Shift+R")
    assert place(page) == pytest.approx(whole, abs=0.5)


def test_keys_in_a_slider_belong_to_the_slider(page: Page) -> None:
    page.get_by_role("button", name="Brightness and contrast").click()
    before = place(page)
    page.get_by_role("slider", name="Contrast").press("ArrowRight")
    expect(page.locator("[data-adjusted]")).to_have_text("contrast 105 %")
    assert place(page) == before
    page.get_by_role("button", name="Brightness and contrast").press("Escape")
    expect(page.get_by_role("slider", name="Contrast")).to_be_hidden()

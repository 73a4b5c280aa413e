"""Where the AI looked, laid over the picture: on request only, in place, and gone with the part."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from inspection.models import Job
from inspection.policy.job_policy import JobPolicy
from inspection.vocabulary import HintMode, Level
from tests import factories
from tests.browser.conftest import LogIn, bench, resized

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[Page, str], None]
SPOT = (1, 5)
SIZES = ({"width": 1440, "height": 900}, {"width": 1366, "height": 768}, {"width": 390, "height": 844})

# Where what an element shows lies in the window: all of it, in the middle of its box, or as the view has laid it.
SHOWN = """
([image, canvas]) => [image, canvas].map((selector) => {
  const element = document.querySelector(selector);
  const box = element.getBoundingClientRect();
  if (element.closest(".plate")) return [box.x, box.y, box.width, box.height];
  const [width, height] = [element.naturalWidth || element.width, element.naturalHeight || element.height];
  const scale = Math.min(box.width / width, box.height / height);
  const [left, top] = [box.x + (box.width - width * scale) / 2, box.y + (box.height - height * scale) / 2];
  return [left, top, width * scale, height * scale];
})
"""
OPACITY = """
([x, y]) => {
  const canvas = document.querySelector("canvas.heat");
  return canvas.getContext("2d").getImageData(x * canvas.width, y * canvas.height, 1, 1).data[3] / 255;
}
"""


def with_hints(cast: factories.Cast) -> Job:
    policy = JobPolicy(accept_at=0.2, reject_at=0.8, hint_mode=HintMode.CONCURRENT)
    return factories.job(cast, level=Level.ASSISTANCE, policy=policy)


def wide_picture(seed: int) -> bytes:
    return factories.picture(seed, size=(90, 40))


def meets_the_picture(page: Page, image: str) -> None:
    for size in SIZES:
        resized(page, **size)
        picture, heat = page.evaluate(SHOWN, [image, "canvas.heat"])
        # The canvas has whole pixels, so its proportions are off by a part in six hundred; its cells are far larger.
        assert heat == pytest.approx(picture, abs=3)


def test_one_key_lays_the_heatmap_over_the_picture_and_takes_it_off(
    cast: factories.Cast, log_in: LogIn, look: Look
) -> None:
    job = with_hints(cast)
    factories.item(job, score=0.95, spot=SPOT, data=wide_picture(1))
    page = log_in("inspector")
    bench(page, job)
    button = page.get_by_role("button", name="Where")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.locator("canvas.heat")).to_have_count(0)
    page.keyboard.press("h")
    expect(page.get_by_role("img", name="Where the AI looked: about the upper right")).to_be_visible()
    expect(button).to_have_attribute("aria-pressed", "true")
    look(page, "inspect-heat")
    assert [page.evaluate(OPACITY, place) for place in ([5.5 / 7, 1.5 / 7], [0.2, 0.8])] == [
        pytest.approx(0.68, abs=0.02),
        0,
    ]
    meets_the_picture(page, ".picture img")
    button.click()
    expect(page.locator("canvas.heat")).to_have_count(0)


def test_the_heatmap_stays_on_its_place_of_a_turned_picture_and_as_strong_as_wished(
    cast: factories.Cast, log_in: LogIn
) -> None:
    job = with_hints(cast)
    factories.item(job, score=0.95, spot=SPOT, data=wide_picture(3))
    page = log_in("inspector")
    bench(page, job)
    strength = page.get_by_role("slider", name="Strength")
    expect(strength).to_be_hidden()
    for key in ("r", "+", "ArrowUp", "h"):
        page.keyboard.press(key)
    meets_the_picture(page, ".part-picture")
    strength.fill("0.4")
    expect(page.locator("canvas.heat")).to_have_css("opacity", "0.4")


def test_the_heatmap_is_off_again_for_the_next_part(cast: factories.Cast, log_in: LogIn) -> None:
    job = with_hints(cast)
    for serial in ("first", "second"):
        factories.item(job, score=0.95, spot=SPOT, serial=serial)
    page = log_in("inspector")
    bench(page, job)
    page.keyboard.press("h")
    expect(page.locator("canvas.heat")).to_have_count(1)
    page.keyboard.press("2")
    expect(page.locator("#serial")).to_have_text("second")
    expect(page.get_by_role("button", name="Where")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("canvas.heat")).to_have_count(0)


def test_before_the_own_answer_and_on_blind_parts_there_is_nothing_to_switch_on(
    cast: factories.Cast, log_in: LogIn
) -> None:
    job = factories.job(cast, level=Level.PARTIAL)
    factories.item(job, score=0.95, spot=SPOT, serial="blind", blind=True)
    factories.item(job, score=0.95, spot=SPOT, serial="hinted")
    page = log_in("inspector")
    bench(page, job)
    for serial in ("blind", "hinted"):
        expect(page.locator("#serial")).to_have_text(serial)
        page.locator("[data-verdict=OK]:enabled").wait_for()
        page.keyboard.press("h")
        expect(page.locator("#hint *, canvas")).to_have_count(0)
        page.keyboard.press("2")
    expect(page.get_by_role("button", name="Where")).to_be_visible()
    expect(page.locator("#picture canvas")).to_have_count(0)


def test_a_hint_without_a_heatmap_has_no_switch(cast: factories.Cast, log_in: LogIn) -> None:
    job = with_hints(cast)
    factories.item(job, score=0.95)
    page = log_in("inspector")
    bench(page, job)
    expect(page.locator("#hint")).to_contain_text("not good")
    page.keyboard.press("h")
    expect(page.get_by_role("button", name="Where")).to_have_count(0)
    expect(page.locator("canvas")).to_have_count(0)


@pytest.mark.parametrize("size", SIZES)
def test_the_longest_words_fit_on_the_card(cast: factories.Cast, log_in: LogIn, size: dict[str, int]) -> None:
    job = factories.job(cast, level=Level.PARTIAL)
    factories.item(job, score=0.95, spot=SPOT)
    page = log_in("inspector", viewport=size)
    page.route("**/commit/", lengthened)
    bench(page, job)
    page.keyboard.press("3")
    expect(page.locator("#hint")).to_contain_text("Enter keeps it")
    assert page.evaluate("(card => card.scrollHeight - card.clientHeight)(document.getElementById('hint'))") == 0


def lengthened(route: object) -> None:
    """The server's own hint, with as long a sentence as it may say of a part with one defect."""
    answer = route.fetch()  # type: ignore[attr-defined]
    hint = answer.json()["hint"]
    words = "The AI thinks this part is not good: Missing screw (100 % sure). "
    hint["words"] = words + "It looked at several places, most about the lower right."
    route.fulfill(response=answer, json={"hint": hint})  # type: ignore[attr-defined]


def test_the_page_of_a_part_shows_where_the_ai_looked(cast: factories.Cast, log_in: LogIn, look: Look) -> None:
    job = factories.job(cast, level=Level.SHADOW)
    item = factories.item(job, score=0.95, spot=SPOT, data=wide_picture(2))
    page = log_in("manager")
    page.goto(f"/items/{item.pk}/")
    button = page.get_by_role("button", name="Where the AI looked")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_text("It looked about the upper right.")).to_be_visible()
    expect(page.locator("canvas.heat")).to_have_count(0)
    button.click()
    expect(page.get_by_role("img", name="Where the AI looked. It looked about the upper right.")).to_be_visible()
    look(page, "item-heat")
    meets_the_picture(page, ".item-picture img")
    button.click()
    expect(page.locator("canvas.heat")).to_have_count(0)


def test_what_does_not_work_can_be_read_to_its_end(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast)
    factories.take_in(job)
    page = log_in("inspector", viewport={"width": 390, "height": 844})
    bench(page, job)
    last = page.get_by_text("parts that wait for the AI may wait too long.")
    picture = page.locator("#picture").bounding_box()
    inside = "(item => item.getBoundingClientRect().bottom <= item.closest('ul').getBoundingClientRect().bottom + 1)"
    assert not last.evaluate(inside)
    page.locator("#status").focus()
    assert last.evaluate(inside)
    assert page.locator("#picture").bounding_box() == picture, "it lies over the picture and moves nothing"

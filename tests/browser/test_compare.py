"""Golden and limit samples beside the part: at the same place, and in turn with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from inspection.acts.add_sample import NewSample, add_sample
from inspection.models import Job
from inspection.vocabulary import SampleKind
from tests import factories
from tests.browser.conftest import LogIn, bench, resized

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[Page, str], None]
DESKTOP = {"width": 1366, "height": 768}
NARROW = {"width": 390, "height": 844}

# Which part of its picture stands in the middle of a pane, 0 to 1 across and down, and by how much it is turned.
MIDDLE = """
(host) => {
  const image = document.querySelector(`${host} img`);
  const plate = document.querySelector(`${host} .plate`);
  const matrix = new DOMMatrix(getComputedStyle(image).transform);
  const at = matrix.inverse().transformPoint({ x: plate.clientWidth / 2, y: plate.clientHeight / 2 });
  return [at.x / image.naturalWidth, at.y / image.naturalHeight, Math.atan2(matrix.b, matrix.a) / Math.PI];
}
"""


def sample(job: Job, cast: factories.Cast, seed: int, *, kind: SampleKind, label: str = "", words: str = "") -> None:
    new = NewSample(kind=kind, label=label, words=words)
    shown = factories.picture(seed, size=(300, 150))
    add_sample(job=job, new=new, shown=shown, by=cast.manager, now=timezone.now())


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    made = factories.job(cast)
    for number in range(2):
        factories.take_in(made, serial=f"part-{number}", data=factories.picture(number, size=(300, 150)))
    sample(made, cast, 11, kind=SampleKind.GOLDEN, words="Even grey, no marks on the rim.")
    sample(made, cast, 12, kind=SampleKind.LIMIT_NG, label="scratch")
    return made


@pytest.fixture
def page(job: Job, log_in: LogIn) -> Page:
    opened = log_in("inspector", viewport=DESKTOP)
    bench(opened, job)
    opened.locator(".sample-pane img").wait_for()
    return opened


def test_the_samples_stand_beside_the_part_with_words(page: Page, look: Look) -> None:
    golden = page.get_by_role("button", name="Golden sample")
    expect(golden).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("Even grey, no marks on the rim.")).to_be_visible()
    page.get_by_role("button", name="Scratch: just not good enough").click()
    expect(golden).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".sample-pane").get_by_role("img")).to_have_attribute("alt", "Scratch: just not good enough")
    look(page, "inspect-samples")


def test_the_sample_follows_the_view_of_the_part(page: Page) -> None:
    for key in ("+", "+", "+", "+", "ArrowRight", "ArrowDown", "r"):
        page.keyboard.press(key)
    part = page.evaluate(MIDDLE, "#picture")
    assert part != pytest.approx([0.5, 0.5, 0], abs=0.05)
    assert page.evaluate(MIDDLE, ".sample-pane") == pytest.approx(part, abs=0.02)


def test_one_key_shows_the_sample_in_the_place_of_the_part_and_says_so(page: Page, look: Look) -> None:
    shown = page.locator("#picture img:not(.part-picture)")
    part = page.locator("#picture .part-picture")
    page.keyboard.press("l")
    expect(page.get_by_text("Not the part: Golden sample")).to_be_visible()
    expect(part).to_be_hidden()
    assert shown.bounding_box() == pytest.approx(part.bounding_box(), abs=0.01)
    look(page, "inspect-blink")
    page.keyboard.press("l")
    expect(shown).to_have_count(0)
    expect(part).to_be_visible()
    expect(page.get_by_text("Not the part")).to_be_hidden()


def test_no_place_is_marked_unseen_while_a_sample_is_shown(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.keyboard.press("l")
    page.keyboard.press("Delete")
    page.keyboard.press("l")
    expect(page.locator(".region-name")).to_have_text("1 Scratch")
    page.keyboard.press("l")
    page.keyboard.press("k")
    expect(page.locator("#picture .part-picture")).to_be_visible()


def test_a_key_held_down_does_not_flicker(page: Page) -> None:
    page.keyboard.down("l")
    page.keyboard.down("l")
    expect(page.get_by_text("Not the part: Golden sample")).to_be_visible()
    page.keyboard.up("l")


def test_the_next_part_is_never_hidden_by_a_sample(page: Page) -> None:
    page.keyboard.press("l")
    page.keyboard.press("1")
    expect(page.locator("#serial")).to_have_text("part-1")
    expect(page.locator("#picture .part-picture")).to_be_visible()
    expect(page.locator("#picture img")).to_have_count(1)


def test_the_column_is_folded_away_and_stays_so(page: Page) -> None:
    fold = page.get_by_role("button", name="Show or hide the samples")
    before = page.locator("#picture").bounding_box()
    fold.click()
    expect(page.get_by_text("Even grey, no marks on the rim.")).to_be_hidden()
    after = page.locator("#picture").bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > before["width"] + 150
    page.reload()
    page.locator("[data-verdict=OK]:enabled").wait_for()
    expect(fold).to_have_attribute("aria-expanded", "false")
    fold.click()
    expect(page.locator(".sample-pane img")).to_be_visible()


def test_on_a_telephone_the_samples_wait_to_be_asked_for(page: Page) -> None:
    resized(page, **NARROW)
    expect(page.locator(".sample-pane")).to_be_hidden()
    page.get_by_role("button", name="Show or hide the samples").click()
    expect(page.locator(".sample-pane img")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


def test_a_job_without_samples_says_what_will_be_here(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast)
    factories.take_in(job)
    page = log_in("inspector", viewport=DESKTOP)
    bench(page, job)
    expect(page.get_by_text("once a quality manager has put them into the label book")).to_be_visible()
    expect(page.get_by_role("button", name="Part and sample in turn")).to_be_disabled()
    page.keyboard.press("l")
    expect(page.locator("#picture .part-picture")).to_be_visible()

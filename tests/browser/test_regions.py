"""Places that a person marks on a part: by mouse, by touch and by keys alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inspection.models import VerdictGiven
from tests import factories
from tests.browser.conftest import LogIn, bench, saved

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[Page, str], None]
Point = tuple[float, float]
DESKTOP = {"width": 1366, "height": 768}

# A place of the upright picture (0 to 1 across and down) in the window, whatever the view.
SEEN = """
(places) => {
  const image = document.querySelector("#picture .part-picture");
  const plate = document.querySelector("#picture .plate").getBoundingClientRect();
  const matrix = new DOMMatrix(getComputedStyle(image).transform);
  return places.map(([x, y]) => {
    const point = matrix.transformPoint({ x: x * image.naturalWidth, y: y * image.naturalHeight });
    return [plate.x + point.x, plate.y + point.y];
  });
}
"""
# A pane of its own with as many places as one answer may hold, and one of them of as many points; then the view moves.
MANY = """
async () => {
  const [{ Pane }, { Regions }] = await Promise.all([import("/static/js/pane.js"), import("/static/js/regions.js")]);
  const host = document.body.appendChild(document.createElement("div"));
  Object.assign(host.style, { position: "fixed", inset: "100px", zIndex: 9 });
  const pane = new Pane(host, { onMove: () => pane.regions?.place() });
  pane.put(document.querySelector("#picture .part-picture").cloneNode());
  const regions = (pane.regions = new Regions({ pane, controls: document.querySelector(".picture-controls") }));
  const round = (count, x, y, far) =>
    Array.from({ length: count }, (_, at) => [
      x + far * Math.cos((2 * Math.PI * at) / count), y + far * Math.sin((2 * Math.PI * at) / count),
    ]);
  const rows = (at) => [0.05 + (at % 20) / 22, 0.05 + Math.floor(at / 20) / 11];
  const many = Array.from({ length: 199 }, (_, at) => round(40, ...rows(at), 0.02));
  regions.set([...many, round(5000, 0.5, 0.5, 0.4)].map((points) => ({ label: "dent", kind: "polygon", points })));
  regions.select(199);
  const frames = [];
  for (let step = 0; step < 30; step += 1) {
    const begun = performance.now();
    pane.panBy(0.01, 0.005);
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    frames.push(performance.now() - begun);
  }
  const elements = host.querySelectorAll("svg *").length;
  const corners = host.querySelector(".region-handles");
  return { elements, frames, corners: corners.getAttribute("d").split("M").length - 1 };
}
"""


@pytest.fixture
def page(cast: factories.Cast, log_in: LogIn) -> Page:
    job = factories.job(cast)
    for number in range(2):
        factories.take_in(job, serial=f"part-{number}", data=factories.picture(number, size=(300, 150)))
    opened = log_in("inspector", viewport=DESKTOP)
    bench(opened, job)
    return opened


def seen(page: Page, *places: Point) -> list[Point]:
    return [(x, y) for x, y in page.evaluate(SEEN, places)]


def drag(page: Page, start: Point, end: Point) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    page.mouse.move(*end)
    page.mouse.up()


def box(page: Page, start: Point = (0.2, 0.2), end: Point = (0.4, 0.6)) -> None:
    page.keyboard.press("j")
    drag(page, *seen(page, start, end))


def stored(page: Page) -> list[dict[str, Any]]:
    """Send the part as NG; what the server keeps of it."""
    page.keyboard.press("2")
    saved(page, 1)
    regions = VerdictGiven.objects.latest("id").regions
    assert isinstance(regions, list)
    return regions


def near(points: Sequence[Sequence[float]]) -> Any:
    return [pytest.approx(point, abs=0.004) for point in points]


def test_a_dragged_box_goes_out_with_the_verdict_and_leaves_the_next_part_clear(page: Page, look: Look) -> None:
    box(page, (0.4, 0.6), (0.2, 0.2))
    expect(page.locator(".region-name")).to_have_text("1 Scratch")
    look(page, "inspect-region")
    [region] = stored(page)
    assert (region["label"], region["kind"]) == ("scratch", "box")
    assert region["points"] == near([(0.2, 0.2), (0.4, 0.6)]), "upper left and lower right, however it was drawn"
    expect(page.locator(".region, .region-name")).to_have_count(0)
    expect(page.get_by_text("1 Scratch")).to_have_count(0)


def test_a_box_is_drawn_by_two_clicks_too(page: Page) -> None:
    page.get_by_role("button", name="Mark a box").click()
    for place in seen(page, (0.5, 0.5), (0.7, 0.8)):
        page.mouse.click(*place)
    [region] = stored(page)
    assert region["points"] == near([(0.5, 0.5), (0.7, 0.8)])


def test_keys_alone_put_a_box_in_the_middle_move_it_and_stretch_it(page: Page) -> None:
    for key in ("j", "Enter", "Shift+ArrowRight", "ArrowDown", ".", ".", ".", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    [[left, top], [right, bottom]] = stored(page)[0]["points"]
    step = 1 / 948
    assert (left + right) / 2 == pytest.approx(0.5 + 15 * step, abs=0.003), "ten to the right, then its right side ten"
    assert (top + bottom) / 2 == pytest.approx(0.5 + 2 * step, abs=0.003)
    assert right - left == pytest.approx((bottom - top) / 2 + 10 * step, abs=0.003)


def test_an_outline_is_clicked_point_after_point_and_one_is_taken_back(page: Page) -> None:
    places = [(0.2, 0.2), (0.6, 0.2), (0.9, 0.9), (0.6, 0.7)]
    page.keyboard.press("k")
    for number, place in enumerate(seen(page, *places)):
        page.mouse.click(*place)
        if number == 2:
            page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    [region] = stored(page)
    assert region["kind"] == "polygon"
    assert region["points"] == near([places[0], places[1], places[3]])


def test_a_double_click_closes_an_outline(page: Page) -> None:
    page.keyboard.press("k")
    first, second, last = seen(page, (0.2, 0.2), (0.6, 0.2), (0.6, 0.7))
    page.mouse.click(*first)
    page.mouse.click(*second)
    page.mouse.dblclick(*last)
    assert len(stored(page)[0]["points"]) == 3


def test_an_outline_is_set_by_keys_alone(page: Page) -> None:
    page.keyboard.press("k")
    for way in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(f"Shift+{way}")
        page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert len(stored(page)[0]["points"]) == 3


def test_what_is_drawn_on_a_turned_and_zoomed_picture_lies_where_it_was_seen(page: Page) -> None:
    for key in ("r", "+", "ArrowUp"):
        page.keyboard.press(key)
    box(page, (0.45, 0.4), (0.55, 0.6))
    assert stored(page)[0]["points"] == near([(0.45, 0.4), (0.55, 0.6)])


def test_a_taken_place_is_dragged_and_so_is_its_corner_while_others_let_the_picture_move(page: Page) -> None:
    box(page)
    drag(page, *seen(page, (0.3, 0.4), (0.5, 0.5)))
    drag(page, *seen(page, (0.6, 0.7), (0.7, 0.9)))
    page.keyboard.press("Escape")
    before = seen(page, (0, 0))
    drag(page, *seen(page, (0.5, 0.5), (0.52, 0.55)))
    page.wait_for_timeout(300)
    assert seen(page, (0, 0)) != before, "nothing is taken: the drag moves the picture"
    assert stored(page)[0]["points"] == near([(0.4, 0.3), (0.7, 0.9)])


def test_every_change_is_undone_and_redone(page: Page) -> None:
    box(page)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Delete")
    names = page.locator(".region-name")
    expect(names).to_have_count(0)
    for _ in range(2):
        page.keyboard.press("Control+z")
    expect(names).to_have_count(1)
    page.keyboard.press("Control+y")
    page.keyboard.press("Control+y")
    expect(names).to_have_count(0)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert stored(page)[0]["points"] == near([(0.2, 0.2), (0.4, 0.6)])


def test_the_list_names_every_place_takes_it_and_changes_its_defect(page: Page) -> None:
    box(page)
    box(page, (0.6, 0.2), (0.8, 0.5))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Marked places").click()
    second = page.get_by_role("button", name="2 Scratch, box")
    second.click()
    page.get_by_role("combobox", name="Defect").select_option("Dent")
    expect(page.get_by_role("button", name="2 Dent, box")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="1 Scratch, box").click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Marked places").click()
    assert [(region["label"], region["points"]) for region in stored(page)] == [
        ("dent", near([(0.6, 0.2), (0.8, 0.5)])),
    ]


def test_escape_ends_a_drawing_and_a_twitch_is_no_box(page: Page) -> None:
    tool = page.get_by_role("button", name="Mark a box")
    page.keyboard.press("j")
    [place] = seen(page, (0.5, 0.5))
    drag(page, place, (place[0] + 9, place[1]))
    expect(tool).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(tool).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".region")).to_have_count(0)


def test_what_lies_beyond_the_edge_is_cut_at_the_edge(page: Page) -> None:
    box(page, (0.9, 0.8), (1.02, 1.03))
    assert stored(page)[0]["points"] == near([(0.9, 0.8), (1, 1)])


def test_thousands_of_points_are_a_handful_of_elements(page: Page) -> None:
    told = page.evaluate(MANY)
    assert told["elements"] < 200 * 3 + 20, "two lines and a name for each place, whatever its points"
    assert 10 < told["corners"] < 500, "corners are shown as far apart as a finger can tell"

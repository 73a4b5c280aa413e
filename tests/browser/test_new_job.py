from __future__ import annotations

import base64
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from inspection.models import Item, Job, Refusal
from tests import factories
from tests.browser.conftest import LogIn

pytestmark = pytest.mark.django_db(transaction=True)

DROP = """
([files, place]) => {
  const transfer = new DataTransfer();
  for (const [name, data] of files) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], name));
  }
  const drop = document.getElementById(place);
  drop.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
}
"""


def drop(page: Page, files: dict[str, bytes]) -> None:
    """Drop files on the field for pictures, as a mouse does."""
    page.evaluate(DROP, [[[name, base64.b64encode(data).decode()] for name, data in files.items()], "drop"])


def test_a_new_job_has_its_first_part_on_screen(
    cast: factories.Cast, log_in: LogIn, look: Callable[[Page, str], None]
) -> None:
    factories.job(cast)
    page = log_in("admin")
    page.get_by_role("link", name="New job").click()
    page.locator("#name").fill("Lids, line 2")
    expect(page.locator("#slug")).to_have_value("lids-line-2")
    page.locator("#label-0-name").fill("Deep scratch")
    expect(page.locator("#label-0-code")).to_have_value("deep_scratch")
    page.get_by_role("button", name="Add a label").click()
    page.keyboard.type("Dent")
    drop(page, {**{f"lid-{n:02}.png": factories.picture(n) for n in range(20)}, "note.png": b"no picture"})
    page.get_by_role("button", name="Make the job").click()
    sent = "21 of 21 pictures · 20 taken in · 1 refused"
    expect(page.locator("#upload-sum")).to_contain_text(sent, timeout=30_000)
    expect(page.locator(".file[data-state=refused]")).to_contain_text("not a picture of a known format")
    look(page, "new-job")
    assert Item.objects.filter(job__slug="lids-line-2").count() == 20
    assert list(Job.objects.get(slug="lids-line-2").labels.values_list("code", flat=True)) == ["deep_scratch", "dent"]
    assert Refusal.objects.get().code == "not_a_picture"
    page.get_by_role("link", name="Inspect the first part").click()
    page.locator("[data-verdict=OK]:enabled").wait_for()
    # Two are sent at once, so either of the first two may have come first.
    expect(page.locator("#serial")).to_have_text(re.compile("lid-0[01]"))


def test_pictures_dropped_on_a_job_become_parts(cast: factories.Cast, log_in: LogIn) -> None:
    factories.job(cast)
    page = log_in("manager")
    page.goto("/jobs/covers/")
    page.get_by_label("Lot", exact=True).fill("L7")
    drop(page, {"one.png": factories.picture(1), "two.png": factories.picture(2)})
    expect(page.locator("#upload-sum")).to_contain_text("2 of 2 pictures · 2 taken in")
    assert set(Item.objects.values_list("serial", "lot")) == {("one", "L7"), ("two", "L7")}


def test_a_taken_name_is_said_before_any_picture_is_sent(cast: factories.Cast, log_in: LogIn) -> None:
    factories.job(cast)
    page = log_in("admin")
    page.goto("/new-job/")
    page.locator("#name").fill("Covers")
    drop(page, {"one.png": factories.picture(1)})
    page.get_by_role("button", name="Make the job").click()
    expect(page.get_by_role("alert")).to_have_text("There is a job covers already.")
    assert Item.objects.count() == 0

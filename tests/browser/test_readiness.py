"""May this job climb? In a real browser: from the proof to the signature, the switch, and a bar that was moved."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from inspection.models import Job
from inspection.vocabulary import Gate, Verdict
from tests import factories
from tests.browser.conftest import LogIn, resized
from tests.climbs import agreed, climbing_job

pytestmark = pytest.mark.django_db(transaction=True)
OK, NG, UNSURE = Verdict
WIDE = "document.documentElement.scrollWidth"
# Words that leave their plot.
OUTSIDE = """() => [...document.querySelectorAll(".proof svg")].flatMap(svg => {
  const frame = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].filter(one => {
    const box = one.getBoundingClientRect();
    return box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1;
  }).map(one => one.textContent);
})"""


@pytest.fixture
def covers(cast: factories.Cast) -> Job:
    """A job whose climb to assistance is proven."""
    made = climbing_job(cast, gate=Gate.ENFORCED)
    agreed(made, cast, [OK, OK, NG] * 18)
    return made


def reason(page: Page, form: str, words: str) -> None:
    page.locator(f"form[aria-labelledby={form}] textarea").fill(words)


def test_a_proof_is_signed_with_the_password_and_then_switched(covers: Job, log_in: LogIn) -> None:
    page = log_in("manager")
    page.goto("/jobs/covers/level/")
    expect(page.get_by_role("heading", level=1)).to_have_text("To assistance: proven, waits for a signature")
    reason(page, "sign", "eighteen lots without an error")
    page.get_by_label("Your password, once more").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign: an admin may switch after that").click()
    expect(page.get_by_role("status").filter(has_text="Signed.")).to_be_visible()
    expect(page.get_by_label("Your password, once more")).to_have_count(0)
    admin = log_in("admin")
    admin.goto("/jobs/covers/level/")
    admin.locator("#reason").fill("signed by the manager")
    admin.get_by_role("button", name="Raise to assistance").click()
    expect(admin.get_by_role("status").filter(has_text="The job stands on assistance now.")).to_be_visible()


def test_a_wrong_password_is_said_and_signs_nothing(covers: Job, log_in: LogIn) -> None:
    page = log_in("manager")
    page.goto("/jobs/covers/level/")
    reason(page, "sign", "in a hurry")
    page.get_by_label("Your password, once more").fill("not mine")
    page.get_by_role("button", name="Sign: an admin may switch after that").click()
    expect(page.get_by_text("That is not your password.")).to_be_visible()
    expect(page.get_by_text("nobody yet")).to_be_visible()


@pytest.mark.parametrize("width", [1366, 390])
def test_the_plots_keep_their_words_and_the_page_its_width(covers: Job, log_in: LogIn, width: int) -> None:
    page = log_in("manager")
    resized(page, width, 800)
    page.goto("/jobs/covers/level/")
    expect(page.locator(".proof svg .way")).to_have_count(2)
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(WIDE) == width


def test_the_table_behind_a_plot_is_one_click_away(covers: Job, log_in: LogIn) -> None:
    page = log_in("manager")
    page.goto("/jobs/covers/level/")
    plot = page.locator(".proof").first
    expect(plot.get_by_role("row")).to_have_count(0)
    plot.get_by_text("The same as a table").click()
    expect(plot.get_by_role("row")).to_have_count(41)


def test_criteria_are_read_out_as_a_list_with_their_state_first(covers: Job, log_in: LogIn) -> None:
    page = log_in("manager")
    page.goto("/jobs/covers/level/")
    [first, *others] = page.locator(".criteria").get_by_role("listitem").all_inner_texts()
    assert first.startswith("✓ proven")
    assert "(seen: 0 of 54)" in first
    assert len(others) == 7


def test_on_paper_there_are_no_forms(covers: Job, log_in: LogIn) -> None:
    page = log_in("admin")
    page.goto("/jobs/covers/level/")
    page.emulate_media(media="print")
    expect(page.locator("button:visible, textarea:visible")).to_have_count(0)
    expect(page.get_by_role("heading", name="What it takes to climb to assistance")).to_be_visible()


def test_the_form_says_what_a_bar_does_before_it_is_pressed(covers: Job, log_in: LogIn) -> None:
    page = log_in("admin")
    page.goto("/jobs/covers/bars/")
    effect = page.locator("#bars-effect")
    page.get_by_label("Overkill, below %").fill("2,5")
    expect(effect).to_have_text("Stricter: it is asked of what has been counted as well.")
    page.get_by_label("Days in partial automation, at least").fill("7")
    expect(effect).to_have_text("Easier: a new epoch begins, and 54 counted parts no longer count for it.")
    page.get_by_label("Days in partial automation, at least").fill("14")
    page.get_by_label("Overkill, below %").fill("3")
    expect(effect).to_have_text("")

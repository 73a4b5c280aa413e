from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from inspection.models import Incident, Item, VerdictGiven
from inspection.policy.job_policy import JobPolicy
from inspection.vocabulary import HintMode, Level, Verdict
from tests import factories
from tests.browser.conftest import LogIn, bench, resized, saved

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[Page, str], None]


def given() -> list[tuple[str, str, list[str]]]:
    rows = VerdictGiven.objects.select_related("item").order_by("id")
    return [(row.item.serial, row.verdict, row.labels) for row in rows]


def test_an_inspector_judges_part_after_part_by_one_key_each(cast: factories.Cast, log_in: LogIn, look: Look) -> None:
    job = factories.job(cast)
    for number in range(4):
        factories.take_in(job, serial=f"part-{number}")
    page = log_in("inspector")
    page.get_by_role("link", name="Inspect Covers").click()
    page.locator("[data-verdict=OK]:enabled").wait_for()
    look(page, "inspect")
    page.keyboard.press("1")
    expect(page.locator("#serial")).to_have_text("part-1")
    page.locator("[data-verdict=OK]:enabled").wait_for()
    page.keyboard.press("s")
    page.keyboard.press("2")
    expect(page.locator("#serial")).to_have_text("part-2")
    page.locator("[data-verdict=OK]:enabled").wait_for()
    page.keyboard.press("3")
    saved(page, 3)
    assert given() == [("part-0", "OK", []), ("part-1", "NG", ["dent"]), ("part-2", "UNSURE", [])]


def test_the_first_answer_comes_before_the_hint_and_may_be_revised(
    cast: factories.Cast, log_in: LogIn, look: Look
) -> None:
    job = factories.job(cast, level=Level.PARTIAL)
    factories.item(job, score=0.95)
    page = log_in("inspector")
    bench(page, job)
    expect(page.locator("#hint")).to_have_text("")
    page.keyboard.press("1")
    expect(page.locator("#hint")).to_contain_text("The AI thinks this part is not good")
    look(page, "inspect-hint")
    assert given() == []
    page.keyboard.press("2")
    saved(page, 1)
    row = VerdictGiven.objects.get()
    assert row.first is not None
    assert row.shown is not None
    assert (row.first["verdict"], row.verdict, row.shown["verdict"]) == ("OK", "NG", "NG")


def test_enter_keeps_the_first_answer(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast, level=Level.PARTIAL)
    factories.item(job, score=0.95)
    page = log_in("inspector")
    bench(page, job)
    page.keyboard.press("1")
    expect(page.locator("#hint")).to_contain_text("You said OK.")
    page.keyboard.press("Enter")
    saved(page, 1)
    assert VerdictGiven.objects.get().verdict == Verdict.OK


def test_a_blind_part_goes_straight_on_after_the_first_answer(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast, level=Level.PARTIAL)
    factories.item(job, score=0.95, blind=True)
    page = log_in("inspector")
    bench(page, job)
    page.keyboard.press("2")
    saved(page, 1)
    assert VerdictGiven.objects.get().shown is None


def test_a_hint_from_the_start_changes_no_layout(cast: factories.Cast, log_in: LogIn) -> None:
    policy = JobPolicy(accept_at=0.2, reject_at=0.8, hint_mode=HintMode.CONCURRENT)
    job = factories.job(cast, level=Level.ASSISTANCE, policy=policy)
    factories.item(job, score=0.95)
    factories.item(job, score=0.95, blind=True)
    page = log_in("inspector")
    bench(page, job)
    expect(page.locator("#hint")).to_contain_text("not good")
    before = [page.locator(place).bounding_box() for place in ("#hint", "#picture", ".verdicts", ".chips")]
    page.keyboard.press("2")
    expect(page.locator("#hint")).to_have_text("")
    page.locator("[data-verdict=OK]:enabled").wait_for()
    assert [page.locator(place).bounding_box() for place in ("#hint", "#picture", ".verdicts", ".chips")] == before


def test_ok_does_not_go_out_while_defects_are_marked(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast)
    factories.take_in(job)
    page = log_in("inspector")
    bench(page, job)
    page.keyboard.press("a")
    page.keyboard.press("1")
    expect(page.locator("#notice")).to_contain_text("Defects are marked.")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    saved(page, 1)
    assert [verdict for _, verdict, _ in given()] == ["OK"]


def test_a_part_that_somebody_else_took_meanwhile_is_explained(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast, policy=JobPolicy(lease_seconds=1))
    factories.take_in(job)
    page = log_in("inspector")
    page.route("**/heartbeat/", lambda route: route.fulfill(status=429))
    bench(page, job)
    page.wait_for_timeout(1200)
    assert len(factories.claim(job, cast.inspector2)) == 1
    page.keyboard.press("1")
    expect(page.locator("#letters")).to_contain_text("Somebody else took this part while you were away.")
    assert list(VerdictGiven.objects.values_list("late", flat=True)) == [True]


def test_a_part_is_passed_on_with_a_reason(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast)
    factories.take_in(job)
    page = log_in("inspector")
    bench(page, job)
    page.keyboard.press("0")
    page.get_by_label("Another reason").fill("there is oil on the glass")
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_contain_text("No part is waiting.")
    assert factories.claim(job, cast.inspector) == []
    assert len(factories.claim(job, cast.inspector2)) == 1


def test_an_expert_is_asked_with_a_reason(cast: factories.Cast, log_in: LogIn, look: Look) -> None:
    job = factories.job(cast)
    factories.take_in(job)
    page = log_in("inspector")
    bench(page, job)
    page.get_by_role("button", name="Pass on").click()
    page.get_by_label("An expert decides").check()
    look(page, "inspect-pass-on")
    page.get_by_role("button", name="I do not know this part").click()
    expect(page.locator("#say")).to_contain_text("No part is waiting.")
    expect(page.locator("#saved")).to_have_text("all saved")
    [held] = factories.claim(job, cast.manager, adjudication=True)
    assert held.review.note == "I do not know this part"


def test_a_report_goes_out_with_the_part(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast)
    item = factories.take_in(job)
    page = log_in("inspector")
    bench(page, job)
    page.keyboard.press("i")
    expect(page.get_by_role("heading", name="Stop automation")).to_have_count(0)
    page.get_by_label("What is wrong, in your own words?").fill("the lamp flickers")
    with page.expect_response("**/incidents/"):
        page.locator("#report-dialog").get_by_role("button", name="Report", exact=True).click()
    expect(page.locator("#notice")).to_have_text("Reported. A manager reads it.")
    row = Incident.objects.get()
    assert (row.words, row.item_id, row.by) == ("the lamp flickers", item.pk, cast.inspector)


def test_anybody_who_inspects_stops_automation_with_a_reason(cast: factories.Cast, log_in: LogIn, look: Look) -> None:
    job = factories.job(cast, level=Level.PARTIAL)
    factories.item(job, score=0.5)
    page = log_in("inspector")
    bench(page, job)
    page.get_by_role("button", name="Report").click()
    look(page, "inspect-report")
    page.get_by_role("button", name="Report and stop automation").click()
    expect(page.get_by_text("Say in a few words what is wrong.")).to_be_visible()
    page.get_by_label("What is wrong, in your own words?").fill("it passes dented parts")
    with page.expect_response("**/incidents/"):
        page.get_by_role("button", name="Report and stop automation").click()
    expect(page.locator("#notice")).to_have_text("Automation is stopped. People judge every part.")
    expect(page.locator("#level")).to_have_text("assistance")
    job.refresh_from_db()
    assert job.level == Level.ASSISTANCE
    assert Incident.objects.get().words == "it passes dented parts"


def test_automation_that_could_not_be_stopped_is_said_loudly(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast, level=Level.FULL)
    page = log_in("inspector")
    page.goto(f"/jobs/{job.slug}/inspect/")
    page.route("**/level/", lambda route: route.fulfill(status=429))
    page.get_by_role("button", name="Report").click()
    page.get_by_label("What is wrong, in your own words?").fill("it passes dented parts")
    page.get_by_role("button", name="Report and stop automation").click()
    expect(page.get_by_text("Automation is NOT stopped")).to_be_visible()
    assert not Incident.objects.exists()


def test_the_list_of_keys_names_every_key_of_page_and_picture(cast: factories.Cast, log_in: LogIn, look: Look) -> None:
    page = log_in("inspector")
    page.goto(f"/jobs/{factories.job(cast).slug}/inspect/")
    page.locator("#say", has_text="No part is waiting.").wait_for()
    page.keyboard.press("?")
    look(page, "inspect-keys")
    named = set(" ".join(page.locator("#keys-list kbd").all_inner_texts()).split())
    assert set("123ONU0ZYXHI?/AS") | set("+−WQRBCVJKL[],.") | {"Esc", "Enter", "Del", "⌫"} <= named


def test_everything_that_is_pressed_is_large_enough_for_a_glove(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast, level=Level.PARTIAL)
    factories.item(job, score=0.95, spot=(1, 5), data=factories.picture(1, size=(90, 60)))
    page = log_in("inspector")
    bench(page, job)
    page.keyboard.press("2")
    page.get_by_role("button", name="Where").wait_for()
    for width, height in ((1366, 768), (1024, 768), (390, 844)):
        resized(page, width, height)
        boxes = page.locator(":is(button, a.button):visible").evaluate_all(
            "all => all.map((one) => [one.innerText, one.getBoundingClientRect()])"
        )
        assert [words for words, box in boxes if box["width"] < 44 or box["height"] < 44] == []
        size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert size == [width, height], "the page never scrolls"


def test_an_empty_queue_says_so_and_looks_again(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast)
    page = log_in("inspector")
    page.goto(f"/jobs/{job.slug}/inspect/")
    expect(page.locator("#say")).to_contain_text("No part is waiting.")
    factories.take_in(job, serial="late-part")
    expect(page.locator("#serial")).to_have_text("late-part", timeout=8000)


def test_the_page_never_scrolls(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast, level=Level.PARTIAL)
    factories.item(job, score=0.95)
    page = log_in("inspector", viewport={"width": 1366, "height": 768})
    bench(page, job)
    page.keyboard.press("2")
    expect(page.locator("#hint")).to_contain_text("Enter keeps it")
    sizes = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight,"
        " document.getElementById('hint').scrollHeight - document.getElementById('hint').clientHeight,"
        " document.getElementById('hint').getBoundingClientRect().right <= 1366]"
    )
    assert sizes == [1366, 768, 0, True]


def test_who_leaves_gives_the_parts_back(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast)
    factories.take_in(job)
    page = log_in("inspector")
    bench(page, job)
    page.get_by_role("link", name="Leave").click()
    page.wait_for_url("**/jobs/covers/")
    assert Item.objects.get().state == "waiting"
    assert len(factories.claim(job, cast.inspector2)) == 1


def test_a_key_held_down_judges_one_part(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast)
    for _ in range(3):
        factories.take_in(job)
    page = log_in("inspector")
    bench(page, job)
    page.keyboard.down("1")
    saved(page, 1)
    page.locator("[data-verdict=OK]:enabled").wait_for()
    page.keyboard.down("1")
    page.wait_for_timeout(300)
    assert len(given()) == 1


def test_a_key_counts_only_when_the_picture_is_there(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast)
    factories.take_in(job)
    page = log_in("inspector")
    kept: list[Route] = []
    page.route("**/reviews/*/picture/", lambda route: kept.append(route))
    page.goto(f"/jobs/{job.slug}/inspect/")
    expect(page.locator("#serial")).not_to_have_text("–")
    page.keyboard.press("1")
    kept[0].continue_()
    page.locator("[data-verdict=OK]:enabled").wait_for()
    assert given() == []
    page.keyboard.press("1")
    saved(page, 1)

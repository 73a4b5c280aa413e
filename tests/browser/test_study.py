from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page, expect

from inspection.models import Job, Person, Study, VerdictGiven
from inspection.queries import studies
from tests import factories, study
from tests.browser.conftest import LogIn, kept, resized
from tests.browser.test_accessible import violations
from tests.study import NG, OK

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[Page, str], None]
WIDER = (
    "[...document.querySelectorAll('table')].filter(one => one.scrollWidth > one.parentElement.clientWidth + 1).length"
)


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    return factories.job(cast)


@pytest.fixture
def made(job: Job, cast: factories.Cast) -> Study:
    return study.running(job, cast)


def sit(page: Page, made: Study) -> None:
    page.goto(f"/jobs/covers/studies/{made.pk}/sit/")
    page.locator("[data-verdict=OK]:enabled").wait_for()


def ready(page: Page, *, trial: int, place: int) -> None:
    expect(page.locator("#trial")).to_have_text(f"Trial {trial} of 2")
    expect(page.locator("#place")).to_have_text(f"part {place} of 6")
    page.locator("[data-verdict=OK]:enabled").wait_for()


def arrived(made: Study, person: Person) -> int:
    return studies.progress(study.appraiser(made, person)).readings


def saved(page: Page) -> None:
    page.locator("#saved", has_text="all saved").wait_for()


def said(made: Study, person: Person) -> dict[tuple[int, int], str]:
    rows = studies.standing().filter(appraiser=study.appraiser(made, person)).select_related("turn")
    return {(row.turn.trial, row.turn.place): row.verdict for row in rows}


def test_a_study_is_judged_by_the_keys_of_the_bench(
    made: Study, cast: factories.Cast, log_in: LogIn, look: Look
) -> None:
    before = VerdictGiven.objects.count()
    page = log_in("inspector")
    page.goto("/jobs/covers/studies/")
    look(page, "study-asked")
    page.get_by_role("link", name="Begin").click()
    ready(page, trial=1, place=1)
    look(page, "study-bench")
    for place, key in enumerate("121213", 1):
        ready(page, trial=1, place=place)
        page.keyboard.press(key)
    ready(page, trial=2, place=1)
    expect(page.locator("#say")).to_have_text("Trial 2 of 2 begins: the same parts in another order.")
    for place in range(1, 7):
        ready(page, trial=2, place=place)
        page.keyboard.press("1")
    expect(page.locator("#say")).to_contain_text("You are through: 6 parts, 2 times.")
    saved(page)
    words = {"1": "OK", "2": "NG", "3": "UNSURE"}
    first = {(1, place): words[key] for place, key in enumerate("121213", 1)}
    assert said(made, cast.inspector) == {**first, **{(2, place): "OK" for place in range(1, 7)}}
    assert VerdictGiven.objects.count() == before


def test_the_page_shows_no_serial_and_nothing_of_the_production(made: Study, log_in: LogIn) -> None:
    page = log_in("inspector")
    sit(page, made)
    text = page.content()
    parts = list(made.parts.select_related("item"))
    assert not any(part.item.serial in text or str(part.item_id) in text for part in parts)
    for gone in ("#serial", "#lot", "#hint", "#pass-on", "#count"):
        assert page.locator(gone).count() == 0


def test_who_comes_back_goes_on_where_the_work_stopped(made: Study, cast: factories.Cast, log_in: LogIn) -> None:
    page = log_in("inspector")
    sit(page, made)
    for place in (1, 2):
        ready(page, trial=1, place=place)
        page.keyboard.press("1")
    ready(page, trial=1, place=3)
    saved(page)
    page.locator("#leave").click()
    page.wait_for_url("**/studies/")
    expect(page.locator(".asked")).to_contain_text("trial 1 of 2, 2 of 6 parts done")
    page.get_by_role("link", name="Go on").click()
    ready(page, trial=1, place=3)
    assert arrived(made, cast.inspector) == 2


def test_the_last_answer_is_taken_back(made: Study, cast: factories.Cast, log_in: LogIn) -> None:
    page = log_in("inspector")
    sit(page, made)
    page.keyboard.press("2")
    ready(page, trial=1, place=2)
    page.keyboard.press("z")
    ready(page, trial=1, place=1)
    expect(page.locator("#say")).to_have_text("Part 1 is back: you said NG.")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    ready(page, trial=1, place=2)
    saved(page)
    assert said(made, cast.inspector) == {(1, 1): "OK"}


@pytest.mark.usefixtures("may_be_cut_off")
def test_answers_that_were_given_without_a_line_arrive_later(made: Study, cast: factories.Cast, log_in: LogIn) -> None:
    page = log_in("inspector")
    sit(page, made)
    ready(page, trial=1, place=1)
    page.wait_for_timeout(500)  # the next pictures are loaded ahead
    page.context.set_offline(True)
    for place in (1, 2):
        ready(page, trial=1, place=place)
        page.keyboard.press("1")
    expect(page.locator("#saved")).to_contain_text("2 unsent")
    assert (len(kept(page)), arrived(made, cast.inspector)) == (2, 0)
    page.context.set_offline(False)
    saved(page)
    ready(page, trial=1, place=3)
    assert said(made, cast.inspector) == {(1, 1): "OK", (1, 2): "OK"}


@pytest.mark.usefixtures("may_be_cut_off")
def test_a_study_that_is_closed_meanwhile_says_so(made: Study, cast: factories.Cast, log_in: LogIn) -> None:
    page = log_in("inspector")
    study.read(made, cast.inspector2, study.right, most=1)
    page.on("console", lambda _message: None)
    sit(page, made)
    ready(page, trial=1, place=1)
    study.close(made, cast.manager, reason="enough")
    page.reload()
    expect(page.locator("#say")).to_have_text("This study is over. Thank you.")


def test_a_manager_makes_starts_and_closes_a_study(job: Job, cast: factories.Cast, log_in: LogIn, look: Look) -> None:
    study.known(job, cast, OK, OK, OK, OK, NG, NG)
    page = log_in("manager")
    page.goto("/jobs/covers/studies/")
    page.get_by_role("link", name="New study").click()
    page.get_by_label("Name").fill("Spring")
    expect(page.get_by_label("How many")).to_have_value("6")
    expect(page.locator(".by-hand")).to_be_hidden()
    page.get_by_text("By hand").click()
    look(page, "study-new")
    for box in page.locator("input[name=part]").all():
        box.check()
    page.get_by_label("inspector", exact=False).first.check()
    page.get_by_label("Trials").fill("1")
    page.get_by_role("button", name="Make a draft").click()
    expect(page.locator("h1")).to_contain_text("Spring")
    look(page, "study-draft")
    page.get_by_role("button", name="Start the study").click()
    made = Study.objects.get()
    assert (made.state, made.parts.count(), made.seed) == ("running", 6, "")
    study.read(made, cast.inspector, study.right)
    page.reload()
    expect(page.locator("main")).to_contain_text("Everybody is through.")
    page.get_by_role("button", name="Close the study").click()
    expect(page.locator(".answer").first).to_have_text("Everybody judges well enough by all three marks.")
    expect(page.locator("main")).to_contain_text("nobody to compare with")
    look(page, "study-report")


def test_the_report_prints_without_what_can_only_be_pressed(made: Study, cast: factories.Cast, log_in: LogIn) -> None:
    for person in (cast.inspector, cast.inspector2):
        study.read(made, person, study.right)
    study.close(made, cast.manager)
    Study.objects.update(upper_limit=5.5, unit="mm", measured_by=cast.manager, measured_at=timezone.now())
    made.parts.update(value=F("number"))
    page = log_in("manager")
    page.goto(f"/jobs/covers/studies/{made.pk}/")
    expect(page.locator(".signatures")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".signatures")).to_be_visible()
    expect(page.locator(".zones svg")).to_be_visible()
    for hidden in (".downloads", ".tabs", ".top"):
        expect(page.locator(hidden).first).to_be_hidden()
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    resized(page, 688, 900)
    assert page.evaluate(WIDER) == 0


def test_measured_values_are_pasted_mended_and_drawn(job: Job, cast: factories.Cast, log_in: LogIn, look: Look) -> None:
    study.known(job, cast, OK, OK, OK, OK, NG, NG)
    made = study.draft(job, cast, trials=2)
    page = log_in("manager")
    page.goto(f"/jobs/covers/studies/{made.pk}/")
    page.get_by_text("Measured values and limits").click()
    table = page.get_by_label("Values", exact=True)
    lines = [f"{line.rstrip()} {5 + place}" for place, line in enumerate(table.input_value().splitlines(), 1)]
    table.fill("\n".join([*lines, "nobody; 5"]))
    page.get_by_label("Upper limit").fill("9,5")
    page.get_by_label("Unit").fill("mm")
    page.get_by_role("button", name="Keep values").click()
    expect(page.get_by_role("alert")).to_contain_text("Line 7: the part “nobody” is not in this study.")
    expect(table).to_have_value("\n".join([*lines, "nobody; 5"]))
    look(page, "study-values")
    page.get_by_label("Pass over").check()
    page.get_by_role("button", name="Keep values").click()
    expect(page.locator("main")).to_contain_text("6 parts; limits at most 9.5")
    page.get_by_role("button", name="Start the study").click()
    for person in (cast.inspector, cast.inspector2):
        study.read(made, person, lambda part, trial: OK if part.number < 4 or (part.number, trial) == (4, 1) else NG)
    made.refresh_from_db()
    study.close(made, cast.manager)
    page.reload()
    expect(page.locator(".zones title")).to_have_count(6)
    expect(page.locator(".zones .zone-words")).to_have_text("d = 2")
    assert page.locator(".zones .sign-divided").count() == 3
    look(page, "study-zones")


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_pages_of_a_study_break_no_rule(
    made: Study, job: Job, cast: factories.Cast, log_in: LogIn, language: str
) -> None:
    Person.objects.update(language=language)
    draft = study.draft(job, cast)
    for one in (draft, made):
        Study.objects.filter(pk=one.pk).update(
            upper_limit=5.5, unit="mm", measured_by=cast.manager, measured_at=timezone.now()
        )
        one.parts.update(value=F("number"))
    page = log_in("inspector")
    sit(page, made)
    assert ("bench", violations(page)) == ("bench", {})
    page.locator("#keys-open").click()
    assert ("keys", violations(page)) == ("keys", {})
    page.goto("/jobs/covers/studies/")
    assert ("asked", violations(page)) == ("asked", {})
    page = log_in("manager")
    addresses = ["", "new/", f"{draft.pk}/", f"{made.pk}/"]
    for address in addresses:
        page.goto(f"/jobs/covers/studies/{address}")
        assert (address, violations(page)) == (address, {})
    study.read(made, cast.inspector, lambda part, _trial: NG if part.number == 1 else OK)
    study.close(made, cast.manager, reason=f"a trial {uuid.uuid4()}")
    page.goto(f"/jobs/covers/studies/{made.pk}/")
    assert ("report", violations(page)) == ("report", {})

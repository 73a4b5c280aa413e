from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from inspection.acts.add_known_part import add_known_part
from inspection.models import Decision, Item, Job, KnownPart, VerdictGiven
from inspection.vocabulary import Level, Look, Verdict
from tests import factories
from tests.browser.conftest import LogIn, bench, saved
from tests.browser.test_accessible import violations

pytestmark = pytest.mark.django_db(transaction=True)
LookAt = Callable[[Page, str], None]


def stream(cast: factories.Cast) -> Job:
    """A job with a known bad part and one that is through; the next part comes behind the known one."""
    job = factories.job(cast, level=Level.SHADOW)
    bad = factories.item(job, score=0.97, serial="old-bad", data=factories.picture(1, size=(300, 200)))
    factories.answer(factories.claim_one(job, cast.manager), Verdict.NG, labels=("dent",))
    factories.item(job, score=0.02, serial="stream-1", lot="L9")
    factories.answer(factories.claim_one(job, cast.manager), Verdict.OK)
    factories.let_stand()
    add_known_part(item=bad, by=cast.admin, vouched=True, now=timezone.now())
    factories.item(job, score=0.02, serial="stream-2", lot="L9")
    Job.objects.update(seed_share=1.0)
    return job


def test_a_known_part_is_judged_like_any_other_and_shows_in_the_own_rate(cast: factories.Cast, log_in: LogIn) -> None:
    job = stream(cast)
    page = log_in("inspector")
    bench(page, job)
    expect(page.locator("#serial")).to_have_text("stream-1")
    expect(page.locator("#lot")).to_have_text("L9")
    page.keyboard.press("2")
    expect(page.locator("#serial")).to_have_text("stream-2")
    page.locator("[data-verdict=OK]:enabled").wait_for()
    page.keyboard.press("1")
    saved(page, 2)
    assert VerdictGiven.objects.filter(review__look=Look.SEEDED).get().verdict == Verdict.NG
    page.goto("/jobs/covers/")
    expect(page.get_by_text("bad ones")).to_have_count(0)
    factories.let_stand()
    page.reload()
    expect(page.get_by_text("1 of 1 right; missed 0 of 1 bad ones")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_inspector_sees_the_own_day(cast: factories.Cast, log_in: LogIn, look: LookAt, scheme: str) -> None:
    job = factories.job(cast, level=Level.SHADOW)
    start = timezone.now() - timedelta(hours=2)
    for number in range(12):
        factories.item(job, score=0.02, serial=f"day-{number}", data=factories.picture(50 + number, size=(300, 200)))
        given = factories.answer(factories.claim_one(job, cast.inspector), Verdict.OK).given
        VerdictGiven.objects.filter(pk=given.pk).update(at=start + timedelta(minutes=number), seconds=4 + number % 3)
    differed = factories.item(job, score=0.02, serial="differed")
    for who, verdict in ((cast.inspector, Verdict.NG), (cast.inspector2, Verdict.OK)):
        factories.answer(factories.claim_one(job, who), verdict)
    factories.answer(factories.claim_one(job, cast.admin, adjudication=True), Verdict.OK)
    VerdictGiven.objects.filter(item=differed).update(at=start)
    page = log_in("inspector", color_scheme=scheme)
    page.goto("/jobs/covers/")
    expect(page.get_by_text("Answers of yours that were changed: 1.")).to_be_visible()
    page.get_by_text("The same as a table").click()
    look(page, f"own-{scheme}")
    assert violations(page) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_manager_makes_a_part_a_known_one_and_retires_it(
    cast: factories.Cast, log_in: LogIn, look: LookAt, scheme: str
) -> None:
    stream(cast)
    good = Item.objects.get(serial="stream-1")
    page = log_in("manager", color_scheme=scheme)
    page.goto(f"/items/{good.pk}/")
    page.get_by_label("Only one has judged it.").check()
    look(page, f"item-known-{scheme}")
    page.get_by_role("button", name="Make it a known part").click()
    expect(page.get_by_role("button", name="Send it round no more")).to_be_visible()
    page.goto("/jobs/covers/")
    page.get_by_role("link", name="See and retire them").click()
    expect(page.get_by_role("heading", name="2 known parts go round")).to_be_visible()
    look(page, f"known-{scheme}")
    assert violations(page) == {}
    page.get_by_role("button", name="Retire stream-1").click()
    expect(page.get_by_role("heading", name="1 known part goes round")).to_be_visible()
    assert KnownPart.objects.get(item=good).retired_at is not None
    assert Decision.objects.filter(item=good).count() == 1

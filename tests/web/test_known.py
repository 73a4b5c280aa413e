from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from inspection.acts.add_known_part import add_known_part
from inspection.models import Item, Job, KnownPart, VerdictGiven
from inspection.vocabulary import Level, Look, Verdict
from tests import factories
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def covers(cast: factories.Cast) -> Job:
    return factories.job(cast, level=Level.SHADOW)


@pytest.fixture
def bad(cast: factories.Cast, covers: Job) -> Item:
    item = factories.item(covers, score=0.97, serial="old-bad")
    factories.answer(factories.claim_one(covers, cast.manager), Verdict.NG, labels=("dent",))
    return item


def known(item: Item, cast: factories.Cast) -> KnownPart:
    return add_known_part(item=item, by=cast.admin, vouched=True, now=timezone.now())


def answer_as_known(cast: factories.Cast, covers: Job, item: Item, verdict: Verdict) -> VerdictGiven:
    factories.item(covers, score=0.02, serial="stream")
    factories.answer(factories.claim_one(covers, cast.manager), Verdict.OK)
    factories.let_stand()
    known(item, cast)
    Job.objects.update(seed_share=1.0)
    factories.item(covers, score=0.02)
    held = factories.claim_one(covers, cast.inspector)
    assert held.review.look == Look.SEEDED
    return factories.answer(held, verdict).given


def text_of(person: factories.Person, path: str) -> str:
    return browser_of(person).get(path).content.decode()


def test_a_manager_makes_a_part_a_known_one_by_vouching_for_it(cast: factories.Cast, covers: Job, bad: Item) -> None:
    browser, path = browser_of(cast.manager), f"/items/{bad.pk}/known/"
    assert "vouch for the verdict" in text_of(cast.manager, f"/items/{bad.pk}/")
    assert "Only one has judged this part." in browser.post(path, follow=True).content.decode()
    assert "Send it round no more" in browser.post(path, {"vouched": "on"}, follow=True).content.decode()
    assert (KnownPart.objects.get().item, KnownPart.objects.get().verdict) == (bad, Verdict.NG)


def test_the_list_shows_and_retires_them(cast: factories.Cast, covers: Job, bad: Item) -> None:
    made = known(bad, cast)
    text = text_of(cast.manager, "/jobs/covers/known/")
    assert "1 known part goes round" in text
    assert "old-bad" in text
    assert "Dent" in text
    browser_of(cast.manager).post(f"/jobs/covers/known/{made.pk}/retire/")
    made.refresh_from_db()
    assert made.retired_at is not None
    assert "None yet." in text_of(cast.manager, "/jobs/covers/known/")


def test_a_known_part_of_another_job_is_not_retired_here(cast: factories.Cast, covers: Job, bad: Item) -> None:
    made = known(bad, cast)
    factories.job(cast, slug="plates")
    assert browser_of(cast.manager).post(f"/jobs/plates/known/{made.pk}/retire/").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("inspector", 403), ("service", 403), ("outsider", 404)])
def test_others_make_and_retire_none(cast: factories.Cast, covers: Job, bad: Item, who: str, status: int) -> None:
    made = known(bad, cast)
    browser = browser_of(getattr(cast, who))
    assert browser.post(f"/items/{bad.pk}/known/", {"vouched": "on"}).status_code == status
    assert browser.post(f"/jobs/covers/known/{made.pk}/retire/").status_code == status
    assert browser.get("/jobs/covers/known/").status_code == status


def test_the_own_page_tells_the_rate_first(cast: factories.Cast, covers: Job, bad: Item) -> None:
    given = answer_as_known(cast, covers, bad, Verdict.OK)
    assert "bad ones" not in text_of(cast.inspector, "/jobs/covers/")
    assert "stream" in text_of(cast.inspector, "/jobs/covers/")
    factories.let_stand()
    text = text_of(cast.inspector, "/jobs/covers/")
    assert "0 of 1 right; missed 1 of 1 bad ones" in text
    assert "old-bad" not in text
    assert "bad ones" not in text_of(cast.manager, "/jobs/covers/people/")
    VerdictGiven.objects.filter(pk=given.pk).update(at=timezone.now() - timedelta(days=1))
    assert "0 of 1 right; missed 1 of 1 bad ones" in text_of(cast.manager, "/jobs/covers/people/")


def test_the_item_of_a_known_part_stays_closed_to_whoever_judged_it_as_one(
    cast: factories.Cast, covers: Job, bad: Item
) -> None:
    answer_as_known(cast, covers, bad, Verdict.OK)
    factories.let_stand()
    assert browser_of(cast.inspector).get(f"/items/{bad.pk}/").status_code == 403


def test_the_history_of_its_item_says_nothing_of_its_turns(cast: factories.Cast, covers: Job, bad: Item) -> None:
    before = text_of(cast.manager, f"/items/{bad.pk}/").count('class="moment')
    answer_as_known(cast, covers, bad, Verdict.OK)
    assert text_of(cast.manager, f"/items/{bad.pk}/").count('class="moment') == before

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from inspection.acts.summarise import summarise
from inspection.models import Exposure, Item, Job
from inspection.queries import agreement_gallery
from inspection.vocabulary import Level, Verdict
from tests import factories
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db

OK, NG = Verdict.OK, Verdict.NG


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    return factories.job(cast, level=Level.SHADOW)


def settled(job: Job, cast: factories.Cast, serial: str, *, score: float, truth: Verdict, label: str = "") -> Item:
    """A part that two people judged alike."""
    item = factories.item(job, score=score, serial=serial, lot=serial)
    labels = (label,) if label else ()
    for person in (cast.inspector, cast.inspector2):
        factories.answer(factories.claim_one(job, person), truth, labels=labels)
    return item


def page(cast: factories.Cast, query: str = "", where: str = "differences/") -> str:
    answer = browser_of(cast.manager).get(f"/jobs/covers/agreement/{where}{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def serials(text: str) -> list[str]:
    return re.findall(r'class="serial">([^<]+)<', text)


@pytest.fixture
def four(job: Job, cast: factories.Cast) -> Job:
    settled(job, cast, "overkill", score=0.95, truth=OK)
    settled(job, cast, "scratched", score=0.1, truth=NG, label="scratch")
    settled(job, cast, "dented-less", score=0.15, truth=NG, label="dent")
    settled(job, cast, "dented", score=0.05, truth=NG, label="dent")
    return job


IN_ORDER = ["dented", "dented-less", "scratched", "overkill"]


def test_escapes_of_a_critical_class_come_first_and_the_surest_of_them(cast: factories.Cast, four: Job) -> None:
    assert serials(page(cast)) == IN_ORDER
    assert serials(page(cast, where="")) == IN_ORDER


def test_ranks_that_are_kept_stand_among_those_that_are_not_yet(cast: factories.Cast, four: Job) -> None:
    assert summarise(now=timezone.now(), least=1) > 0
    settled(four, cast, "dented-most", score=0.01, truth=NG, label="dent")
    assert serials(page(cast)) == ["dented-most", *IN_ORDER]
    summarise(now=timezone.now(), least=1)
    assert serials(page(cast)) == ["dented-most", *IN_ORDER]


def test_pages_follow_one_another_under_the_filter(
    cast: factories.Cast, four: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    summarise(now=timezone.now(), least=1)
    monkeypatch.setattr(agreement_gallery.page, "__kwdefaults__", {"most": 2})
    first, second = page(cast), page(cast, "?page=2")
    assert (serials(first), serials(second)) == (IN_ORDER[:2], IN_ORDER[2:])
    assert "page=2" in first
    assert "page=3" not in second
    assert serials(page(cast, "?page=nine")) == IN_ORDER[:2]


@pytest.mark.parametrize(
    ("query", "left"), [("?label=scratch", ["scratched"]), ("?lot=overkill", ["overkill"]), ("?until=2001-01-01", [])]
)
@pytest.mark.parametrize("kept", [False, True])
def test_the_filter_of_the_report_is_that_of_its_pictures(
    cast: factories.Cast, four: Job, query: str, left: list[str], kept: bool
) -> None:
    if kept:
        summarise(now=timezone.now(), least=1)
    assert serials(page(cast, query)) == left


def test_a_part_that_somebody_is_still_asked_about_stays_hidden(job: Job, cast: factories.Cast) -> None:
    settled(job, cast, "overkill", score=0.95, truth=OK)
    waiting = factories.item(job, score=0.01, serial="asked")
    factories.answer(factories.claim_one(job, cast.inspector), NG, labels=("dent",))
    text = page(cast)
    assert serials(text) == ["overkill"]
    assert "1 part of this page stays hidden" in text
    assert not Exposure.objects.filter(person=cast.manager, item=waiting).exists()
    assert "1 of the worst stays hidden" in page(cast, where="")


def test_whoever_sees_a_difference_is_noted(cast: factories.Cast, four: Job) -> None:
    page(cast)
    assert Exposure.objects.filter(person=cast.manager).count() == 4


def test_without_a_difference_the_page_says_what_will_be_here(job: Job, cast: factories.Cast) -> None:
    factories.item(job, score=0.01)
    factories.answer(factories.claim_one(job, cast.inspector), OK)
    assert "In these days there are none." in page(cast)

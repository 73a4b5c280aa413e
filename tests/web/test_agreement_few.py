from __future__ import annotations

import pytest

from inspection.models import Exposure, Item, Job
from inspection.vocabulary import Level, Verdict
from tests import factories
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db


def judged(job: Job, cast: factories.Cast, verdict: Verdict, lot: str) -> Item:
    item = factories.item(job, score=0.01, lot=lot)
    factories.answer(factories.claim_one(job, cast.inspector), verdict)
    return item


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    """Five parts that the AI and a person passed."""
    made = factories.job(cast, level=Level.SHADOW)
    for _ in range(5):
        judged(made, cast, Verdict.OK, "L1")
    return made


def noted(cast: factories.Cast, address: str = "/jobs/covers/agreement/") -> list[str]:
    browser_of(cast.manager).get(address)
    return sorted(Exposure.objects.filter(person=cast.manager).values_list("item__lot", flat=True))


def test_a_count_over_very_few_parts_tells_of_each_and_its_reader_is_noted(cast: factories.Cast, job: Job) -> None:
    judged(job, cast, Verdict.NG, "L2")
    assert noted(cast) == ["L2"]


def test_so_it_does_by_the_api(cast: factories.Cast, job: Job) -> None:
    judged(job, cast, Verdict.NG, "L2")
    assert noted(cast, "/api/v1/jobs/covers/agreement/") == ["L2"]


def test_one_among_several_gives_nothing_away(cast: factories.Cast, job: Job) -> None:
    judged(job, cast, Verdict.NG, "L1")
    assert noted(cast) == []
    assert noted(cast, "/jobs/covers/agreement/?lot=L1") == []


def test_what_nobody_is_asked_about_needs_no_note(cast: factories.Cast, job: Job) -> None:
    judged(job, cast, Verdict.OK, "L2")
    assert noted(cast) == []

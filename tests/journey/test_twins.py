"""The same picture under another serial: what is known of one part is known of the other."""

from __future__ import annotations

import pytest

from inspection.acts.note_exposure import note_exposure
from inspection.models import Evidence, Exposure, Item, Job
from inspection.vocabulary import Drawn, Level
from tests import factories
from tests.factories import Cast

pytestmark = pytest.mark.django_db
PICTURE = factories.picture()


@pytest.fixture
def shadow(cast: Cast) -> Job:
    return factories.job(cast, level=Level.SHADOW)


def part(job: Job, serial: str) -> Item:
    return factories.item(job, score=0.01, data=PICTURE, serial=serial)


def judged_last(job: Job, cast: Cast) -> Evidence:
    """The evidence of the answer that the inspector gives now."""
    factories.answer(factories.claim_one(job, cast.inspector))
    return Evidence.objects.latest("id")


def test_who_read_the_opinion_on_a_part_is_no_blind_judge_of_its_waiting_twin(shadow: Job, cast: Cast) -> None:
    first, _ = part(shadow, "A"), part(shadow, "B")
    factories.answer(factories.claim_one(shadow, cast.inspector))
    note_exposure(person=cast.inspector, items=[first.pk])
    assert judged_last(shadow, cast).hint_shown


def test_who_read_it_before_the_twin_came_is_no_blind_judge_either(shadow: Job, cast: Cast) -> None:
    first = part(shadow, "A")
    factories.answer(factories.claim_one(shadow, cast.inspector))
    note_exposure(person=cast.inspector, items=[first.pk])
    part(shadow, "B")
    assert judged_last(shadow, cast).hint_shown


def test_who_only_judged_the_first_is_a_blind_judge_of_its_twin(shadow: Job, cast: Cast) -> None:
    part(shadow, "A")
    factories.answer(factories.claim_one(shadow, cast.inspector))
    part(shadow, "B")
    found = judged_last(shadow, cast)
    assert (found.hint_shown, found.drawn) == (False, Drawn.SHADOW)


def test_the_twin_is_still_offered_to_whoever_knows(shadow: Job, cast: Cast) -> None:
    first, second = part(shadow, "A"), part(shadow, "B")
    factories.answer(factories.claim_one(shadow, cast.inspector))
    note_exposure(person=cast.inspector, items=[first.pk])
    assert factories.claim_one(shadow, cast.inspector).review.item_id == second.pk
    assert [*Exposure.objects.filter(by_twin=True).values_list("item", flat=True)] == [second.pk]


def test_a_hint_on_one_part_is_known_of_its_waiting_twin(cast: Cast) -> None:
    job = factories.job(cast, level=Level.ASSISTANCE)
    _, second = part(job, "A"), part(job, "B")
    held = factories.claim_one(job, cast.inspector)
    factories.commit(held)
    factories.answer(held)
    assert Exposure.objects.filter(item=second, person=cast.inspector, by_twin=True).exists()

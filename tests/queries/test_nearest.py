from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from django.utils import timezone

from inspection.models import HandOut, Item, Job, KnownPart, Picture, Review
from inspection.queries.nearest import addresses, example_shown
from inspection.vocabulary import Verdict
from tests.factories import POLICY, Cast, answer, claim_one, item, job, picture

pytestmark = pytest.mark.django_db
ONCE = replace(POLICY, double_share=0.0)


@pytest.fixture
def covers(cast: Cast) -> Job:
    return job(cast, policy=ONCE)


@pytest.fixture
def example(covers: Job, cast: Cast) -> Item:
    """A part that has been judged, and about which nobody is asked any more."""
    made = item(covers)
    answer(claim_one(covers, cast.inspector2), Verdict.NG)
    return made


@pytest.fixture
def out(example: Item, covers: Job, cast: Cast) -> HandOut:
    """The hold of somebody who was shown a hint that names the example second."""
    item(covers)
    out = claim_one(covers, cast.inspector).hand_out
    out.shown = {"nearest": [{"example": None}, {"example": example.picture.digest}]}
    out.save()
    return out


def seen(out: HandOut, number: int = 2) -> Picture | None:
    review = Review.objects.get(pk=out.review_id)
    return example_shown(review=review, person=out.person, number=number)


def addressed(part: Item, review: Review | None = None) -> bool:
    asked = review or Review.objects.create(
        job=part.job, item=item(part.job), routing=part.routings.get(), created_at=timezone.now(), look="audit"
    )
    return part.picture.digest in addresses(asked, [{"key": part.picture.digest}])


def test_the_holder_who_was_shown_the_hint_sees_its_example(out: HandOut, example: Item) -> None:
    assert seen(out) == example.picture


@pytest.mark.parametrize("number", [0, 1, 3, 10**12])
def test_there_are_only_the_examples_of_the_hint(out: HandOut, number: int) -> None:
    assert seen(out, number) is None


def test_without_a_hint_there_is_no_example(out: HandOut) -> None:
    HandOut.objects.filter(pk=out.pk).update(shown=None)
    assert seen(out) is None


def test_a_hint_from_before_there_were_examples_has_none(out: HandOut) -> None:
    HandOut.objects.filter(pk=out.pk).update(shown={"verdict": "OK"})
    assert seen(out) is None


def test_a_colleague_sees_nothing_of_it(out: HandOut, cast: Cast) -> None:
    out.person = cast.inspector2
    assert seen(out) is None


def test_who_gave_the_part_back_sees_it_no_more_until_the_hint_is_shown_again(out: HandOut) -> None:
    Review.objects.filter(pk=out.review_id).update(holder=None, lease=None)
    assert seen(out) is None
    Review.objects.filter(pk=out.review_id).update(holder=out.person, lease=uuid.uuid4())
    assert seen(out) is None


def test_an_example_leads_to_parts_of_the_same_job_alone(cast: Cast, covers: Job) -> None:
    other = job(cast, slug="lids", policy=ONCE)
    there = item(other)
    answer(claim_one(other, cast.inspector2))
    item(covers)
    held = claim_one(covers, cast.inspector).review
    assert (addressed(there), addressed(there, held)) == (True, False)


def test_an_example_about_which_somebody_is_asked_is_not_shown(out: HandOut, example: Item) -> None:
    assert addressed(example)
    Review.objects.filter(item=example).update(state="open")
    assert (addressed(example, out.review), seen(out)) == (False, None)


def test_not_even_by_another_part_with_the_same_picture(out: HandOut, example: Item, covers: Job) -> None:
    item(covers, serial="twin", data=picture(seed=1000 * covers.pk))
    assert Item.objects.get(serial="twin").picture == example.picture
    assert (addressed(example, out.review), seen(out)) == (False, None)


def test_a_part_that_is_sent_round_as_known_is_no_example(out: HandOut, example: Item, cast: Cast) -> None:
    known = KnownPart.objects.create(job=example.job, item=example, verdict="NG", by=cast.manager, at=timezone.now())
    assert (addressed(example, out.review), seen(out)) == (False, None)
    KnownPart.objects.filter(pk=known.pk).update(retired_at=timezone.now())
    assert (addressed(example, out.review), seen(out)) == (True, example.picture)

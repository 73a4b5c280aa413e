from __future__ import annotations

from functools import partial

import pytest
from django.utils import timezone

from inspection.acts.add_sample import NewSample, add_sample
from inspection.acts.reopen_item import reopen_item
from inspection.models import Item, Job, Membership, Review
from inspection.refused import Kind, Refused
from inspection.vocabulary import DecidedBy, Level, Look, ReviewState, SampleKind, State, Verdict
from tests import factories
from tests.factories import Cast
from tests.stage import together


@pytest.fixture
def covers(cast: Cast) -> Job:
    """No second looks: one part in fifty would otherwise be asked of somebody else once more."""
    job = factories.job(cast, level=Level.HUMAN_ONLY)
    job.double_share = job.recheck_share = 0
    job.save()
    return job


def through(covers: Job, cast: Cast, verdict: Verdict = Verdict.OK) -> Item:
    item = factories.item(covers)
    factories.answer(factories.claim_one(covers, cast.inspector), verdict)
    item.refresh_from_db()
    return item


def reopen(item: Item, cast: Cast, reason: str = "a customer asks") -> Review:
    return reopen_item(item=item, reason=reason, by=cast.manager, now=timezone.now())


def refusal(item: Item, cast: Cast, reason: str = "a customer asks") -> Refused:
    with pytest.raises(Refused) as no:
        reopen(item, cast, reason)
    return no.value


def test_somebody_else_is_asked_and_the_decision_stays_until_the_answer(covers: Job, cast: Cast) -> None:
    item = through(covers, cast)
    asked = reopen(item, cast, " a customer asks ")
    assert (asked.look, asked.note, asked.routing.item) == (Look.REOPENED, "a customer asks (manager)", item)
    item.refresh_from_db()
    assert (item.state, item.decision.verdict if item.decision else None) == (State.DECIDED, Verdict.OK)
    assert factories.claim(covers, cast.inspector) == []
    assert factories.claim_one(covers, cast.inspector2).review == asked


def test_the_answer_decides_like_a_first_look(covers: Job, cast: Cast) -> None:
    item = through(covers, cast)
    before = item.decision
    reopen(item, cast)
    factories.answer(factories.claim_one(covers, cast.inspector2), Verdict.NG, labels=("dent",))
    item.refresh_from_db()
    assert item.decision is not None
    assert (item.decision.verdict, item.decision.labels, item.decision.by) == ("NG", ["dent"], DecidedBy.PERSON)
    assert item.decision.supersedes == before


def test_a_second_look_shows_no_hint_where_the_first_did(covers: Job, cast: Cast) -> None:
    covers = factories.job(cast, slug="lids", level=Level.PARTIAL)
    item = factories.item(covers, score=0.05)
    assert item.state == State.DECIDED
    asked = reopen(item, cast)
    held = factories.claim_one(covers, cast.inspector)
    assert (held.review, held.hand_out.shown, factories.commit(held)) == (asked, None, None)


def test_a_part_on_hold_can_be_opened_again(covers: Job, cast: Cast) -> None:
    item = through(covers, cast, Verdict.UNSURE)
    Review.objects.filter(item=item, state=ReviewState.OPEN).update(state=ReviewState.WITHDRAWN)
    reopen(item, cast)
    factories.answer(factories.claim_one(covers, cast.inspector2), Verdict.OK)
    item.refresh_from_db()
    assert item.state == State.DECIDED


def test_a_part_that_somebody_is_asked_about_is_open_already(covers: Job, cast: Cast) -> None:
    again, waiting = through(covers, cast), factories.item(covers)
    reopen(again, cast)
    assert refusal(again, cast).code == "asked_already"
    Review.objects.filter(item=waiting).update(state=ReviewState.WITHDRAWN)
    assert refusal(waiting, cast).code == "not_through"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_one_does(cast: Cast) -> None:
    covers = factories.job(cast, level=Level.HUMAN_ONLY)
    item = factories.item(covers)
    factories.answer(factories.claim_one(covers, cast.inspector))
    Review.objects.filter(item=item, state=ReviewState.OPEN).update(state=ReviewState.WITHDRAWN)
    futures = together([partial(reopen, item, cast)] * 2)
    assert sorted(type(future.exception()).__name__ for future in futures) == ["NoneType", "Refused"]
    assert Review.objects.filter(item=item, state=ReviewState.OPEN).count() == 1


def test_nobody_is_asked_twice(covers: Job, cast: Cast) -> None:
    item = through(covers, cast)
    Membership.objects.filter(job=covers).exclude(person=cast.inspector).delete()
    assert refusal(item, cast).code == "nobody_left"


def test_a_picture_of_the_label_book_would_tell_the_answer(covers: Job, cast: Cast) -> None:
    item = through(covers, cast)
    add_sample(job=covers, new=NewSample(SampleKind.GOLDEN), shown=item, by=cast.manager, now=timezone.now())
    no = refusal(item, cast)
    assert (no.code, no.kind) == ("in_book", Kind.CONFLICT)


@pytest.mark.parametrize(
    ("reason", "code"), [(" ", "reason_missing"), ("x" * 501, "bad_reason"), ("\x00", "bad_reason")]
)
def test_a_reason_is_asked_for(covers: Job, cast: Cast, reason: str, code: str) -> None:
    item = through(covers, cast)
    assert refusal(item, cast, reason).code == code
    assert Review.objects.filter(look=Look.REOPENED).count() == 0

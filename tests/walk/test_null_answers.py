"""A drawn part on which the AI gave no answer counts as one of which it was unsure; where it was late, it does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

import pytest
from django.utils import timezone

from inspection import walk
from inspection.acts.note_exposure import note_exposure
from inspection.journey import predict, review
from inspection.models import Evidence, Item, Job, Prediction
from inspection.policy.replay import replay
from inspection.queries import ledger, readiness, waiting
from inspection.queries.agreement import Wanted, evidence
from inspection.vocabulary import Drawn, Level, Reason, Verdict
from tests.climbs import climbing_job, epoch_of, part, say, tally
from tests.factories import Cast, answer, claim_one, dark_picture, load_dice, take_in
from tests.walk.test_come_to_light import audited

OK, NG, UNSURE = Verdict


class Arrives(Protocol):
    def __call__(self, made: Job, *, lot: str) -> Item: ...


@pytest.fixture
def shadow(cast: Cast) -> Job:
    return climbing_job(cast)


def late(made: Job, *, lot: str) -> Item:
    """A part for which the AI does not answer within the job's patience."""
    item = take_in(made, lot=lot)
    walk.sweep(timezone.now() + timedelta(hours=2))
    item.refresh_from_db()
    return item


def failed(made: Job, *, lot: str) -> Item:
    """A part on which the AI gave none in all its attempts."""
    item = take_in(made, lot=lot)
    walk.send_to_people(job=made, ids=[item.pk], fault=Reason.QUARANTINED)
    return item


def silent(made: Job, *, lot: str) -> Item:
    item = take_in(made, lot=lot)
    walk.send_to_people(job=made, ids=[item.pk], fault=Reason.NO_ANSWER)
    return item


def unfit(made: Job, *, lot: str, tone: int = 1, blind: bool = False) -> Item:
    item = take_in(made, lot=lot, data=dark_picture(tone))
    load_dice(made, [item], blind=blind)
    walk.predict_and_advance([str(item.pk)])
    return item


@pytest.mark.parametrize("arrives", [failed, silent, unfit])
@pytest.mark.parametrize("verdict", [OK, NG])
def test_it_counts_as_an_error_and_as_neither_escape_nor_miss(
    shadow: Job, cast: Cast, arrives: Arrives, verdict: Verdict
) -> None:
    arrives(shadow, lot="L1")
    answer(claim_one(shadow, cast.inspector), verdict, labels=("scratch",) if verdict == NG else ())
    row = Evidence.objects.get()
    assert (row.opinion, row.score, row.reference, row.drawn) == (UNSURE, None, verdict, Drawn.SHADOW)
    assert (tally(shadow, "ai_error"), tally(shadow, "not_accepted")) == ((1, 1), (1, 1))
    assert (tally(shadow, "escape"), tally(shadow, "miss")) == ((0, 1), (0, int(verdict == NG)))


@pytest.mark.parametrize("verdict", [OK, NG])
def test_an_outage_is_held_against_no_model_and_proves_none(shadow: Job, cast: Cast, verdict: Verdict) -> None:
    """Of a night without workers, weeks of evidence would have had to make up for it; or a bad model profited."""
    late(shadow, lot="L1")
    answer(claim_one(shadow, cast.inspector), verdict, labels=("scratch",) if verdict == NG else ())
    assert tally(shadow, "not_accepted") == (1, 1)
    assert [tally(shadow, name) for name in ("ai_error", "escape", "miss", "overkill_blind")] == [(0, 0)] * 4
    assert replay(ledger.events(shadow), start=Level.SHADOW) == ledger.taken(shadow)


def test_the_share_that_the_ai_would_pass_is_that_of_all_parts(shadow: Job, cast: Cast) -> None:
    for number in range(4):
        if number % 2:
            late(shadow, lot=f"L{number}")
        else:
            part(shadow, OK, lot=f"L{number}")
        answer(claim_one(shadow, cast.inspector), OK)
    assert readiness.look(Job.objects.get(), now=timezone.now()).ai_share == 0.5
    assert replay(ledger.events(shadow), start=Level.SHADOW) == ledger.taken(shadow)


def test_an_answer_that_comes_after_people_were_asked_changes_nothing(shadow: Job, cast: Cast) -> None:
    item = take_in(shadow, lot="L1")
    batch = predict.claim([str(item.pk)], now=timezone.now())
    assert batch is not None
    walk.send_to_people(job=shadow, ids=[item.pk], fault=Reason.LATE)
    answer(claim_one(shadow, cast.inspector), OK)
    assert predict.store(batch, predict.answer(batch, now=timezone.now())) == {}
    assert (tally(shadow, "not_accepted"), Prediction.objects.get().reason) == ((1, 1), Reason.LATE)


def test_a_blind_part_without_an_answer_is_watched_for_errors_and_no_escape(cast: Cast) -> None:
    made = climbing_job(cast, level=Level.PARTIAL)
    Job.objects.update(blind_share=1.0)
    failed(made, lot="L1")
    answer(claim_one(made, cast.inspector), NG, labels=("scratch",))
    assert (tally(made, "escape_blind"), tally(made, "miss_blind")) == ((0, 1), (0, 1))


def test_one_that_was_passed_on_is_counted_until_somebody_answers(shadow: Job, cast: Cast) -> None:
    failed(shadow, lot="L1")
    held = claim_one(shadow, cast.inspector)
    review.skip(
        review=held.review, person=cast.inspector, lease=held.hand_out.lease, reason="blurred", now=timezone.now()
    )
    walk.sweep(timezone.now())
    assert (tally(shadow, "ai_error"), tally(shadow, "miss")) == ((1, 1), (0, 0))


def test_parts_that_the_ai_decides_or_that_come_without_a_model_make_no_such_rows(cast: Cast) -> None:
    made = climbing_job(cast, level=Level.PARTIAL)
    audited(made)
    late(made, lot="L1")
    answer(claim_one(made, cast.inspector), OK)
    assert Evidence.objects.get().drawn == Drawn.ROUTED
    Job.objects.update(champion=None)
    take_in(made, lot="L2")
    assert not Prediction.objects.filter(item__lot="L2").exists()


def test_the_sweeper_does_not_take_silence_for_answers(shadow: Job, cast: Cast) -> None:
    """With answers coming a long queue is given twenty times the patience."""
    late(shadow, lot="L1")
    Prediction.objects.update(at=timezone.now() + timedelta(seconds=119))
    item = take_in(shadow, lot="L2")
    found = [ids for _, ids in waiting.beyond_patience(timezone.now() + timedelta(seconds=120))]
    assert found == [[item.pk]]


def test_reports_of_agreement_are_about_what_the_ai_said(shadow: Job, cast: Cast) -> None:
    late(shadow, lot="L1")
    answer(claim_one(shadow, cast.inspector), OK)
    item = take_in(shadow, lot="L2")
    say(shadow, item, OK)
    answer(claim_one(shadow, cast.inspector), OK)
    assert [row.item_id for row in evidence(Job.objects.get(), Wanted())] == [item.pk]


def test_who_has_seen_that_there_was_none_is_asked_after_too(shadow: Job, cast: Cast) -> None:
    item = failed(shadow, lot="L1")
    held = claim_one(shadow, cast.manager)
    note_exposure(person=cast.manager, items=[item.pk])
    answer(held, NG, labels=("scratch",))
    answer(claim_one(shadow, cast.inspector), NG, labels=("scratch",))
    assert (tally(shadow, "ai_error"), tally(shadow, "miss")) == ((1, 1), (0, 1))
    assert epoch_of(shadow).tallies["ai_error"]["n"] == 1


def test_dark_pictures_in_a_row_are_errors_and_throw_nobody_back(cast: Cast) -> None:
    """With the lamp off for five parts, the detector of the AI error took the model for a bad one."""
    made = climbing_job(cast, level=Level.ASSISTANCE)
    Job.objects.update(blind_share=1.0, double_share=0.0)
    for tone in range(8):
        unfit(Job.objects.get(), lot=f"L{tone}", tone=tone, blind=True)
        answer(claim_one(made, cast.inspector), OK)
    assert set(Evidence.objects.values_list("drawn", "score")) == {(Drawn.BLIND, None)}
    assert (Job.objects.get().level, tally(made, "not_accepted")) == (Level.ASSISTANCE, (8, 8))
    assert replay(ledger.events(made), start=Level.ASSISTANCE) == ledger.taken(made)

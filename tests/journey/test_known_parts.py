"""Known parts among the others: who gets one, what it looks like, and what it never becomes."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from inspection import walk
from inspection.acts.add_known_part import add_known_part
from inspection.acts.note_exposure import note_exposure
from inspection.acts.reopen_item import reopen_item
from inspection.journey import review
from inspection.journey.review import Held
from inspection.models import Decision, Evidence, HandOut, Item, Job, KnownPart, Person, Review, VerdictGiven
from inspection.queries import known, own_work
from inspection.queries.jobs import overviews
from inspection.queries.standing import standing
from inspection.queries.training import blind_examples
from inspection.vocabulary import HandOutEnd, Level, Look, ReviewState, State, Verdict
from tests.factories import Cast, answer, claim, claim_one, item, job, let_stand, take_in, undo
from tests.journey.test_review import code_of, lapse, let_go
from tests.stage import results, together

OK, NG, UNSURE = Verdict


def stream(cast: Cast, *, level: Level = Level.SHADOW, share: float = 1.0) -> tuple[Job, KnownPart]:
    """A job with a known bad part, another part that is through, and a known part drawn before every part (`share`)."""
    covers = job(cast, level=level)
    bad = item(covers, score=0.97, serial="old-bad", lot="old")
    answer(claim_one(covers, cast.manager), NG, labels=("dent",))
    item(covers, score=0.02, serial="stream-1", lot="L9", blind=level != Level.SHADOW)
    answer(claim_one(covers, cast.manager), OK)
    let_stand()
    made = add_known_part(item=bad, by=cast.admin, vouched=True, now=timezone.now())
    Job.objects.filter(pk=covers.pk).update(seed_share=share)
    covers.refresh_from_db()
    return covers, made


def seed_of(covers: Job, person: Person) -> Held:
    held = claim_one(covers, person)
    assert held.review.look == Look.SEEDED
    return held


# ---------------------------------------------------------------- handing out


def test_a_known_part_goes_before_the_part_it_was_drawn_for_under_a_serial_of_the_stream(cast: Cast) -> None:
    covers, made = stream(cast)
    part = take_in(covers)
    walk.predict_and_advance([str(part.pk)])
    first, second = claim(covers, cast.inspector, hold=2)
    assert (first.review.look, first.review.known, first.review.item) == (Look.SEEDED, made, made.item)
    assert first.review.wears is not None
    assert (first.review.wears.serial, first.review.wears.lot) == ("stream-1", "L9")
    assert (first.review.probability, first.hand_out.shown) == (1.0, None)
    assert second.review.item == part


def test_it_takes_the_place_of_a_part_in_hand_and_comes_once_for_it(cast: Cast) -> None:
    covers, _ = stream(cast)
    part = item(covers, score=0.02)
    seed = seed_of(covers, cast.inspector)
    assert [one.review for one in claim(covers, cast.inspector)] == [seed.review]
    answer(seed, NG)
    assert claim_one(covers, cast.inspector).review.item == part


def test_before_one_part_comes_one_known_part_however_many_there_are(cast: Cast) -> None:
    covers, _ = stream(cast)
    for serial in ("other-bad", "stream-2"):
        item(covers, score=0.97, serial=serial)
        answer(claim_one(covers, cast.manager), NG)
    let_stand()
    other = Item.objects.get(serial="other-bad")
    add_known_part(item=other, by=cast.admin, vouched=True, now=timezone.now())
    part = item(covers, score=0.02)
    answer(seed_of(covers, cast.inspector), NG)
    assert claim_one(covers, cast.inspector).review.item == part


def test_asked_again_one_gets_the_same_parts_in_the_same_order(cast: Cast) -> None:
    covers, _ = stream(cast)
    for _ in range(3):
        item(covers, score=0.02)
    held = claim(covers, cast.inspector, hold=4)
    assert [one.review.look for one in held] == [Look.SEEDED, Look.FIRST, Look.FIRST, Look.FIRST]
    assert [one.review for one in claim(covers, cast.inspector, hold=4)] == [one.review for one in held]


def test_nobody_else_ever_gets_it(cast: Cast) -> None:
    covers, _ = stream(cast)
    item(covers, score=0.02)
    seed = seed_of(covers, cast.inspector)
    lapse(covers)
    assert seed.review not in [one.review for one in claim(covers, cast.inspector2, hold=9)]


def test_without_a_draw_there_is_none(cast: Cast) -> None:
    covers, _ = stream(cast, share=0.0)
    item(covers, score=0.02)
    assert claim_one(covers, cast.inspector).review.look == Look.FIRST


def test_the_same_known_part_does_not_come_twice_within_a_week(cast: Cast) -> None:
    covers, _ = stream(cast)
    for _ in range(2):
        item(covers, score=0.02)
    looks = [one.review.look for one in claim(covers, cast.inspector, hold=9)]
    assert looks.count(Look.SEEDED) == 1
    assert Review.objects.filter(look=Look.SEEDED).count() == 1


def test_after_a_week_it_may_come_again(cast: Cast) -> None:
    covers, _ = stream(cast)
    item(covers, score=0.02, serial="stream-2")
    answer(seed_of(covers, cast.inspector), NG)
    answer(claim_one(covers, cast.inspector2), OK)
    let_stand()
    HandOut.objects.update(at=timezone.now() - timedelta(days=8))
    item(covers, score=0.02)
    assert claim_one(covers, cast.inspector).review.look == Look.SEEDED


@pytest.mark.parametrize("who", ["manager", "admin"])
def test_who_judged_the_part_or_made_it_a_known_one_does_not_get_it(cast: Cast, who: str) -> None:
    covers, _ = stream(cast)
    item(covers, score=0.02)
    assert claim_one(covers, getattr(cast, who)).review.look == Look.FIRST


def test_who_has_looked_the_part_up_does_not_get_it(cast: Cast) -> None:
    covers, made = stream(cast)
    note_exposure(person=cast.inspector, items=[made.item_id])
    item(covers, score=0.02)
    assert claim_one(covers, cast.inspector).review.look == Look.FIRST


def test_the_same_picture_under_another_serial_counts_as_the_same(cast: Cast) -> None:
    covers, made = stream(cast, share=0.0)
    twin = item(covers, score=0.02)
    Item.objects.filter(pk=twin.pk).update(picture=made.item.picture)
    answer(claim_one(covers, cast.inspector), NG)
    Job.objects.filter(pk=covers.pk).update(seed_share=1.0)
    item(covers, score=0.02)
    assert claim_one(covers, cast.inspector).review.look == Look.FIRST


def test_without_a_part_to_look_like_there_is_none(cast: Cast) -> None:
    covers, _ = stream(cast)
    Item.objects.filter(serial="stream-1").update(received_at=timezone.now() - timedelta(days=2))
    item(covers, score=0.02)
    assert claim_one(covers, cast.inspector).review.look == Look.FIRST


def alone(serial: str) -> None:
    """Of the parts that are through, only this one came in lately enough to lend its serial."""
    Item.objects.exclude(serial=serial).exclude(decision=None).update(received_at=timezone.now() - timedelta(days=2))


def seeds(covers: Job, person: Person) -> int:
    item(covers, score=0.02)
    return sum(one.review.look == Look.SEEDED for one in claim(covers, person, hold=9))


def test_a_part_that_somebody_is_still_asked_about_lends_no_serial(cast: Cast) -> None:
    covers, _ = stream(cast)
    item(covers, score=0.97, serial="disagreed")
    answer(claim_one(covers, cast.manager), OK)
    let_stand()
    alone("disagreed")
    assert Review.objects.filter(look=Look.DISAGREED, state=ReviewState.OPEN).exists()
    assert seeds(covers, cast.inspector) == 0


def test_a_part_whose_verdict_may_still_be_taken_back_lends_no_serial(cast: Cast) -> None:
    covers, _ = stream(cast)
    item(covers, score=0.02, serial="fresh")
    answer(claim_one(covers, cast.manager), OK)
    alone("fresh")
    assert seeds(covers, cast.inspector) == 0
    let_stand()
    assert seeds(covers, cast.inspector2) == 1


def test_a_part_that_the_person_was_handed_lends_no_serial(cast: Cast) -> None:
    covers, _ = stream(cast, share=0.0)
    item(covers, score=0.02, serial="own")
    answer(claim_one(covers, cast.inspector), OK)
    let_stand()
    alone("own")
    Job.objects.update(seed_share=1.0)
    assert seeds(covers, cast.inspector) == 0


def test_a_known_part_lends_no_serial(cast: Cast) -> None:
    covers, _ = stream(cast)
    alone("old-bad")
    Item.objects.filter(serial="old-bad").update(received_at=timezone.now())
    assert seeds(covers, cast.inspector) == 0


def test_a_serial_is_worn_once(cast: Cast) -> None:
    covers, _ = stream(cast)
    assert seeds(covers, cast.inspector) == 1
    assert seeds(covers, cast.inspector2) == 0


def test_a_retired_one_is_sent_round_no_more(cast: Cast) -> None:
    covers, made = stream(cast)
    KnownPart.objects.filter(pk=made.pk).update(retired_at=timezone.now())
    item(covers, score=0.02)
    assert claim_one(covers, cast.inspector).review.look == Look.FIRST


@pytest.mark.django_db(transaction=True)
def test_one_person_in_many_windows_gets_it_once(cast: Cast) -> None:
    covers, _ = stream(cast)
    item(covers, score=0.02)
    results(together([partial(claim, covers, cast.inspector, hold=3)] * 6))
    assert Review.objects.filter(look=Look.SEEDED).count() == 1


# ---------------------------------------------------------------- what it never becomes


@pytest.mark.parametrize("verdict", [OK, NG, UNSURE])
def test_an_answer_to_it_decides_proves_and_asks_nothing(cast: Cast, verdict: Verdict) -> None:
    covers, made = stream(cast)
    item(covers, score=0.02)
    before = (Decision.objects.count(), Evidence.objects.count(), Review.objects.filter(look=Look.FIRST).count())
    assert answer(seed_of(covers, cast.inspector), verdict).created
    after = (Decision.objects.count(), Evidence.objects.count(), Review.objects.filter(look=Look.FIRST).count())
    assert after == before
    assert not Review.objects.exclude(look__in=(Look.FIRST, Look.SEEDED)).exists()
    part = Item.objects.get(pk=made.item_id)
    assert part.decision is not None
    assert (part.state, part.decision.verdict) == (State.DECIDED, NG)


def test_it_counts_among_the_parts_of_the_day_and_in_no_queue(cast: Cast) -> None:
    covers, _ = stream(cast)
    item(covers, score=0.02)
    seed = seed_of(covers, cast.inspector)
    now = timezone.now()
    assert (standing(covers, cast.manager).open_reviews, overviews(cast.manager, now=now)[0].queue) == (1, 1)
    answer(seed, OK)
    assert own_work.judged_today(person=cast.inspector, job=covers, now=timezone.now()) == 1
    [own] = own_work.latest(person=cast.inspector, job=covers, most=9, now=timezone.now())
    assert own.review.wears is not None
    let_stand()
    assert own_work.latest(person=cast.inspector, job=covers, most=9, now=timezone.now()) == []


def test_no_model_learns_from_it(cast: Cast) -> None:
    covers, _ = stream(cast)
    item(covers, score=0.02)
    before = list(blind_examples(covers))
    answer(seed_of(covers, cast.inspector), OK)
    assert list(blind_examples(covers)) == before


def test_it_can_be_taken_back_and_answered_again(cast: Cast) -> None:
    covers, made = stream(cast)
    item(covers, score=0.02)
    settled = list(Evidence.objects.order_by("id").values())
    held = undo(answer(seed_of(covers, cast.inspector), OK))
    assert held.review.look == Look.SEEDED
    answer(held, NG)
    assert VerdictGiven.objects.get(review=held.review, undone_at=None).verdict == NG
    assert list(Evidence.objects.order_by("id").values()) == settled
    made.item.refresh_from_db()
    assert made.item.state == State.DECIDED


def test_what_becomes_of_its_own_part_meanwhile_keeps_nobody_from_taking_back(cast: Cast) -> None:
    """Else the refusal told which part it was."""
    covers, made = stream(cast)
    item(covers, score=0.02)
    given = answer(seed_of(covers, cast.inspector), OK)
    note_exposure(person=cast.inspector, items=[made.item_id])
    reopen_item(item=made.item, reason="a customer asks", by=cast.admin, now=timezone.now())
    assert undo(given).review.look == Look.SEEDED


@pytest.mark.parametrize("verb", ["give_back", "skip", "escalate"])
def test_let_go_it_is_withdrawn(cast: Cast, verb: str) -> None:
    covers, made = stream(cast)
    part = item(covers, score=0.02)
    seed = seed_of(covers, cast.inspector)
    more = {} if verb == "give_back" else {"reason": "odd"}
    let_go(seed, getattr(review, verb), **more)
    assert Review.objects.get(pk=seed.review.pk).state == ReviewState.WITHDRAWN
    assert not Review.objects.filter(look=Look.ADJUDICATION).exists()
    assert claim_one(covers, cast.inspector).review.item == part
    made.item.refresh_from_db()
    assert made.item.state == State.DECIDED


def test_what_nobody_answers_is_withdrawn_when_its_lease_runs_out(cast: Cast) -> None:
    covers, _ = stream(cast)
    item(covers, score=0.02)
    seed = seed_of(covers, cast.inspector)
    review.show_expired(now=timezone.now())
    assert Review.objects.get(pk=seed.review.pk).state == ReviewState.OPEN
    lapse(covers)
    review.show_expired(now=timezone.now())
    assert Review.objects.get(pk=seed.review.pk).state == ReviewState.WITHDRAWN
    assert HandOut.objects.get(review=seed.review).end == HandOutEnd.EXPIRED
    assert code_of(lambda: answer(seed, OK)) == "lease_lost"


# ---------------------------------------------------------------- how people fare


def test_the_own_rate_counts_what_stands(cast: Cast) -> None:
    covers, _ = stream(cast)
    item(covers, score=0.02)
    answer(seed_of(covers, cast.inspector), OK)
    assert known.own_rate(person=cast.inspector, job=covers, now=timezone.now()) == known.HitRate()
    let_stand()
    rate = known.HitRate(right=0, n=1, missed=1, bad=1)
    assert known.own_rate(person=cast.inspector, job=covers, now=timezone.now()) == rate


def test_everybody_else_sees_it_a_day_later(cast: Cast) -> None:
    covers, made = stream(cast)
    item(covers, score=0.02)
    answer(seed_of(covers, cast.inspector), NG)
    now = timezone.now()
    assert (known.rates(job=covers, now=now), known.lines(covers, now=now)[0].n) == ({}, 0)
    tomorrow = now + timedelta(days=1)
    assert known.rates(job=covers, now=tomorrow) == {cast.inspector.pk: known.HitRate(right=1, n=1, missed=0, bad=1)}
    assert known.lines(covers, now=tomorrow) == [known.Line(known=made, right=1, n=1)]


def test_unsure_is_neither_right_nor_missed(cast: Cast) -> None:
    covers, _ = stream(cast)
    item(covers, score=0.02)
    answer(seed_of(covers, cast.inspector), UNSURE)
    let_stand()
    rate = known.own_rate(person=cast.inspector, job=covers, now=timezone.now())
    assert rate == known.HitRate(right=0, n=1, missed=0, bad=1)

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from inspection.acts.add_member import add_member
from inspection.acts.note_exposure import note_exposure
from inspection.journey import review
from inspection.journey.review import Held
from inspection.models import HandOut, Item, Job, Person, Review
from inspection.refused import Refused
from inspection.vocabulary import HandOutEnd, Level, Look, MemberRole, ReviewState, State, Verdict
from tests.factories import POLICY, Cast, answer, claim, claim_one, item, job, person, take_in
from tests.stage import results, together

BLINDLESS = replace(POLICY, blind_share=0.01)


@pytest.fixture
def covers(cast: Cast) -> Job:
    return job(cast)


def lapse(covers: Job) -> None:
    """Let every lease run out."""
    Review.objects.filter(job=covers).update(lease_until=timezone.now() - timedelta(seconds=1))


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as no:
        call()
    return no.value.code


def let_go(held: Held, verb: Callable[..., None], **more: str) -> None:
    out = held.hand_out
    verb(review=held.review, person=out.person, lease=out.lease, now=timezone.now(), **more)


def give_back(held: Held) -> None:
    let_go(held, review.give_back)


def skip(held: Held, reason: str = "cannot see it") -> None:
    let_go(held, review.skip, reason=reason)


def ids(held: list[Held]) -> list[uuid.UUID]:
    return [one.review.pk for one in held]


def ends(held: Held) -> str:
    return HandOut.objects.get(pk=held.hand_out.pk).end


# ---------------------------------------------------------------- one person at a time


def test_a_review_goes_to_one_person_only(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    held = claim_one(covers, cast.inspector)
    assert claim(covers, cast.inspector2) == []
    part.refresh_from_db()
    assert (held.review.item, part.state, held.hand_out.end) == (part, State.IN_REVIEW, HandOutEnd.HELD)


def test_the_same_person_gets_the_same_reviews_again(covers: Job, cast: Cast) -> None:
    for _ in range(3):
        take_in(covers)
    first, second = claim(covers, cast.inspector, hold=2), claim(covers, cast.inspector, hold=2)
    assert ids(second) == ids(first)
    assert [one.hand_out for one in second] == [one.hand_out for one in first]


def test_what_a_person_holds_is_topped_up_oldest_first(covers: Job, cast: Cast) -> None:
    items = [take_in(covers) for _ in range(4)]
    claim(covers, cast.inspector)
    assert [one.review.item for one in claim(covers, cast.inspector, hold=3)] == items[:3]


def test_nobody_is_given_less_than_they_hold(covers: Job, cast: Cast) -> None:
    for _ in range(3):
        take_in(covers)
    assert ids(claim(covers, cast.inspector, hold=3)) == ids(claim(covers, cast.inspector, hold=1))


@pytest.mark.parametrize("hold", [-1, 0, 37])
def test_between_one_and_thirty_six_can_be_held(covers: Job, cast: Cast, hold: int) -> None:
    assert code_of(lambda: claim(covers, cast.inspector, hold=hold)) == "bad_hold"


def test_another_jobs_reviews_stay_there(covers: Job, cast: Cast) -> None:
    other = job(cast, slug="plates")
    take_in(other)
    assert claim(covers, cast.inspector) == []
    assert len(claim(other, cast.inspector)) == 1


def test_claiming_again_renews_the_lease(covers: Job, cast: Cast) -> None:
    take_in(covers)
    claim(covers, cast.inspector)
    lapse(covers)
    assert claim_one(covers, cast.inspector).review.lease_until == Review.objects.get().lease_until
    assert claim(covers, cast.inspector2) == []


def test_a_review_that_was_free_when_it_was_looked_at_is_not_taken_from_whoever_has_it_now(
    covers: Job, cast: Cast
) -> None:
    """Those passed over before are looked at without a lock; the update alone decides who has them."""
    take_in(covers)
    seen_free = Review.objects.select_related("item", "routing").get()
    held, now = claim_one(covers, cast.inspector2), timezone.now()
    assert not review._take(seen_free, cast.inspector, now=now, until=now + timedelta(minutes=5))
    assert Review.objects.get().lease == held.hand_out.lease


@pytest.mark.django_db(transaction=True)
def test_many_people_at_once_never_hold_one_part(covers: Job, cast: Cast) -> None:
    crowd = _crowd(covers, 8)
    for _ in range(20):
        take_in(covers)
    calls = [partial(claim, covers, somebody, hold=3) for somebody in crowd]
    given = [pk for held in results(together(calls)) for pk in ids(held)]
    assert (len(given), len(set(given))) == (20, 20)
    assert HandOut.objects.filter(end=HandOutEnd.HELD).count() == 20


@pytest.mark.django_db(transaction=True)
def test_many_people_at_once_never_take_over_one_part_twice(covers: Job, cast: Cast) -> None:
    crowd = _crowd(covers, 6)
    for _ in range(6):
        take_in(covers)
    before = claim(covers, cast.inspector, hold=6)
    lapse(covers)
    calls = [partial(claim, covers, somebody, hold=3) for somebody in [*crowd, cast.inspector]]
    given = [pk for held in results(together(calls)) for pk in ids(held)]
    assert sorted(given) == sorted(ids(before))


@pytest.mark.django_db(transaction=True)
def test_one_person_in_many_windows_holds_no_more_than_asked_for(covers: Job, cast: Cast) -> None:
    for _ in range(6):
        take_in(covers)
    given = results(together([partial(claim, covers, cast.inspector, hold=2)] * 6))
    assert {tuple(ids(held)) for held in given} == {tuple(ids(given[0]))}
    assert len(given[0]) == 2


@pytest.mark.django_db(transaction=True)
def test_a_crowd_that_works_at_once_answers_every_part_once(covers: Job, cast: Cast) -> None:
    crowd = _crowd(covers, 5)
    for _ in range(20):
        take_in(covers)

    def work(somebody: Person) -> int:
        done = 0
        while held := claim(covers, somebody, hold=2):
            done += sum(answer(one).created for one in held)
        return done

    assert sum(results(together([partial(work, somebody) for somebody in crowd]))) == 20
    assert {(part.state, part.decisions.count(), part.verdicts.count()) for part in Item.objects.all()} == {
        (State.DECIDED, 1, 1)
    }


def _crowd(covers: Job, size: int) -> list[Person]:
    crowd = [person(f"crowd{number}") for number in range(size)]
    for somebody in crowd:
        add_member(job=covers, username=somebody.username, role=MemberRole.INSPECTOR)
    return crowd


# ---------------------------------------------------------------- leases


def test_an_expired_lease_that_nobody_took_still_counts(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    held = claim_one(covers, cast.inspector)
    lapse(covers)
    assert answer(held).created
    part.refresh_from_db()
    assert part.state == State.DECIDED


def test_an_expired_lease_can_be_taken_by_somebody_else(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    first = claim_one(covers, cast.inspector)
    lapse(covers)
    second = claim_one(covers, cast.inspector2)
    assert (second.review, second.hand_out.person) == (first.review, cast.inspector2)
    assert (ends(first), ends(second)) == (HandOutEnd.EXPIRED, HandOutEnd.HELD)
    assert (code_of(lambda: answer(first)), part.decisions.count()) == ("lease_lost", 0)


def test_a_lapsed_part_is_shown_as_waiting_until_it_is_in_somebodys_hands_again(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    claim(covers, cast.inspector)
    assert review.show_expired(now=timezone.now()) == 0
    lapse(covers)
    assert review.show_expired(now=timezone.now()) == 1
    assert Item.objects.get(pk=part.pk).state == State.WAITING
    claim(covers, cast.inspector2)
    assert Item.objects.get(pk=part.pk).state == State.IN_REVIEW


def test_one_heartbeat_renews_all_that_a_person_holds_in_every_job(covers: Job, cast: Cast) -> None:
    plates = job(cast, slug="plates", policy=replace(POLICY, lease_seconds=60))
    for one in (covers, covers, plates):
        take_in(one)
        claim(one, cast.inspector, hold=2)
    now = timezone.now() + timedelta(minutes=4)
    assert review.renew(person=cast.inspector, now=now) == now + timedelta(seconds=60)
    ends = {row.job.slug: row.lease_until for row in Review.objects.select_related("job")}
    assert ends == {"covers": now + timedelta(seconds=300), "plates": now + timedelta(seconds=60)}


def test_a_heartbeat_of_somebody_with_empty_hands_renews_nothing(covers: Job, cast: Cast) -> None:
    take_in(covers)
    until = claim_one(covers, cast.inspector).review.lease_until
    assert review.renew(person=cast.inspector2, now=timezone.now()) is None
    assert Review.objects.get().lease_until == until


# ---------------------------------------------------------------- giving back and skipping


def test_what_is_given_back_is_free_at_once_and_comes_back_to_anybody(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    held = claim_one(covers, cast.inspector)
    give_back(held)
    part.refresh_from_db()
    assert (part.state, ends(held)) == (State.WAITING, HandOutEnd.GIVEN_BACK)
    assert claim_one(covers, cast.inspector).review == held.review


def test_what_was_skipped_goes_to_others_first(covers: Job, cast: Cast) -> None:
    first, second = take_in(covers), take_in(covers)
    skip(claim_one(covers, cast.inspector), reason="glare")
    assert [one.review.item for one in claim(covers, cast.inspector, hold=2)] == [second]
    assert claim_one(covers, cast.inspector2).review.item == first
    assert HandOut.objects.get(end=HandOutEnd.SKIPPED).reason == "glare"


def test_what_everybody_skipped_comes_back_to_everybody(covers: Job, cast: Cast) -> None:
    take_in(covers)
    everybody = (cast.inspector, cast.inspector2, cast.manager, cast.admin)
    for somebody in everybody:
        skip(claim_one(covers, somebody))
    for somebody in everybody:
        give_back(claim_one(covers, somebody))


def test_somebody_who_has_left_does_not_count_among_the_others(covers: Job, cast: Cast) -> None:
    take_in(covers)
    skip(claim_one(covers, cast.inspector))
    Person.objects.exclude(pk=cast.inspector.pk).update(is_active=False)
    assert len(claim(covers, cast.inspector)) == 1


def test_a_skip_wants_a_reason(covers: Job, cast: Cast) -> None:
    take_in(covers)
    held = claim_one(covers, cast.inspector)
    assert code_of(lambda: skip(held, reason="  ")) == "reason_missing"


@pytest.mark.parametrize("verb", [give_back, skip])
def test_nobody_lets_go_of_what_is_not_in_their_hands(covers: Job, cast: Cast, verb: Callable[[Held], None]) -> None:
    take_in(covers)
    held = claim_one(covers, cast.inspector)
    lapse(covers)
    taken = claim_one(covers, cast.inspector2)
    assert code_of(lambda: verb(held)) == "lease_lost"
    assert Review.objects.get().lease == taken.hand_out.lease


def test_letting_go_twice_takes_the_part_from_nobody(covers: Job, cast: Cast) -> None:
    """The second delivery of a request whose answer was lost on the way is no fault of whoever sent it."""
    take_in(covers)
    held = claim_one(covers, cast.inspector)
    give_back(held)
    other = claim_one(covers, cast.inspector2)
    give_back(held)
    other.review.refresh_from_db()
    assert other.review.holder == cast.inspector2


# ---------------------------------------------------------------- who is asked last


def test_who_has_seen_the_ais_opinion_is_asked_last(covers: Job, cast: Cast) -> None:
    seen, other = take_in(covers), take_in(covers)
    note_exposure(person=cast.manager, items=[seen.pk])
    assert [one.review.item for one in claim(covers, cast.manager, hold=2)] == [other]
    assert claim_one(covers, cast.inspector).review.item == seen


def test_who_has_seen_it_is_asked_where_nobody_else_is_left(covers: Job, cast: Cast) -> None:
    seen = take_in(covers)
    for somebody in (cast.inspector, cast.inspector2, cast.manager, cast.admin):
        note_exposure(person=somebody, items=[seen.pk])
    assert claim_one(covers, cast.manager).review.item == seen


def test_nobody_is_asked_again_about_a_part_they_have_judged(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    part = item(covers, score=0.02, audit=True)
    answer(claim_one(covers, cast.inspector), Verdict.OK)
    routing, now = part.routings.get(), timezone.now()
    Review.objects.create(job=covers, item=part, routing=routing, look=Look.AUDIT, created_at=now)
    assert claim(covers, cast.inspector) == []
    assert len(claim(covers, cast.inspector2)) == 1


def test_an_answer_that_came_too_late_does_not_bar_its_giver_from_the_part(covers: Job, cast: Cast) -> None:
    """Else a part that the one took and gave back, and the other answered late, is asked of nobody any more."""
    take_in(covers)
    first = claim_one(covers, cast.inspector)
    lapse(covers)
    second = claim_one(covers, cast.inspector2)
    assert code_of(lambda: answer(first)) == "lease_lost"
    give_back(second)
    assert claim_one(covers, cast.inspector).review == first.review


def test_an_open_review_is_there_once_per_part_and_kind(covers: Job, cast: Cast) -> None:
    take_in(covers)
    assert [*Review.objects.values_list("state", "look", "holder")] == [(ReviewState.OPEN, Look.FIRST, None)]

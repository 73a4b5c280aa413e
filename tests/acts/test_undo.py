from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from inspection import walk
from inspection.acts.note_exposure import note_exposure
from inspection.journey import review
from inspection.journey.decide import Recorded
from inspection.journey.review import Held
from inspection.models import Decision, Evidence, Exposure, HandOut, Item, Job, LevelChange, Review, VerdictGiven
from inspection.policy.answers import Answer
from inspection.refused import Refused
from inspection.vocabulary import DecidedBy, HandOutEnd, HintMode, Level, Look, ReviewState, State, Verdict
from tests.factories import POLICY, Cast, answer, claim, claim_one, commit, item, job, take_in, undo
from tests.stage import results, together

OK, NG, UNSURE = Verdict


@pytest.fixture
def covers(cast: Cast) -> Job:
    return job(cast)


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as no:
        call()
    return no.value.code


def stand(part: Item) -> tuple[str, str | None]:
    part.refresh_from_db()
    return part.state, part.decision.verdict if part.decision else None


def take_back(held: Held, *, new_lease: uuid.UUID) -> Held:
    out = held.hand_out
    return walk.undo(asked=held.review, person=out.person, lease=out.lease, new_lease=new_lease)


# ---------------------------------------------------------------- taking back


def test_a_verdict_taken_back_is_out_of_force_and_the_part_in_the_same_hands(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    given = answer(claim_one(covers, cast.inspector), NG)
    assert stand(part) == (State.DECIDED, NG)
    held = undo(given)
    assert (stand(part), held.review.pk) == ((State.IN_REVIEW, None), given.given.review_id)
    row = Review.objects.get()
    assert (row.state, row.holder, row.lease) == (ReviewState.OPEN, cast.inspector, held.hand_out.lease)
    assert row.lease_until is not None
    assert row.lease_until > timezone.now() + timedelta(seconds=290)


def test_what_was_taken_back_stays_in_the_history(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    undo(answer(claim_one(covers, cast.inspector), NG))
    assert (part.verdicts.get().undone_at is not None, part.decisions.get().undone) == (True, True)
    assert [*HandOut.objects.order_by("id").values_list("end", flat=True)] == [HandOutEnd.ANSWERED, HandOutEnd.HELD]


def test_after_taking_back_another_answer_counts(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    answer(undo(answer(claim_one(covers, cast.inspector), NG)), OK)
    assert stand(part) == (State.DECIDED, OK)
    assert [*Decision.objects.order_by("id").values_list("verdict", "undone")] == [(NG, True), (OK, False)]


def test_several_can_be_taken_back_one_after_the_other(covers: Job, cast: Cast) -> None:
    parts = [take_in(covers) for _ in range(3)]
    given = [answer(claim_one(covers, cast.inspector), OK) for _ in parts]
    for one in reversed(given):
        undo(one)
    assert [stand(part) for part in parts] == [(State.IN_REVIEW, None)] * 3
    assert [one.review.item for one in claim(covers, cast.inspector, hold=3)] == parts


def test_the_same_verdict_can_be_taken_back_again_after_it_was_given_again(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    again = undo(answer(undo(answer(claim_one(covers, cast.inspector), NG)), OK))
    answer(again, NG)
    assert (stand(part), part.verdicts.filter(undone_at=None).count()) == ((State.DECIDED, NG), 1)


def test_the_same_call_twice_gives_the_same_hold(covers: Job, cast: Cast) -> None:
    take_in(covers)
    held, lease = claim_one(covers, cast.inspector), uuid.uuid4()
    answer(held, NG)
    first, second = (take_back(held, new_lease=lease) for _ in range(2))
    assert (first.hand_out, first.review) == (second.hand_out, second.review)
    assert VerdictGiven.objects.filter(undone_at=None).count() == 0


def test_an_old_call_that_comes_late_takes_nothing_back_that_was_said_since(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    held, lease = claim_one(covers, cast.inspector), uuid.uuid4()
    answer(held, NG)
    answer(take_back(held, new_lease=lease), OK)
    assert code_of(lambda: take_back(held, new_lease=lease)) == "lease_lost"
    assert stand(part) == (State.DECIDED, OK)


def test_a_call_of_before_does_not_take_back_what_was_said_since(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    held = claim_one(covers, cast.inspector)
    answer(held, NG)
    answer(take_back(held, new_lease=uuid.uuid4()), OK)
    assert code_of(lambda: take_back(held, new_lease=uuid.uuid4())) == "lease_lost"
    assert stand(part) == (State.DECIDED, OK)


def test_a_new_lease_that_belongs_to_something_else_is_refused(covers: Job, cast: Cast) -> None:
    take_in(covers)
    take_in(covers)
    one, other = claim(covers, cast.inspector, hold=2)
    answer(one)
    assert code_of(lambda: take_back(one, new_lease=other.hand_out.lease)) == "client_key_reused"
    assert VerdictGiven.objects.get().undone_at is None


def test_nobody_takes_back_what_somebody_else_said(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    held = claim_one(covers, cast.inspector)
    answer(held)
    thief = replace(held, hand_out=replace_person(held, cast.inspector2))
    assert code_of(lambda: take_back(thief, new_lease=uuid.uuid4())) == "lease_lost"
    assert stand(part) == (State.DECIDED, OK)


def replace_person(held: Held, person: Any) -> HandOut:
    return HandOut(review=held.review, person=person, lease=held.hand_out.lease, at=held.hand_out.at)


def test_where_nothing_was_said_there_is_nothing_to_take_back(covers: Job, cast: Cast) -> None:
    take_in(covers)
    held = claim_one(covers, cast.inspector)
    assert code_of(lambda: take_back(held, new_lease=uuid.uuid4())) == "lease_lost"


# ---------------------------------------------------------------- what it leaves


def test_evidence_of_a_verdict_taken_back_counts_no_more(cast: Cast) -> None:
    covers = job(cast, level=Level.SHADOW)
    item(covers, score=0.02)
    answer(undo(answer(claim_one(covers, cast.inspector), NG)), OK)
    assert [*Evidence.objects.order_by("id").values_list("verdict", "undone")] == [(NG, True), (OK, False)]
    assert Evidence.objects.get(undone=False).reference == OK


def test_taking_an_audit_back_brings_the_ais_decision_into_force_again(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    part = item(covers, score=0.97, audit=True)
    given = answer(claim_one(covers, cast.inspector), OK)
    assert stand(part) == (State.DECIDED, OK)
    undo(given)
    assert stand(part) == (State.DECIDED, NG)
    assert part.decision is not None
    assert part.decision.by == DecidedBy.AI


def test_a_second_look_that_nobody_has_seen_is_withdrawn(cast: Cast) -> None:
    covers = job(cast, level=Level.SHADOW)
    part = item(covers, score=0.02)
    held = undo(answer(claim_one(covers, cast.inspector), NG))
    assert Review.objects.get(look=Look.DISAGREED).state == ReviewState.WITHDRAWN
    assert claim(covers, cast.inspector2) == []
    answer(held, NG)
    assert part.reviews.filter(look=Look.DISAGREED, state=ReviewState.OPEN).count() == 1


def test_taking_a_second_look_back_brings_the_first_into_force_and_its_reference_back(cast: Cast) -> None:
    covers = job(cast, level=Level.SHADOW)
    part = item(covers, score=0.02)
    answer(claim_one(covers, cast.inspector), NG)
    second = answer(claim_one(covers, cast.inspector2), NG)
    assert Evidence.objects.get().reference == NG
    undo(second)
    assert (stand(part), Evidence.objects.get().reference) == ((State.DECIDED, NG), "")


def test_taking_back_a_second_look_that_differed_ends_the_hold(cast: Cast) -> None:
    covers = job(cast, level=Level.SHADOW)
    part = item(covers, score=0.02)
    answer(claim_one(covers, cast.inspector), NG)
    second = answer(claim_one(covers, cast.inspector2), OK)
    assert stand(part) == (State.HELD, UNSURE)
    undo(second)
    assert (stand(part), Review.objects.get(look=Look.ADJUDICATION).state) == (
        (State.DECIDED, NG),
        ReviewState.WITHDRAWN,
    )


def test_who_looked_at_a_part_after_judging_it_stays_a_blind_judge_of_it(cast: Cast) -> None:
    covers = job(cast, level=Level.SHADOW, shares={"recheck_share": 1.0})
    part = item(covers, score=0.02)
    answer(claim_one(covers, cast.inspector), OK)
    note_exposure(person=cast.inspector, items=[part.pk])
    undo(answer(claim_one(covers, cast.inspector2), NG))
    assert Evidence.objects.get().reference == OK


def test_an_adjudicator_may_take_the_own_verdict_back(cast: Cast) -> None:
    covers = job(cast, level=Level.SHADOW)
    part = item(covers, score=0.02)
    answer(claim_one(covers, cast.inspector), NG)
    answer(claim_one(covers, cast.inspector2), OK)
    given = answer(claim_one(covers, cast.admin, adjudication=True), OK)
    assert Evidence.objects.get().reference == OK
    undo(given)
    assert (stand(part), Evidence.objects.get().reference) == ((State.HELD, UNSURE), "")


# ---------------------------------------------------------------- what was shown


def test_where_a_hint_was_shown_the_first_answer_stays_as_it_was_given(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE)
    item(covers, score=0.5)
    held = claim_one(covers, cast.inspector)
    shown = commit(held, OK)
    again = undo(answer(held, OK)).hand_out
    assert (again.shown, again.committed and again.committed["verdict"]) == (shown, "OK")
    row = Evidence.objects.filter(undone=False)
    answer(Held(review=held.review, hand_out=again), NG)
    assert [*row.values_list("verdict", "final_verdict")] == [(OK, NG)]


def test_where_none_was_shown_the_first_answer_is_asked_for_again(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE)
    item(covers, score=0.5, blind=True)
    held = claim_one(covers, cast.inspector)
    assert commit(held, OK) is None
    again = undo(answer(held, OK)).hand_out
    assert (again.shown, again.committed) == (None, None)


def test_who_saw_a_hint_and_gave_the_part_back_after_taking_back_is_no_blind_judge(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE, policy=replace(POLICY, hint_mode=HintMode.CONCURRENT))
    part = item(covers, score=0.5)
    held = undo(answer(claim_one(covers, cast.inspector), OK))
    out = held.hand_out
    review.give_back(review=held.review, person=out.person, lease=out.lease, now=timezone.now())
    assert Exposure.objects.filter(person=cast.inspector, item=part).exists()


# ---------------------------------------------------------------- built upon


def test_after_a_quarter_of_an_hour_a_verdict_stands(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    given = answer(claim_one(covers, cast.inspector), NG)
    LevelChange.objects.update(at=timezone.now() - timedelta(days=1))
    VerdictGiven.objects.update(at=timezone.now() - timedelta(minutes=15, seconds=1))
    assert code_of(lambda: undo(given)) == "built_upon"
    assert stand(part) == (State.DECIDED, NG)


def test_after_a_switch_of_level_a_verdict_stands(cast: Cast) -> None:
    covers = job(cast, level=Level.SHADOW)
    item(covers, score=0.02)
    given = answer(claim_one(covers, cast.inspector), OK)
    walk.switch_level(job=covers, new=Level.HUMAN_ONLY, reason="trial", by=cast.admin)
    assert code_of(lambda: undo(given)) == "built_upon"


def disagreed(cast: Cast) -> tuple[Job, Item, Recorded]:
    covers = job(cast, level=Level.SHADOW)
    part = item(covers, score=0.02)
    return covers, part, answer(claim_one(covers, cast.inspector), NG)


def test_while_somebody_has_the_second_look_in_hand_the_first_stands(cast: Cast) -> None:
    covers, part, given = disagreed(cast)
    claim_one(covers, cast.inspector2)
    assert code_of(lambda: undo(given)) == "built_upon"
    assert (stand(part), Evidence.objects.get().undone) == ((State.DECIDED, NG), False)


def test_who_had_the_second_look_and_gave_it_back_has_seen_it(cast: Cast) -> None:
    covers, _, given = disagreed(cast)
    out = claim_one(covers, cast.inspector2).hand_out
    review.give_back(review=out.review, person=out.person, lease=out.lease, now=timezone.now())
    assert code_of(lambda: undo(given)) == "built_upon"


@pytest.mark.parametrize("second", [OK, NG])
def test_after_a_second_answer_the_first_stands(cast: Cast, second: Verdict) -> None:
    covers, _, given = disagreed(cast)
    answer(claim_one(covers, cast.inspector2), second)
    assert code_of(lambda: undo(given)) == "built_upon"


def test_while_the_adjudicator_has_the_part_in_hand_the_second_stands(cast: Cast) -> None:
    covers, part, _ = disagreed(cast)
    second = answer(claim_one(covers, cast.inspector2), OK)
    claim_one(covers, cast.admin, adjudication=True)
    assert code_of(lambda: undo(second)) == "built_upon"
    assert stand(part) == (State.HELD, UNSURE)


# ---------------------------------------------------------------- at once


@pytest.mark.django_db(transaction=True)
def test_of_two_undos_at_once_one_takes_back(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    held = claim_one(covers, cast.inspector)
    answer(held, NG)
    futures = together([partial(take_back, held, new_lease=uuid.uuid4()) for _ in range(2)])
    assert [code_of(future.result) for future in futures if future.exception()] == ["lease_lost"]
    assert (stand(part), HandOut.objects.filter(end=HandOutEnd.HELD).count()) == ((State.IN_REVIEW, None), 1)


@pytest.mark.django_db(transaction=True)
def test_one_undo_that_is_sent_eight_times_at_once_takes_back_once(covers: Job, cast: Cast) -> None:
    take_in(covers)
    held, lease = claim_one(covers, cast.inspector), uuid.uuid4()
    answer(held, NG)
    taken = results(together([partial(take_back, held, new_lease=lease)] * 8))
    assert {one.hand_out.lease for one in taken} == {lease}
    assert HandOut.objects.filter(end=HandOutEnd.HELD).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_undo_and_a_claim_of_the_second_look_at_once_never_both_happen(cast: Cast) -> None:
    covers = job(cast, level=Level.SHADOW)
    for _ in range(4):
        part = item(covers, score=0.02)
        given = answer(claim_one(covers, cast.inspector), NG)
        calls: list[Callable[[], object]] = [partial(undo, given), partial(claim, covers, cast.inspector2)]
        taking_back, claiming = together(calls)
        claimed = [one for one in claiming.result() if one.review.item_id == part.pk]  # type: ignore[attr-defined]
        refused = isinstance(taking_back.exception(), Refused)
        assert refused == bool(claimed), (taking_back.exception(), claimed)
        Review.objects.filter(state=ReviewState.OPEN).update(state=ReviewState.WITHDRAWN)


@pytest.mark.django_db(transaction=True)
def test_an_undo_and_a_second_answer_at_once_leave_one_story(cast: Cast) -> None:
    covers, part, given = disagreed(cast)
    held = claim_one(covers, cast.inspector2)
    calls: list[Callable[[], object]] = [partial(undo, given), partial(answer, held, OK)]
    taking_back, answering = together(calls)
    assert isinstance(taking_back.exception(), Refused)
    assert answering.exception() is None
    assert stand(part) == (State.HELD, UNSURE)


def test_a_late_delivery_of_a_verdict_taken_back_does_not_bring_it_back(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    held = claim_one(covers, cast.inspector)
    undo(answer(held, NG, key="k"))
    out = held.hand_out
    walk.give_verdict(asked=held.review, person=out.person, lease=out.lease, client_key="k", answer=Answer(verdict=NG))
    assert stand(part) == (State.IN_REVIEW, None)

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.conf import settings
from django.utils import timezone

from inspection.journey.review import Held
from inspection.models import Decision, HandOut, Item, Job, Review, VerdictGiven
from inspection.refused import Refused
from inspection.vocabulary import DecidedBy, HandOutEnd, Level, ReviewState, State, Verdict
from tests import first_pixel
from tests.factories import Cast, answer, claim, claim_one, item, job, load_dice, take_in
from tests.stage import results, together

OK, NG, UNSURE = Verdict


@pytest.fixture
def covers(cast: Cast) -> Job:
    return job(cast)


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as no:
        call()
    return no.value.code


def lose(covers: Job, cast: Cast) -> tuple[Held, Held]:
    """One part in the inspector's hands that lapsed and was taken by the other inspector."""
    held = claim_one(covers, cast.inspector)
    Review.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    return held, claim_one(covers, cast.inspector2)


# ---------------------------------------------------------------- a person's verdict


def test_a_persons_verdict_is_in_force_with_all_that_stood_behind_it(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    given = answer(claim_one(covers, cast.inspector), NG, labels=("dent",), note="deep").given
    decision = part.decisions.get()
    part.refresh_from_db()
    assert (part.state, part.decision, decision.verdict, decision.labels) == (State.DECIDED, decision, NG, ["dent"])
    assert (decision.by, decision.person, decision.verdict_given) == (DecidedBy.PERSON, cast.inspector, given)
    assert (decision.level, decision.routing, decision.thresholds) == (
        Level.HUMAN_ONLY,
        part.routings.get(),
        covers.thresholds,
    )
    assert (decision.code_version, decision.supersedes, given.note) == (settings.CODE_VERSION, None, "deep")


def test_an_answered_review_is_closed_and_its_hand_out_ended(covers: Job, cast: Cast) -> None:
    take_in(covers)
    answer(claim_one(covers, cast.inspector))
    assert Review.objects.get().state == ReviewState.ANSWERED
    assert HandOut.objects.get().end == HandOutEnd.ANSWERED
    assert claim(covers, cast.inspector2) == []


def test_ng_may_come_without_labels(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    answer(claim_one(covers, cast.inspector), NG)
    assert (part.decisions.get().verdict, part.decisions.get().labels) == (NG, [])


def test_unsure_puts_the_part_on_hold(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    answer(claim_one(covers, cast.inspector), UNSURE)
    part.refresh_from_db()
    assert (part.state, part.decisions.get().verdict) == (State.HELD, UNSURE)


@pytest.mark.parametrize("level", [Level.SHADOW, Level.ASSISTANCE])
def test_one_persons_verdict_decides_whatever_the_hidden_ai_thinks(cast: Cast, level: Level) -> None:
    covers = job(cast, level=level)
    part = item(covers, score=0.97)
    answer(claim_one(covers, cast.inspector), OK)
    assert [*part.decisions.values_list("verdict", "by")] == [(OK, DecidedBy.PERSON)]


# ---------------------------------------------------------------- once


def test_the_same_delivery_again_is_the_same_verdict(covers: Job, cast: Cast) -> None:
    take_in(covers)
    held = claim_one(covers, cast.inspector)
    first, second = answer(held, NG, key="k"), answer(held, NG, key="k")
    assert (first.created, second.created, second.given) == (True, False, first.given)
    assert (VerdictGiven.objects.count(), Decision.objects.count()) == (1, 1)


@pytest.mark.parametrize("change", [{"verdict": OK}, {"labels": ("dent",)}, {"note": "after all"}])
def test_a_key_that_came_with_another_answer_is_refused(covers: Job, cast: Cast, change: dict[str, object]) -> None:
    take_in(covers)
    held = claim_one(covers, cast.inspector)
    answer(held, NG, key="k")
    again = {"verdict": NG, **change}
    assert code_of(lambda: answer(held, key="k", **again)) == "client_key_reused"  # type: ignore[arg-type]
    assert VerdictGiven.objects.get().verdict == NG


def test_a_key_that_came_for_another_part_is_refused(covers: Job, cast: Cast) -> None:
    take_in(covers)
    take_in(covers)
    one, other = claim(covers, cast.inspector, hold=2)
    answer(one, NG, key="k")
    assert code_of(lambda: answer(other, NG, key="k")) == "client_key_reused"
    assert Review.objects.get(pk=other.review.pk).state == ReviewState.OPEN


def test_two_people_may_use_the_same_key(covers: Job, cast: Cast) -> None:
    for somebody in (cast.inspector, cast.inspector2):
        take_in(covers)
        assert answer(claim_one(covers, somebody), key="k").created


def test_a_second_answer_is_kept_and_decides_nothing(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    held = claim_one(covers, cast.inspector)
    answer(held, OK)
    assert code_of(lambda: answer(held, NG)) == "already_answered"
    assert [*part.verdicts.order_by("id").values_list("verdict", "late")] == [(OK, False), (NG, True)]
    assert part.decisions.get().verdict == OK


@pytest.mark.django_db(transaction=True)
def test_a_verdict_that_is_sent_eight_times_at_once_is_recorded_once(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    held = claim_one(covers, cast.inspector)
    recorded = results(together([partial(answer, held, NG, key="k")] * 8))
    assert (part.verdicts.count(), part.decisions.count()) == (1, 1)
    assert sorted(one.created for one in recorded) == [False] * 7 + [True]


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_the_first_wins(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    held = claim_one(covers, cast.inspector)
    futures = together([partial(answer, held, verdict) for verdict in (OK, NG)])
    [no] = [error for future in futures if (error := future.exception())]
    assert isinstance(no, Refused)
    assert no.code == "already_answered"
    assert part.decisions.get().verdict == part.verdicts.get(late=False).verdict


# ---------------------------------------------------------------- late


def test_a_late_answer_is_kept_with_the_part_and_decides_nothing(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    lost, _ = lose(covers, cast)
    assert code_of(lambda: answer(lost, NG, labels=("dent",))) == "lease_lost"
    kept = part.verdicts.get()
    assert (kept.late, kept.person, kept.verdict, kept.labels) == (True, cast.inspector, NG, ["dent"])
    assert (part.decisions.count(), Review.objects.get().state) == (0, ReviewState.OPEN)


def test_a_late_answer_that_comes_twice_is_kept_once_and_refused_twice(covers: Job, cast: Cast) -> None:
    take_in(covers)
    lost, _ = lose(covers, cast)
    assert [code_of(lambda: answer(lost, NG, key="k")) for _ in range(2)] == ["lease_lost"] * 2
    assert VerdictGiven.objects.count() == 1
    assert code_of(lambda: answer(lost, OK, key="k")) == "client_key_reused"


def test_who_took_the_part_over_decides_it(covers: Job, cast: Cast) -> None:
    part = take_in(covers)
    lost, taken = lose(covers, cast)
    code_of(lambda: answer(lost, NG))
    answer(taken, OK)
    assert [*part.decisions.values_list("verdict", "person")] == [(OK, cast.inspector2.pk)]


def test_an_answer_of_somebody_who_was_never_handed_the_part_is_not_kept(covers: Job, cast: Cast) -> None:
    take_in(covers)
    held = claim_one(covers, cast.inspector)
    forged = Held(review=held.review, hand_out=HandOut(person=cast.inspector2, lease=held.hand_out.lease))
    assert code_of(lambda: answer(forged)) == "lease_lost"
    assert not VerdictGiven.objects.exists()


# ---------------------------------------------------------------- the AI's verdict


@pytest.mark.usefixtures("first_pixel")
def test_the_ais_verdict_is_in_force_with_all_that_stood_behind_it(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    first_pixel.champion(covers)
    part = first_pixel.part(covers, red=97, green=90)
    load_dice(covers, [part])
    first_pixel.judge(part)
    decision, routing = part.decisions.get(), part.routings.get()
    assert (decision.verdict, decision.labels, decision.by, decision.person) == (NG, ["scratch"], DecidedBy.AI, None)
    assert (decision.model, decision.routing, decision.thresholds) == (covers.champion, routing, covers.thresholds)
    assert (decision.level, decision.code_version) == (Level.FULL, settings.CODE_VERSION)
    assert Item.objects.get().decision == decision


def test_an_audit_that_agrees_leaves_the_ais_decision_in_force(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    part = item(covers, score=0.02, audit=True)
    answer(claim_one(covers, cast.inspector), OK)
    assert part.decisions.get().by == DecidedBy.AI


@pytest.mark.parametrize(("verdict", "state"), [(NG, State.DECIDED), (UNSURE, State.HELD)])
def test_an_audit_that_contradicts_supersedes_the_ais_decision(cast: Cast, verdict: Verdict, state: State) -> None:
    covers = job(cast, level=Level.FULL)
    part = item(covers, score=0.02, audit=True)
    by_ai = part.decisions.get()
    answer(claim_one(covers, cast.inspector), verdict)
    by_person = part.decisions.get(by=DecidedBy.PERSON)
    part.refresh_from_db()
    assert (by_person.supersedes, by_person.verdict, part.decision, part.state) == (by_ai, verdict, by_person, state)
    assert Decision.objects.get(pk=by_ai.pk).verdict == OK

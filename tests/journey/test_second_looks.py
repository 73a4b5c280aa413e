"""Who is asked after a first look, and what comes into force when two people have spoken."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from inspection.acts.note_exposure import note_exposure
from inspection.journey import review
from inspection.models import Evidence, Item, Job, LedgerEntry, Review
from inspection.policy.agreement import Share
from inspection.queries.agreement import Wanted
from inspection.queries.agreement_cells import Counts
from inspection.queries.agreement_report import report
from inspection.vocabulary import DecidedBy, Level, Look, ReviewState, Settled, State, Verdict
from tests.factories import Cast, answer, claim, claim_one, commit, item, job, load_dice, take_in

OK, NG, UNSURE = Verdict
SHARES = {"double_share": 0.02, "recheck_share": 0.1}
Standing = tuple[str, str, str]


def part_of(cast: Cast, level: Level, *, score: float = 0.02, **dice: Any) -> tuple[Job, Item]:
    """One part at a level, with the chances loaded as the test wants them."""
    covers = job(cast, level=level, shares=SHARES)
    drawn = {name: dice.pop(name, False) for name in ("double", "recheck")}
    made = item(covers, score=score, **dice) if level != Level.HUMAN_ONLY else take_in(covers)
    covers.refresh_from_db()
    load_dice(covers, [made], **drawn)
    return covers, made


def asked(part: Item) -> list[tuple[str, float]]:
    return [*Review.objects.filter(item=part, state=ReviewState.OPEN).values_list("look", "probability")]


def in_force(part: Item) -> Standing:
    part.refresh_from_db()
    assert part.decision is not None
    return part.state, part.decision.verdict, part.decision.by


def evidence(part: Item) -> Standing:
    row = Evidence.objects.get(item=part)
    assert bool(row.reference) == (row.reference_at is not None)
    return row.reference, row.settled_by, row.verdict


def judge(covers: Job, *said: tuple[Any, Verdict]) -> None:
    for person, verdict in said:
        answer(claim_one(covers, person), verdict)


# ---------------------------------------------------------------- who is asked

HUMAN_ONLY, SHADOW, ASSISTANCE, PARTIAL, FULL = Level
BLIND, AUDIT = {"blind": True}, {"audit": True}
DOUBLE, RECHECK = {"double": True}, {"recheck": True}


@pytest.mark.parametrize(
    ("level", "score", "dice", "verdict", "expected"),
    [
        (HUMAN_ONLY, 0.0, {}, NG, []),
        (HUMAN_ONLY, 0.0, {}, UNSURE, [(Look.UNSURE, 1.0)]),
        (HUMAN_ONLY, 0.0, DOUBLE, OK, [(Look.DOUBLE, 0.02)]),
        (HUMAN_ONLY, 0.0, RECHECK, OK, []),
        (SHADOW, 0.02, {}, OK, []),
        (SHADOW, 0.02, {}, NG, [(Look.DISAGREED, 1.0)]),
        (SHADOW, 0.97, {}, OK, [(Look.DISAGREED, 1.0)]),
        (SHADOW, 0.5, {}, NG, []),
        (SHADOW, 0.02, {}, UNSURE, [(Look.UNSURE, 1.0)]),
        (SHADOW, 0.02, DOUBLE, NG, [(Look.DOUBLE, 0.02)]),
        (SHADOW, 0.02, RECHECK, OK, [(Look.RECHECK, 0.1)]),
        (SHADOW, 0.02, RECHECK, NG, [(Look.DISAGREED, 1.0)]),
        (ASSISTANCE, 0.02, BLIND, NG, [(Look.DISAGREED, 1.0)]),
        (ASSISTANCE, 0.02, {**BLIND, **RECHECK}, OK, [(Look.RECHECK, 0.1)]),
        (PARTIAL, 0.02, BLIND, NG, [(Look.DISAGREED, 1.0)]),
        (PARTIAL, 0.02, AUDIT, NG, [(Look.DISAGREED, 1.0)]),
        (PARTIAL, 0.02, {**AUDIT, **DOUBLE}, OK, [(Look.DOUBLE, 0.02)]),
        (FULL, 0.97, AUDIT, OK, [(Look.DISAGREED, 1.0)]),
        (FULL, 0.97, {**AUDIT, **RECHECK}, NG, [(Look.RECHECK, 0.1)]),
        (FULL, 0.97, AUDIT, UNSURE, [(Look.UNSURE, 1.0)]),
    ],
)
def test_after_a_blind_answer_a_second_person_is_asked_where_there_is_something_to_settle(
    cast: Cast, level: Level, score: float, dice: dict[str, bool], verdict: Verdict, expected: list[tuple[str, float]]
) -> None:
    covers, part = part_of(cast, level, score=score, **dice)
    judge(covers, (cast.inspector, verdict))
    assert asked(part) == expected


@pytest.mark.parametrize("level", [PARTIAL, FULL])
@pytest.mark.parametrize(("verdict", "expected"), [(OK, []), (NG, []), (UNSURE, [(Look.UNSURE, 1.0)])])
def test_an_answer_with_the_hint_in_view_calls_for_nobody_unless_it_is_unsure(
    cast: Cast, level: Level, verdict: Verdict, expected: list[tuple[str, float]]
) -> None:
    covers, part = part_of(cast, level, score=0.5, double=True, recheck=True)
    held = claim_one(covers, cast.inspector)
    assert commit(held) is not None
    answer(held, verdict)
    assert asked(part) == expected


@pytest.mark.parametrize(("recheck", "expected"), [(True, [(Look.RECHECK, 0.1)]), (False, [])])
@pytest.mark.parametrize("verdict", [OK, NG])
def test_at_assistance_chance_alone_has_an_answer_with_the_hint_looked_at_again(
    cast: Cast, verdict: Verdict, recheck: bool, expected: list[tuple[str, float]]
) -> None:
    covers, part = part_of(cast, ASSISTANCE, double=True, recheck=recheck)
    helped(covers, cast, verdict)
    assert asked(part) == expected


def helped(covers: Job, cast: Cast, verdict: Verdict) -> None:
    """Somebody answers alone, sees the hint, and answers for good."""
    held = claim_one(covers, cast.inspector)
    assert commit(held) is not None
    answer(held, verdict)


def test_who_was_helped_has_a_reference_then_that_proves_nothing(cast: Cast) -> None:
    covers, part = part_of(cast, ASSISTANCE, recheck=True)
    helped(covers, cast, OK)
    assert evidence(part)[:2] == ("", "")
    judge(covers, (cast.inspector2, OK))
    assert evidence(part)[:2] == (OK, Settled.SECOND_LOOK)
    assert not LedgerEntry.objects.exclude(counts=None).exists()
    found = report(Counts(covers), covers, Wanted(), now=timezone.now()).help
    assert (found.aided, found.unaided) == (Share(k=1, n=1), Share(k=0, n=0))


def test_who_has_seen_the_opinion_elsewhere_calls_for_a_blind_look_and_no_drawn_one(cast: Cast) -> None:
    covers, part = part_of(cast, SHADOW, double=True, recheck=True)
    held = claim_one(covers, cast.manager)
    note_exposure(person=cast.manager, items=[part.pk])
    answer(held, OK)
    assert asked(part) == [(Look.DISAGREED, 1.0)]


def test_the_same_answer_twice_asks_once(cast: Cast) -> None:
    covers, part = part_of(cast, SHADOW)
    held = claim_one(covers, cast.inspector)
    for _ in range(2):
        answer(held, NG, key="k")
    assert asked(part) == [(Look.DISAGREED, 1.0)]


# ---------------------------------------------------------------- whom it is not handed to


def test_a_second_look_never_goes_to_whoever_gave_the_first(cast: Cast) -> None:
    covers, _ = part_of(cast, SHADOW)
    judge(covers, (cast.inspector, NG))
    type(cast.inspector).objects.exclude(pk=cast.inspector.pk).update(is_active=False)
    assert claim(covers, cast.inspector, hold=9) == []


def test_a_second_look_goes_to_nobody_who_knows_the_opinion_while_others_can_take_it(cast: Cast) -> None:
    covers, part = part_of(cast, SHADOW)
    judge(covers, (cast.inspector, NG))
    note_exposure(person=cast.manager, items=[part.pk])
    assert claim(covers, cast.manager, hold=9) == []
    assert claim_one(covers, cast.inspector2).review.look == Look.DISAGREED


def test_an_adjudicator_has_given_neither_answer(cast: Cast) -> None:
    covers, _ = part_of(cast, SHADOW)
    judge(covers, (cast.inspector, NG), (cast.manager, OK))
    assert claim(covers, cast.manager, adjudication=True) == []
    assert claim_one(covers, cast.admin, adjudication=True).review.look == Look.ADJUDICATION


def test_disputed_parts_and_the_others_are_two_queues(cast: Cast) -> None:
    covers, part = part_of(cast, SHADOW)
    judge(covers, (cast.inspector, NG), (cast.inspector2, OK))
    other = take_in(covers)
    load_dice(covers, [other])
    assert [one.review.look for one in claim(covers, cast.admin, hold=9, adjudication=True)] == [Look.ADJUDICATION]
    assert part not in [one.review.item for one in claim(covers, cast.admin, hold=9)]


# ---------------------------------------------------------------- what comes into force


def test_a_second_person_who_says_the_same_settles_the_evidence_and_leaves_the_verdict(cast: Cast) -> None:
    covers, part = part_of(cast, SHADOW)
    judge(covers, (cast.inspector, NG))
    assert (in_force(part), evidence(part)) == ((State.DECIDED, NG, DecidedBy.PERSON), ("", "", NG))
    judge(covers, (cast.inspector2, NG))
    assert (in_force(part), evidence(part)) == ((State.DECIDED, NG, DecidedBy.PERSON), (NG, Settled.SECOND_LOOK, NG))
    assert (part.decisions.count(), asked(part)) == (1, [])


@pytest.mark.parametrize("second", [OK, UNSURE])
def test_a_part_on_which_two_differ_is_held_and_goes_to_the_adjudicator(cast: Cast, second: Verdict) -> None:
    covers, part = part_of(cast, SHADOW)
    judge(covers, (cast.inspector, NG), (cast.inspector2, second))
    assert in_force(part) == (State.HELD, UNSURE, DecidedBy.PERSON)
    assert (asked(part), evidence(part)) == ([(Look.ADJUDICATION, 1.0)], ("", "", NG))
    [first, held] = part.decisions.order_by("id")
    assert (held.supersedes, held.labels, held.person) == (first, [], cast.inspector2)


def test_a_recheck_that_differs_takes_the_reference_back_until_it_is_settled(cast: Cast) -> None:
    """Else a part on which two people differ went on proving that the AI is right."""
    covers, part = part_of(cast, SHADOW, recheck=True)
    judge(covers, (cast.inspector, OK))
    assert evidence(part) == (OK, Settled.AGREEMENT, OK)
    judge(covers, (cast.inspector2, NG))
    assert (in_force(part), evidence(part)) == ((State.HELD, UNSURE, DecidedBy.PERSON), ("", "", OK))


@pytest.mark.parametrize(("opinion", "second", "held"), [(0.02, OK, False), (0.97, OK, True), (0.5, NG, False)])
def test_after_unsure_the_second_decides_where_the_ai_does_not_contradict(
    cast: Cast, opinion: float, second: Verdict, held: bool
) -> None:
    covers, part = part_of(cast, SHADOW, score=opinion)
    judge(covers, (cast.inspector, UNSURE), (cast.inspector2, second))
    expected = (State.HELD, UNSURE, DecidedBy.PERSON) if held else (State.DECIDED, second, DecidedBy.PERSON)
    assert in_force(part) == expected
    assert [look for look, _ in asked(part)] == ([Look.ADJUDICATION] if held else [])


@pytest.mark.parametrize("verdict", [OK, NG])
def test_the_adjudicators_verdict_is_in_force_and_settles_the_evidence(cast: Cast, verdict: Verdict) -> None:
    covers, part = part_of(cast, SHADOW)
    judge(covers, (cast.inspector, NG), (cast.inspector2, OK))
    given = answer(claim_one(covers, cast.admin, adjudication=True), verdict).given
    assert (in_force(part), evidence(part)) == (
        (State.DECIDED, verdict, DecidedBy.ADJUDICATOR),
        (verdict, Settled.ADJUDICATOR, NG),
    )
    assert (Evidence.objects.get().reference_at, asked(part)) == (given.at, [])
    assert part.decision is not None
    assert part.decision.person == cast.admin


def test_a_part_of_which_the_adjudicator_is_unsure_stays_held(cast: Cast) -> None:
    covers, part = part_of(cast, SHADOW)
    judge(covers, (cast.inspector, NG), (cast.inspector2, OK))
    answer(claim_one(covers, cast.admin, adjudication=True), UNSURE)
    assert in_force(part) == (State.HELD, UNSURE, DecidedBy.ADJUDICATOR)
    assert asked(part) == []


def test_a_second_look_by_somebody_who_knows_the_opinion_settles_nothing(cast: Cast) -> None:
    covers, part = part_of(cast, SHADOW)
    judge(covers, (cast.inspector, NG))
    held = claim_one(covers, cast.manager)
    note_exposure(person=cast.manager, items=[part.pk])
    answer(held, NG)
    assert (evidence(part), asked(part)) == (("", "", NG), [(Look.ADJUDICATION, 1.0)])


def test_an_adjudicator_who_knows_the_opinion_decides_the_part_and_settles_no_evidence(cast: Cast) -> None:
    covers, part = part_of(cast, SHADOW)
    judge(covers, (cast.inspector, NG), (cast.inspector2, OK))
    held = claim_one(covers, cast.admin, adjudication=True)
    note_exposure(person=cast.admin, items=[part.pk])
    answer(held, OK)
    assert (in_force(part), evidence(part)) == ((State.DECIDED, OK, DecidedBy.ADJUDICATOR), ("", "", NG))


def test_a_second_look_makes_no_evidence_of_its_own(cast: Cast) -> None:
    covers, part = part_of(cast, FULL, score=0.97, audit=True)
    judge(covers, (cast.inspector, OK), (cast.inspector2, OK))
    assert [*Evidence.objects.values_list("person", "reference")] == [(cast.inspector.pk, OK)]
    assert in_force(part) == (State.DECIDED, OK, DecidedBy.PERSON)


def test_an_audit_that_a_second_person_contradicts_holds_what_the_ai_had_decided(cast: Cast) -> None:
    covers, part = part_of(cast, FULL, score=0.97, audit=True)
    judge(covers, (cast.inspector, OK), (cast.inspector2, NG))
    assert in_force(part) == (State.HELD, UNSURE, DecidedBy.PERSON)
    assert [row.by for row in part.decisions.order_by("id")] == ["ai", "person", "person"]


# ---------------------------------------------------------------- passed on at once


def escalate(covers: Job, cast: Cast) -> None:
    held = claim_one(covers, cast.inspector)
    out, now = held.hand_out, timezone.now()
    for _ in range(2):
        review.escalate(review=held.review, person=out.person, lease=out.lease, reason="odd", now=now)


def test_a_part_that_is_passed_on_is_asked_of_an_adjudicator_alone(cast: Cast) -> None:
    covers, part = part_of(cast, SHADOW)
    escalate(covers, cast)
    assert (asked(part), claim(covers, cast.inspector2)) == ([(Look.ADJUDICATION, 1.0)], [])
    assert Review.objects.get(look=Look.ADJUDICATION).note == "odd"


def test_what_an_adjudicator_says_of_a_part_passed_on_is_evidence(cast: Cast) -> None:
    covers, part = part_of(cast, SHADOW)
    escalate(covers, cast)
    answer(claim_one(covers, cast.manager, adjudication=True), NG)
    assert (in_force(part), evidence(part)) == (
        (State.DECIDED, NG, DecidedBy.ADJUDICATOR),
        (NG, Settled.ADJUDICATOR, NG),
    )

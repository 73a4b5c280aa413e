from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from inspection import walk
from inspection.acts.note_exposure import note_exposure
from inspection.journey import review
from inspection.models import Evidence, Item, Job, Review
from inspection.refused import Refused
from inspection.vocabulary import Drawn, HintMode, Level, Role, Verdict
from tests.factories import POLICY, Cast, answer, claim_one, commit, item, job, take_in

OK, NG, UNSURE = Verdict


def judged(covers: Job, cast: Cast, verdict: Verdict, *, first: Verdict | None = None) -> Evidence:
    held = claim_one(covers, cast.inspector)
    if first is not None:
        commit(held, first)
    return answer(held, verdict).given.evidence.get()


def test_a_row_of_evidence_holds_everything_that_says_what_it_is_worth(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    part = item(covers, score=0.02, audit=True, lot="L7", shift="late")
    given = answer(claim_one(covers, cast.inspector), NG).given
    row, prediction, routing = Evidence.objects.get(), part.predictions.get(), part.routings.get()
    assert (row.job, row.item, row.prediction, row.verdict_given, row.person) == (
        covers,
        part,
        prediction,
        given,
        cast.inspector,
    )
    assert (row.model, row.role, row.fingerprint) == (covers.champion, Role.CHAMPION, prediction.fingerprint)
    assert (row.lot_or_slot, row.shift, row.opinion, row.score) == ("L7", "late", OK, 0.02)
    assert (row.drawn, row.probability, row.drawn_at) == (Drawn.AUDIT_RANDOM, 0.05, routing.at)
    assert (row.hint_shown, row.verdict, row.final_verdict, row.reference, row.at) == (False, NG, NG, "", given.at)


@pytest.mark.parametrize(
    ("level", "dice", "drawn", "probability"),
    [
        (Level.SHADOW, {}, Drawn.SHADOW, 1.0),
        (Level.ASSISTANCE, {"blind": True}, Drawn.BLIND, 0.1),
        (Level.ASSISTANCE, {}, Drawn.ASSISTED, 1.0),
        (Level.PARTIAL, {"blind": True}, Drawn.BLIND, 0.1),
        (Level.FULL, {"audit": True}, Drawn.AUDIT_RANDOM, 0.05),
    ],
)
def test_evidence_says_how_it_was_drawn_and_how_likely_that_was(
    cast: Cast, level: Level, dice: dict[str, bool], drawn: Drawn, probability: float
) -> None:
    covers = job(cast, level=level)
    item(covers, score=0.02, **dice)  # type: ignore[arg-type]
    row = judged(covers, cast, OK)
    assert (row.drawn, row.probability) == (drawn, probability)


@pytest.mark.parametrize(
    ("score", "verdict", "reference"),
    [(0.02, OK, OK), (0.97, NG, NG), (0.02, NG, ""), (0.97, OK, ""), (0.5, UNSURE, ""), (0.5, OK, OK)],
)
def test_the_reference_is_what_a_blind_person_says_and_the_ai_does_not_contradict(
    cast: Cast, score: float, verdict: Verdict, reference: str
) -> None:
    covers = job(cast, level=Level.SHADOW)
    item(covers, score=score)
    assert judged(covers, cast, verdict).reference == reference


def test_agreement_with_the_hint_in_view_is_no_reference(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE, policy=replace(POLICY, hint_mode=HintMode.CONCURRENT))
    item(covers, score=0.02)
    row = judged(covers, cast, OK)
    assert (row.drawn, row.hint_shown, row.reference) == (Drawn.ASSISTED, True, "")


def test_an_answer_before_the_hint_counts_as_the_unaided_one(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE)
    item(covers, score=0.97)
    row = judged(covers, cast, NG, first=OK)
    assert (row.verdict, row.final_verdict, row.hint_shown, row.reference) == (OK, NG, False, "")


def test_the_verdict_keeps_both_answers_and_what_was_shown_between_them(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE)
    item(covers, score=0.97)
    given = judged(covers, cast, NG, first=OK).verdict_given
    assert given is not None
    assert given.first is not None
    assert given.shown is not None
    assert (given.first["verdict"], given.shown["verdict"], given.verdict) == (OK, NG, NG)


def test_who_has_seen_the_opinion_elsewhere_is_no_blind_judge(cast: Cast) -> None:
    covers = job(cast, level=Level.SHADOW)
    part = item(covers, score=0.02)
    held = claim_one(covers, cast.manager)
    note_exposure(person=cast.manager, items=[part.pk])
    row = answer(held, OK).given.evidence.get()
    assert (row.drawn, row.hint_shown, row.reference) == (Drawn.SHADOW, True, "")


def test_who_saw_a_hint_before_the_job_stepped_down_is_no_blind_judge(cast: Cast) -> None:
    """The part was handed back after the hint was seen, and came again after the step down as if drawn blind."""
    covers = job(cast, level=Level.FULL)
    item(covers, score=0.5)
    held = claim_one(covers, cast.inspector)
    commit(held, OK)
    out = held.hand_out
    review.give_back(review=held.review, person=out.person, lease=out.lease, now=timezone.now())
    walk.switch_level(job=covers, new=Level.SHADOW, reason="trial", by=cast.admin)
    type(cast.inspector).objects.exclude(pk=cast.inspector.pk).update(is_active=False)
    assert judged(covers, cast, UNSURE).hint_shown


def test_where_captured_time_counts_the_ten_minutes_of_the_capture_stand_in_for_a_lot(cast: Cast) -> None:
    covers = job(cast, level=Level.SHADOW, captured_time=True)
    item(covers, score=0.02, captured_at=datetime(2026, 3, 1, 8, 17, 30, tzinfo=UTC))
    assert judged(covers, cast, OK).lot_or_slot == "2026-03-01T08:10:00+00:00"


def test_without_a_lot_the_ten_minutes_of_the_arrival_stand_in_whatever_the_sender_says(cast: Cast) -> None:
    covers = job(cast, level=Level.SHADOW)
    part = item(covers, score=0.02, captured_at=datetime(2026, 3, 1, 8, 17, 30, tzinfo=UTC))
    Item.objects.filter(pk=part.pk).update(received_at=datetime(2026, 3, 1, 9, 59, tzinfo=UTC))
    assert judged(covers, cast, OK).lot_or_slot == "2026-03-01T09:50:00+00:00"


def test_without_an_opinion_there_is_nothing_to_compare(cast: Cast) -> None:
    human, blind = job(cast), job(cast, slug="modelless", level=Level.SHADOW)
    for covers in (human, blind):
        take_in(covers)
        answer(claim_one(covers, cast.inspector))
    assert not Evidence.objects.exists()


def test_a_late_answer_is_no_evidence(cast: Cast) -> None:
    covers = job(cast, level=Level.SHADOW)
    item(covers, score=0.02)
    lost = claim_one(covers, cast.inspector)
    Review.objects.update(lease_until=datetime(2026, 1, 1, tzinfo=UTC))
    claim_one(covers, cast.inspector2)
    with pytest.raises(Refused, match="lease_lost"):
        answer(lost, OK)
    assert not Evidence.objects.exists()


def test_a_label_delivered_twice_is_one_piece_of_evidence(cast: Cast) -> None:
    covers = job(cast, level=Level.SHADOW)
    item(covers, score=0.02)
    held = claim_one(covers, cast.inspector)
    for _ in range(2):
        answer(held, OK, key="k")
    assert Evidence.objects.count() == 1

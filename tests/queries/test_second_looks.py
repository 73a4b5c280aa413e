from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inspection.acts.add_member import add_member
from inspection.acts.note_exposure import note_exposure
from inspection.acts.reopen_item import reopen_item
from inspection.journey import review
from inspection.models import Item, Job, Membership, Person, Review
from inspection.policy.answers import FINAL_AFTER
from inspection.queries.second_looks import left_alone
from inspection.vocabulary import Level, Look, MemberRole, Verdict
from tests.factories import Cast, answer, claim, claim_one, item, job, person, undo

OK, NG, UNSURE = Verdict


@pytest.fixture
def alone(cast: Cast) -> Job:
    """A job with one inspector besides its admin, who is away."""
    made = job(cast, level=Level.SHADOW)
    Membership.objects.filter(job=made).exclude(person__in=[cast.inspector, cast.admin]).delete()
    Person.objects.filter(pk=cast.admin.pk).update(is_active=False)
    return made


def judged(made: Job, who: Person, verdict: Verdict = NG) -> Item:
    """A part that this person judges, and of which the AI says OK."""
    part = item(made, score=0.02)
    answer(claim_one(made, who), verdict)
    return part


def later(minutes: float = 16) -> datetime:
    return timezone.now() + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("verdict", "shares", "look"),
    [
        (NG, {}, Look.DISAGREED),
        (UNSURE, {}, Look.UNSURE),
        (NG, {"double_share": 1.0}, Look.DOUBLE),
        (OK, {"recheck_share": 1.0}, Look.RECHECK),
    ],
)
def test_a_second_look_waits_for_nobody_where_there_is_one_inspector(
    alone: Job, cast: Cast, verdict: Verdict, shares: dict[str, float], look: Look
) -> None:
    Job.objects.update(**shares)
    alone.refresh_from_db()
    part = judged(alone, cast.inspector, verdict)
    assert Review.objects.filter(item=part, look=look).exists()
    assert left_alone(alone, now=later()) == 1
    assert claim(alone, cast.inspector) == []


def test_a_second_inspector_takes_it(alone: Job, cast: Cast) -> None:
    judged(alone, cast.inspector)
    add_member(job=alone, username=person("second").username, role=MemberRole.INSPECTOR)
    assert left_alone(alone, now=later()) == 0
    assert len(claim(alone, Person.objects.get(username="second"))) == 1


@pytest.mark.parametrize("change", [{"is_active": True}, {"is_active": True, "simulated": True}])
def test_who_does_not_exist_takes_nothing(alone: Job, cast: Cast, change: dict[str, bool]) -> None:
    judged(alone, cast.inspector)
    Person.objects.filter(pk=cast.admin.pk).update(**change)
    assert left_alone(alone, now=later()) == ("simulated" in change)


def test_a_service_account_takes_nothing(alone: Job, cast: Cast) -> None:
    judged(alone, cast.inspector)
    add_member(job=alone, username=cast.service.username, role=MemberRole.SERVICE)
    assert left_alone(alone, now=later()) == 1


def test_who_has_seen_the_ai_or_passed_it_on_is_still_asked_where_nobody_else_is(alone: Job, cast: Cast) -> None:
    part = judged(alone, cast.inspector)
    add_member(job=alone, username=cast.manager.username, role=MemberRole.MANAGER)
    note_exposure(person=cast.manager, items=[part.pk])
    held = claim_one(alone, cast.manager)
    review.skip(review=held.review, person=cast.manager, lease=held.hand_out.lease, reason="dim", now=timezone.now())
    assert left_alone(alone, now=later()) == 0
    assert len(claim(alone, cast.manager)) == 1


def test_a_part_that_was_opened_again_is_left_alone_when_the_last_who_could_look_has_gone(cast: Cast) -> None:
    made = job(cast, level=Level.SHADOW)
    part = judged(made, cast.inspector, OK)
    reopen_item(item=part, reason="a customer asks", by=cast.manager, now=timezone.now())
    assert left_alone(made, now=later()) == 0
    Membership.objects.filter(job=made).exclude(person=cast.inspector).delete()
    assert left_alone(made, now=later()) == 1


def test_first_looks_and_disputes_are_not_among_them(cast: Cast) -> None:
    made = job(cast, level=Level.SHADOW)
    judged(made, cast.inspector)
    answer(claim_one(made, cast.inspector2), OK)
    item(made, score=0.02)
    Membership.objects.filter(job=made).delete()
    assert left_alone(made, now=later()) == 0


@pytest.mark.parametrize(("lease", "minutes", "found"), [(300, 14, 0), (300, 16, 1), (3600, 16, 0), (3600, 61, 1)])
def test_it_is_said_only_when_the_answer_before_cannot_be_taken_back_any_more(
    alone: Job, cast: Cast, lease: int, minutes: int, found: int
) -> None:
    """Else one person alone tried each verdict in turn until the number did not grow, and knew what the AI says."""
    assert timedelta(minutes=14) < FINAL_AFTER < timedelta(minutes=16)
    Job.objects.update(lease_seconds=lease)
    judged(alone, cast.inspector)
    assert left_alone(alone, now=later(minutes)) == found


def test_a_second_look_that_was_taken_back_is_still_in_hand(alone: Job, cast: Cast) -> None:
    add_member(job=alone, username=cast.manager.username, role=MemberRole.MANAGER)
    judged(alone, cast.inspector)
    second = answer(claim_one(alone, cast.manager), OK)
    assert left_alone(alone, now=later()) == 0
    undo(second)
    assert left_alone(alone, now=later()) == 0


def test_another_job_is_another_matter(alone: Job, cast: Cast) -> None:
    judged(alone, cast.inspector)
    lids = job(cast, slug="lids")
    Membership.objects.filter(job=lids).exclude(person=cast.inspector).delete()
    assert (left_alone(lids, now=later()), left_alone(alone, now=later())) == (0, 1)


def test_it_is_one_query_along_the_queue_of_the_job(alone: Job, cast: Cast) -> None:
    for _ in range(3):
        judged(alone, cast.inspector)
    with CaptureQueriesContext(connection) as caught:
        assert left_alone(alone, now=later()) == 3
    assert len(caught) == 1

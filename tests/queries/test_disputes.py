from __future__ import annotations

import pytest

from inspection.acts.add_member import add_member
from inspection.acts.note_exposure import note_exposure
from inspection.models import Item, Job, Membership, Person
from inspection.queries import disputes
from inspection.vocabulary import Level, MemberRole, Verdict
from tests.factories import Cast, answer, claim, claim_one, item, job, person

OK, NG, UNSURE = Verdict


@pytest.fixture
def covers(cast: Cast) -> Job:
    return job(cast, level=Level.SHADOW)


def disputed(covers: Job, first: Person, second: Person) -> Item:
    """A part on which these two differ."""
    made = item(covers, score=0.02)
    answer(claim_one(covers, first), NG)
    answer(claim_one(covers, second), OK)
    return made


def waits(covers: Job) -> tuple[int, int]:
    return disputes.waiting(covers), disputes.left_alone(covers)


def test_a_dispute_of_inspectors_waits_for_whoever_leads_the_job(covers: Job, cast: Cast) -> None:
    disputed(covers, cast.inspector, cast.inspector2)
    assert waits(covers) == (1, 0)


def test_one_who_has_not_judged_is_enough(covers: Job, cast: Cast) -> None:
    disputed(covers, cast.inspector, cast.manager)
    assert waits(covers) == (1, 0)
    assert claim(covers, cast.manager, adjudication=True) == []
    assert len(claim(covers, cast.admin, adjudication=True)) == 1


def test_nobody_settles_a_dispute_of_their_own_though_nobody_else_is_left(covers: Job, cast: Cast) -> None:
    """Whoever had said NG could else say it twice and be called two people."""
    disputed(covers, cast.manager, cast.admin)
    assert waits(covers) == (1, 1)
    assert claim(covers, cast.manager, adjudication=True) == claim(covers, cast.admin, adjudication=True) == []


def test_another_quality_manager_settles_it(covers: Job, cast: Cast) -> None:
    disputed(covers, cast.manager, cast.admin)
    add_member(job=covers, username=person("second").username, role=MemberRole.MANAGER)
    assert waits(covers) == (1, 0)
    answer(claim_one(covers, Person.objects.get(username="second"), adjudication=True), NG)
    assert waits(covers) == (0, 0)


def test_who_has_left_or_does_not_exist_settles_nothing(covers: Job, cast: Cast) -> None:
    disputed(covers, cast.inspector, cast.manager)
    Person.objects.filter(pk=cast.admin.pk).update(is_active=False)
    assert waits(covers) == (1, 1)
    Person.objects.filter(pk=cast.admin.pk).update(is_active=True, simulated=True)
    assert waits(covers) == (1, 1)
    Membership.objects.filter(person=cast.admin).delete()
    assert waits(covers) == (1, 1)


def test_a_verdict_that_was_taken_back_leaves_somebody(covers: Job, cast: Cast) -> None:
    disputed(covers, cast.manager, cast.admin)
    cast.admin.verdicts.update(undone_at=covers.created_at)
    assert waits(covers) == (1, 0)


def test_who_knows_the_ai_settles_it_where_only_inspectors_do_not(covers: Job, cast: Cast) -> None:
    """Inspectors may not adjudicate; a dispute waited for their open minds for ever."""
    made = disputed(covers, cast.manager, cast.inspector)
    note_exposure(person=cast.admin, items=[made.pk])
    assert len(claim(covers, cast.admin, adjudication=True)) == 1


def test_who_knows_the_ai_waits_for_a_leader_who_does_not(covers: Job, cast: Cast) -> None:
    made = disputed(covers, cast.inspector2, cast.inspector)
    note_exposure(person=cast.admin, items=[made.pk])
    assert claim(covers, cast.admin, adjudication=True) == []
    assert len(claim(covers, cast.manager, adjudication=True)) == 1

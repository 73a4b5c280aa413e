from __future__ import annotations

import uuid

import pytest
from django.utils import timezone

from inspection.acts.give_reading import take_back
from inspection.models import (
    Decision,
    Evidence,
    HandOut,
    Job,
    Person,
    Review,
    Study,
    StudyAppraiser,
    StudyReading,
    StudyTurn,
    VerdictGiven,
)
from inspection.queries import studies
from inspection.queries.own_work import judged_today
from inspection.refused import Refused
from tests import factories, study
from tests.stage import results, together
from tests.study import NG, OK

pytestmark = pytest.mark.django_db


@pytest.fixture
def covers(cast: factories.Cast) -> Job:
    return factories.job(cast)


@pytest.fixture
def made(covers: Job, cast: factories.Cast) -> Study:
    return study.running(covers, cast)


def undo(turn: StudyTurn, person: Person) -> StudyTurn:
    return take_back(turn=turn, person=person, lease=turn.lease, new_lease=uuid.uuid4(), now=timezone.now())


def test_a_reading_is_kept_and_the_next_part_is_due(made: Study, cast: factories.Cast) -> None:
    turn = study.due(made, cast.inspector)
    given = study.say(turn, cast.inspector, NG, labels=("dent",))
    assert (given.created, given.reading.verdict, given.reading.labels) == (True, NG, ["dent"])
    assert study.due(made, cast.inspector).place == turn.place + 1
    assert study.due(made, cast.inspector2).place == 1


def test_the_next_trial_begins_when_this_one_is_through(made: Study, cast: factories.Cast) -> None:
    mine = study.appraiser(made, cast.inspector)
    assert {turn.trial for turn in studies.due(mine, most=36)} == {1}
    later = StudyTurn.objects.filter(appraiser=mine, trial=2).first()
    assert later is not None
    with pytest.raises(Refused, match="trial_not_reached"):
        study.say(later, cast.inspector)
    study.read(made, cast.inspector, study.right, most=6)
    assert [turn.trial for turn in studies.due(mine, most=36)] == [2] * 6
    study.read(made, cast.inspector, study.right)
    assert (studies.due(mine, most=36), studies.progress(mine).through) == ([], True)


def test_the_same_delivery_twice_changes_nothing(made: Study, cast: factories.Cast) -> None:
    turn = study.due(made, cast.inspector)
    first = study.say(turn, cast.inspector, OK, key="k")
    again = study.say(turn, cast.inspector, OK, key="k")
    assert (again.created, again.reading.pk, StudyReading.objects.count()) == (False, first.reading.pk, 1)
    with pytest.raises(Refused, match="client_key_reused"):
        study.say(turn, cast.inspector, NG, key="k")
    with pytest.raises(Refused, match="already_answered"):
        study.say(turn, cast.inspector, NG)


def test_somebody_elses_turn_cannot_be_answered(made: Study, cast: factories.Cast) -> None:
    with pytest.raises(StudyAppraiser.DoesNotExist):
        study.say(study.due(made, cast.inspector), cast.inspector2)
    assert StudyReading.objects.count() == 0


def test_a_reading_that_is_taken_back_stays_as_a_row_and_counts_no_more(made: Study, cast: factories.Cast) -> None:
    turn = study.due(made, cast.inspector)
    study.say(turn, cast.inspector, NG)
    old = turn.lease
    back = undo(turn, cast.inspector)
    assert study.due(made, cast.inspector).pk == turn.pk
    turn.lease = old
    with pytest.raises(Refused, match="lease_lost"):
        study.say(turn, cast.inspector, OK)
    turn.lease = back.lease
    study.say(turn, cast.inspector, OK)
    rows = StudyReading.objects.order_by("pk")
    assert [(row.verdict, row.undone_at is None) for row in rows] == [(NG, False), (OK, True)]
    assert studies.taken_back(made) == {turn.appraiser_id: 1}


def test_taking_back_twice_is_once(made: Study, cast: factories.Cast) -> None:
    turn = study.due(made, cast.inspector)
    study.say(turn, cast.inspector, NG)
    old, new = turn.lease, uuid.uuid4()
    for _ in range(2):
        take_back(turn=turn, person=cast.inspector, lease=old, new_lease=new, now=timezone.now())
    assert (StudyReading.objects.exclude(undone_at=None).count(), study.due(made, cast.inspector).lease) == (1, new)
    with pytest.raises(Refused, match="lease_lost"):
        undo(study.due(made, cast.inspector), cast.inspector)


def test_once_the_next_trial_has_begun_the_one_before_stands(made: Study, cast: factories.Cast) -> None:
    study.read(made, cast.inspector, study.right, most=5)
    last = study.due(made, cast.inspector)
    study.say(last, cast.inspector)
    study.say(study.due(made, cast.inspector), cast.inspector)
    with pytest.raises(Refused, match="built_upon"):
        undo(last, cast.inspector)


def test_nothing_of_a_study_reaches_the_production(covers: Job, made: Study, cast: factories.Cast) -> None:
    tables = (Decision, Evidence, Review, HandOut, VerdictGiven)
    before = [table.objects.count() for table in tables]
    today = judged_today(person=cast.inspector, job=covers, now=timezone.now())
    states = list(covers.items.values_list("pk", "state", "decision"))
    study.read(made, cast.inspector, lambda _part, _trial: NG)
    assert [table.objects.count() for table in tables] == before
    assert judged_today(person=cast.inspector, job=covers, now=timezone.now()) == today
    assert list(covers.items.values_list("pk", "state", "decision")) == states


@pytest.fixture
def everybody(transactional_db: None) -> factories.Cast:
    return factories.people()


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_answer_at_once_make_one_reading(everybody: factories.Cast) -> None:
    made = study.running(factories.job(everybody), everybody)
    turn = study.due(made, everybody.inspector)
    given = results(together([lambda: study.say(turn, everybody.inspector, key="k")] * 4))
    assert sorted(one.created for one in given) == [False, False, False, True]
    assert StudyReading.objects.count() == 1

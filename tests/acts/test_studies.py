from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from inspection import walk
from inspection.acts.add_sample import NewSample, add_sample
from inspection.acts.create_study import NewStudy, Picked, create_study
from inspection.acts.end_study import cancel_study, close_study
from inspection.acts.start_study import start_study
from inspection.models import Job, Membership, Study, StudyReading, StudyTurn
from inspection.queries.study_parts import offer
from inspection.refused import Refused
from inspection.vocabulary import SampleKind, StandardBy, StudyState, Verdict
from tests import factories, first_pixel, study
from tests.study import NG, OK

pytestmark = pytest.mark.django_db
NEW = NewStudy(name="Spring", appraisers=("inspector", "inspector2"), parts=Picked(n=6, seed="a"), trials=2, ai=False)


@pytest.fixture
def covers(cast: factories.Cast) -> Job:
    return factories.job(cast)


def code(job: Job, cast: factories.Cast, **changed: Any) -> str:
    """With which code a design is refused; nothing is left of it."""
    with pytest.raises(Refused) as refused:
        create_study(job=job, new=replace(NEW, **changed), by=cast.manager, now=timezone.now())
    assert Study.objects.count() == 0
    return refused.value.code


def test_a_study_is_made_of_known_parts_whose_standards_are_frozen(covers: Job, cast: factories.Cast) -> None:
    items = study.known(covers, cast, OK, OK, OK, OK, NG, NG)
    made = create_study(job=covers, new=NEW, by=cast.manager, now=timezone.now())
    assert (made.state, made.seed, made.parts.count()) == (StudyState.DRAFT, "a", 6)
    rows = {part.item_id: (part.verdict, part.standard_by, part.vouched_by) for part in made.parts.all()}
    assert rows == {
        item.pk: (verdict, StandardBy.KNOWN, cast.admin)
        for item, verdict in zip(items, [OK, OK, OK, OK, NG, NG], strict=True)
    }
    assert [one.person for one in made.appraisers.all()] == [cast.inspector, cast.inspector2]
    assert StudyTurn.objects.count() == 0


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"name": " "}, "bad_name"),
        ({"trials": 6}, "bad_trials"),
        ({"parts": Picked(n=4, seed="a")}, "bad_count"),
        ({"parts": Picked(n=7, seed="a")}, "too_few_parts"),
        ({"parts": Picked(n=6, seed="a\nb")}, "bad_seed"),
        ({"appraisers": ()}, "no_appraisers"),
        ({"appraisers": ("inspector", "inspector")}, "appraiser_twice"),
        ({"appraisers": ("inspector", "outsider")}, "not_a_member"),
        ({"appraisers": ("service",)}, "not_a_member"),
        ({"ai": True}, "no_model"),
        ({"parts": [uuid.uuid4()]}, "unknown_part"),
    ],
)
def test_a_design_that_cannot_work_is_refused(
    covers: Job, cast: factories.Cast, changed: dict[str, Any], expected: str
) -> None:
    study.known(covers, cast, OK, OK, OK, OK, NG, NG)
    assert code(covers, cast, **changed) == expected


def test_a_study_without_bad_or_without_good_parts_is_refused(covers: Job, cast: factories.Cast) -> None:
    good = [item.pk for item in study.known(covers, cast, OK, OK, OK, OK, OK)]
    bad = [item.pk for item in study.known(covers, cast, NG, NG, NG, NG, NG)]
    assert code(covers, cast, parts=good) == "no_bad_parts"
    assert code(covers, cast, parts=bad) == "no_good_parts"
    assert code(covers, cast, parts=[*good, *bad, good[0]]) == "part_twice"


def test_the_same_picture_under_two_serials_is_one_part(covers: Job, cast: factories.Cast) -> None:
    items = study.known(covers, cast, OK, OK, OK, OK, NG)
    twin = factories.take_in(covers, data=factories.picture(5), serial="A")
    again = factories.take_in(covers, data=factories.picture(5), serial="B")
    for _ in range(2):
        factories.answer(factories.claim_one(covers, cast.inspector), OK)
    assert code(covers, cast, parts=[*(item.pk for item in items), twin.pk, again.pk], vouched=True) == "part_twice"


def test_a_part_that_one_person_alone_has_judged_needs_somebody_who_vouches(covers: Job, cast: factories.Cast) -> None:
    items = [*study.known(covers, cast, OK, OK, OK, NG), study.decided(covers, cast, NG)]
    wanted = [item.pk for item in items]
    assert code(covers, cast, parts=wanted) == "in_doubt"
    made = create_study(job=covers, new=replace(NEW, parts=wanted, vouched=True), by=cast.manager, now=timezone.now())
    last = made.parts.last()
    assert last is not None
    assert (last.item, last.standard_by, last.vouched_by) == (items[-1], StandardBy.VOUCHED, cast.manager)


def test_a_part_that_is_asked_about_or_stands_in_the_book_is_refused(covers: Job, cast: factories.Cast) -> None:
    items = study.known(covers, cast, OK, OK, OK, NG, NG)
    waits = factories.take_in(covers)
    assert code(covers, cast, parts=[*(item.pk for item in items), waits.pk]) == "not_decided"
    factories.take_in(covers, data=factories.picture(1000 * covers.pk), serial="twin-of-the-first")
    assert code(covers, cast, parts=[item.pk for item in items]) == "asked_already"


def test_what_is_offered_leaves_out_what_is_asked_about_and_what_stands_in_the_book(
    covers: Job, cast: factories.Cast
) -> None:
    first, second, third = (study.decided(covers, cast) for _ in range(3))
    assert offer(covers, vouched=False) == []
    assert {one.item for one in offer(covers, vouched=True)} == {first, second, third}
    new = NewSample(kind=SampleKind.GOLDEN)
    add_sample(job=covers, new=new, shown=first, by=cast.manager, now=timezone.now())
    factories.take_in(covers, data=factories.picture(1000 * covers.pk + 1), serial="twin-of-the-second")
    assert [one.item for one in offer(covers, vouched=True)] == [third]


def test_a_picture_of_a_study_stays_out_of_the_label_book_until_the_end(covers: Job, cast: factories.Cast) -> None:
    items = [study.decided(covers, cast, verdict) for verdict in (OK, OK, OK, OK, NG)]
    new = replace(NEW, parts=[item.pk for item in items], vouched=True)
    made = create_study(job=covers, new=new, by=cast.manager, now=timezone.now())
    golden = NewSample(kind=SampleKind.GOLDEN)
    with pytest.raises(Refused, match="in_study"):
        add_sample(job=covers, new=golden, shown=items[0], by=cast.manager, now=timezone.now())
    cancel_study(study=made, by=cast.manager, reason="wrong lamp", now=timezone.now())
    add_sample(job=covers, new=golden, shown=items[0], by=cast.manager, now=timezone.now())


def test_two_people_who_said_the_same_are_a_standard(covers: Job, cast: factories.Cast) -> None:
    covers = factories.job(cast, slug="twice", shares={"double_share": 1.0})
    item = factories.take_in(covers)
    factories.answer(factories.claim_one(covers, cast.inspector), NG, labels=("dent",))
    factories.answer(factories.claim_one(covers, cast.inspector2), NG, labels=("dent",))
    [one] = offer(covers, vouched=True)
    assert (one.item, one.verdict, one.by, one.person) == (item, NG, StandardBy.PEOPLE, None)


def test_started_everybody_gets_every_part_in_every_trial_in_an_order_of_its_own(
    covers: Job, cast: factories.Cast
) -> None:
    made = study.running(covers, cast)
    orders = {
        (who, trial): tuple(StudyTurn.objects.filter(appraiser=who, trial=trial).values_list("part", flat=True))
        for who in made.appraisers.all()
        for trial in (1, 2)
    }
    assert {tuple(sorted(order)) for order in orders.values()} == {tuple(made.parts.values_list("pk", flat=True))}
    assert len(set(orders.values())) > 1


def test_a_study_starts_once_and_with_members_alone(covers: Job, cast: factories.Cast) -> None:
    study.known(covers, cast, OK, OK, OK, OK, NG, NG)
    made = study.draft(covers, cast)
    gone = Membership.objects.get(job=covers, person=cast.inspector2)
    gone.delete()
    with pytest.raises(Refused, match="not_a_member"):
        start_study(study=made, by=cast.manager, now=timezone.now())
    made.refresh_from_db()
    assert (made.state, StudyTurn.objects.count()) == (StudyState.DRAFT, 0)
    Membership.objects.create(job=covers, person=cast.inspector2, role=gone.role)
    walk.start_study(study=made, by=cast.manager)
    with pytest.raises(Refused, match="not_a_draft"):
        walk.start_study(study=made, by=cast.manager)
    assert StudyTurn.objects.count() == 24


def test_the_ai_of_a_study_is_the_one_that_is_live_when_it_starts(covers: Job, cast: factories.Cast) -> None:
    factories.champion(covers, factories.bundle(covers, score=0.1))
    study.known(covers, cast, OK, OK, OK, OK, NG, NG)
    made = study.draft(covers, cast, ai=True)
    newer = factories.champion(covers, factories.bundle(covers, score=0.9))
    made.job.refresh_from_db()
    walk.start_study(study=made, by=cast.manager)
    assert made.appraisers.get(person=None).model == newer


def test_the_worker_asks_the_ai_anew_in_every_trial(
    covers: Job, cast: factories.Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PREDICT_BATCH = 4
    factories.champion(covers, factories.bundle(covers, score=0.9))
    made = study.running(covers, cast, ai=True)
    kept = []
    while n := walk.read_study(made.pk):
        kept.append(n)
    assert kept == [4, 2, 4, 2]
    readings = StudyReading.objects.filter(appraiser__person=None)
    assert set(readings.values_list("verdict", "score", "fault")) == {(NG, 0.9, "")}


def test_an_ai_that_gives_no_answer_is_unsure_and_says_why(covers: Job, cast: factories.Cast) -> None:
    version = factories.champion(covers, factories.bundle(covers, score=0.9))
    made = study.running(covers, cast, ai=True, trials=1)
    version.digest = "0" * 64
    version.save()
    assert walk.read_study(made.pk) == 6
    row = StudyReading.objects.filter(appraiser__person=None).first()
    assert row is not None
    assert (row.verdict, row.score) == (Verdict.UNSURE, None)
    assert row.fault


@pytest.mark.usefixtures("first_pixel")
def test_a_picture_that_breaks_the_engine_costs_its_own_reading_alone(covers: Job, cast: factories.Cast) -> None:
    first_pixel.champion(covers)
    items = []
    for red, verdict in ((1, OK), (2, OK), (first_pixel.BREAKS, OK), (3, OK), (95, NG)):
        items.append(first_pixel.part(covers, red=red))
        factories.answer(factories.claim_one(covers, cast.inspector), verdict)
    new = replace(NEW, parts=[item.pk for item in items], vouched=True, ai=True, trials=1)
    made = create_study(job=covers, new=new, by=cast.manager, now=timezone.now())
    walk.start_study(study=made, by=cast.manager)
    assert walk.read_study(made.pk) == 5
    rows = StudyReading.objects.order_by("turn__part__number").values_list("verdict", "score", "fault")
    broken = (Verdict.UNSURE, None, "RuntimeError: the engine broke on this picture")
    assert list(rows) == [(OK, 0.01, ""), (OK, 0.02, ""), broken, (OK, 0.03, ""), (NG, 0.95, "")]


def test_the_sweeper_rings_for_a_study_that_nobody_reads(covers: Job, cast: factories.Cast) -> None:
    factories.champion(covers, factories.bundle(covers, score=0.9))
    made = study.running(covers, cast, ai=True, trials=1)
    now = timezone.now()
    assert walk.sweep(now)["studies"] == 1
    assert walk.sweep(now)["studies"] == 0
    walk.read_study(made.pk)
    Study.objects.update(rung_at=None)
    assert walk.sweep(now)["studies"] == 0


def test_a_study_that_is_closed_early_says_why(covers: Job, cast: factories.Cast) -> None:
    made = study.running(covers, cast)
    with pytest.raises(Refused, match="nothing_read"):
        study.close(made, cast.manager, reason="enough")
    study.read(made, cast.inspector, study.right)
    with pytest.raises(Refused, match="reason_missing"):
        study.close(made, cast.manager)
    study.close(made, cast.manager, reason="the other one is ill")
    assert (made.state, made.reason, made.ended_by) == (StudyState.CLOSED, "the other one is ill", cast.manager)
    with pytest.raises(Refused, match="study_not_running"):
        study.close(made, cast.manager, reason="again")


def test_a_study_that_everybody_went_through_closes_without_a_word(covers: Job, cast: factories.Cast) -> None:
    made = study.running(covers, cast)
    for person in (cast.inspector, cast.inspector2):
        study.read(made, person, study.right)
    assert study.close(made, cast.manager).state == StudyState.CLOSED


def test_a_cancelled_study_takes_no_answer_any_more(covers: Job, cast: factories.Cast) -> None:
    made = study.running(covers, cast)
    turn = study.due(made, cast.inspector)
    with pytest.raises(Refused, match="reason_missing"):
        cancel_study(study=made, by=cast.manager, reason=" ", now=timezone.now())
    cancel_study(study=made, by=cast.manager, reason="wrong parts", now=timezone.now())
    with pytest.raises(Refused, match="study_not_running"):
        study.say(turn, cast.inspector)
    with pytest.raises(Refused, match="study_over"):
        cancel_study(study=made, by=cast.manager, reason="again", now=timezone.now())
    with pytest.raises(Refused, match="study_not_running"):
        close_study(study=made, by=cast.manager, reason="so", now=timezone.now())

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from inspection.acts.reopen_item import reopen_item
from inspection.models import Item, Job, VerdictGiven
from inspection.queries import own_work
from inspection.vocabulary import Level, Verdict
from tests.factories import Cast, answer, claim_one, item, job, let_stand, take_in, undo

OK, NG, UNSURE = Verdict
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def work(covers: Job, cast: Cast, *moments: datetime, seconds: float | None = None) -> None:
    """Verdicts of the inspector at these moments."""
    for moment in moments:
        take_in(covers)
        given = answer(claim_one(covers, cast.inspector)).given
        VerdictGiven.objects.filter(pk=given.pk).update(at=moment, seconds=seconds)


def day(covers: Job, cast: Cast, now: datetime = NOON + timedelta(hours=3)) -> own_work.Day:
    return own_work.day(person=cast.inspector, job=covers, now=now)


def every(minutes: float, count: int, start: datetime = NOON) -> list[datetime]:
    return [start + number * timedelta(minutes=minutes) for number in range(count)]


def test_the_pace_is_counted_over_the_time_at_work(cast: Cast) -> None:
    covers = job(cast)
    work(covers, cast, *every(1, 7), *every(1, 7, NOON + timedelta(hours=1)), seconds=20)
    found = day(covers, cast)
    assert (found.judged, found.per_hour, found.median_seconds) == (14, 60, 20)


def test_before_five_minutes_of_work_there_is_no_pace(cast: Cast) -> None:
    covers = job(cast)
    work(covers, cast, *every(1, 5))
    assert (day(covers, cast).per_hour, day(covers, cast).median_seconds) == (None, None)


def test_hours_are_those_of_the_jobs_clock_without_gaps(cast: Cast) -> None:
    covers = job(cast)
    Job.objects.filter(pk=covers.pk).update(time_zone="Asia/Ho_Chi_Minh")
    covers.refresh_from_db()
    work(covers, cast, NOON, NOON, NOON + timedelta(hours=2))
    assert day(covers, cast).by_hour == {19: 2, 20: 0, 21: 1}


def test_a_new_day_begins_at_midnight_of_the_jobs_clock(cast: Cast) -> None:
    covers = job(cast)
    work(covers, cast, NOON - timedelta(days=1), NOON)
    assert day(covers, cast).by_hour == {12: 1}


def test_what_was_taken_back_and_what_others_judged_does_not_count(cast: Cast) -> None:
    covers = job(cast)
    work(covers, cast, NOON)
    for who in (cast.inspector, cast.inspector2):
        take_in(covers)
        given = answer(claim_one(covers, who))
        if who == cast.inspector:
            undo(given)
    assert own_work.day(person=cast.inspector, job=covers, now=NOON).judged == 1


def judged_by_two(cast: Cast, first: Verdict, second: Verdict) -> Job:
    covers = job(cast, level=Level.SHADOW)
    item(covers, score=0.02)
    answer(claim_one(covers, cast.inspector), first)
    answer(claim_one(covers, cast.inspector2), second)
    return covers


def seen(covers: Job, cast: Cast, who: str = "inspector") -> tuple[int, list[str]]:
    now = timezone.now()
    found = own_work.outcomes(person=getattr(cast, who), job=covers, now=now)
    return found.looked_again, [row.verdict for row in found.changed]


def test_who_was_confirmed_hears_that_nothing_was_changed(cast: Cast) -> None:
    covers = judged_by_two(cast, NG, NG)
    assert seen(covers, cast) == (0, [])
    let_stand()
    assert seen(covers, cast) == (1, [])


def test_nothing_is_told_before_it_is_settled(cast: Cast) -> None:
    covers = judged_by_two(cast, NG, OK)
    let_stand()
    assert [seen(covers, cast, who) for who in ("inspector", "inspector2")] == [(0, []), (0, [])]
    answer(claim_one(covers, cast.manager, adjudication=True), OK)
    assert [seen(covers, cast, who) for who in ("inspector", "inspector2")] == [(1, [NG]), (1, [])]


def test_a_part_that_was_opened_again_says_nothing_until_it_is_answered(cast: Cast) -> None:
    covers = judged_by_two(cast, NG, NG)
    let_stand()
    reopen_item(item=Item.objects.get(), reason="a customer asks", by=cast.admin, now=timezone.now())
    assert seen(covers, cast) == (0, [])
    answer(claim_one(covers, cast.manager), OK)
    assert seen(covers, cast) == (0, []), "one who sides with the AI overrules no two"
    answer(claim_one(covers, cast.admin, adjudication=True), OK)
    assert seen(covers, cast) == (1, [NG])


def test_a_part_of_which_the_adjudicator_is_unsure_says_nothing_of_anybody(cast: Cast) -> None:
    covers = judged_by_two(cast, NG, OK)
    answer(claim_one(covers, cast.manager, adjudication=True), UNSURE)
    let_stand()
    assert seen(covers, cast) == (0, [])


def test_a_part_that_nobody_else_looked_at_is_none_of_them(cast: Cast) -> None:
    covers = job(cast, level=Level.SHADOW)
    item(covers, score=0.02)
    answer(claim_one(covers, cast.inspector), OK)
    let_stand()
    assert seen(covers, cast) == (0, [])

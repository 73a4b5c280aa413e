"""Who decided the parts of a day: the page of the job and the report on agreement say the same of the same job."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from inspection.acts.summarise import summarise
from inspection.models import Decision, Item, Job, VerdictGiven
from inspection.queries.agreement import Wanted
from inspection.queries.agreement_cells import Counts
from inspection.queries.agreement_line import Told, line_of
from inspection.queries.jobs import overviews
from inspection.vocabulary import DecidedBy, Level, Verdict
from tests.factories import Cast, answer, claim_one, item, job, undo

pytestmark = pytest.mark.django_db
OK, NG, UNSURE = Verdict


@pytest.fixture
def covers(cast: Cast) -> Job:
    return job(cast, level=Level.FULL)


def today_on_the_job_page(cast: Cast) -> Told:
    [one] = overviews(cast.manager, now=timezone.now())
    return Told(parts=one.decided_today, by_ai=one.by_ai_today, overturned=one.overturned_today)


def reported(covers: Job, **wanted: date | str) -> Told:
    """What the report says, of today unless other days are named."""
    days = {"first_day": timezone.now().date(), "last_day": timezone.now().date()}
    found = line_of(covers, Wanted(**{**days, **wanted}), Counts(covers).mark)  # type: ignore[arg-type]
    return Told(parts=found.automated.n, by_ai=found.automated.k, overturned=found.overturned)


def overturn(covers: Job, cast: Cast) -> None:
    """The AI passes a part, an audit and a second person reject it."""
    item(covers, score=0.02, audit=True)
    answer(claim_one(covers, cast.inspector), NG, labels=("scratch",))
    answer(claim_one(covers, cast.inspector2), NG, labels=("scratch",))


def settle_a_hold(covers: Job, cast: Cast) -> None:
    """A part on which the first person could not tell, and the second could."""
    item(covers, score=0.5)
    answer(claim_one(covers, cast.inspector), UNSURE)
    answer(claim_one(covers, cast.inspector2), OK)


def a_mixed_day(covers: Job, cast: Cast) -> None:
    """Three parts decided by the AI and one of them overturned; one by a person who thought again; one on hold, one
    that was."""
    item(covers, score=0.02)
    item(covers, score=0.97)
    overturn(covers, cast)
    item(covers, score=0.5)
    first = answer(claim_one(covers, cast.inspector), NG, labels=("scratch",))
    answer(undo(first), OK)
    settle_a_hold(covers, cast)
    item(covers, score=0.5)
    answer(claim_one(covers, cast.inspector), UNSURE)


def count_all(covers: Job) -> None:
    """Let the sweeper count everything, as if it were all too old to be taken back."""
    for rows in (Decision.objects, VerdictGiven.objects):
        rows.update(at=timezone.now() - timedelta(hours=1))
    while summarise(now=timezone.now(), least=1, most=1000):
        pass
    assert Counts(covers).mark.decision == Decision.objects.latest("id").pk


@pytest.mark.parametrize("kept", [False, True])
def test_the_page_of_the_job_and_the_report_count_the_same(covers: Job, cast: Cast, kept: bool) -> None:
    a_mixed_day(covers, cast)
    if kept:
        count_all(covers)
    expected = Told(parts=5, by_ai=3, overturned=1)
    assert (today_on_the_job_page(cast), reported(covers)) == (expected, expected)


def test_a_decision_of_the_ai_that_was_overturned_does_not_vanish(covers: Job, cast: Cast) -> None:
    overturn(covers, cast)
    assert Decision.objects.filter(by=DecidedBy.AI, superseded_by=None).count() == 0
    assert reported(covers) == Told(parts=1, by_ai=1, overturned=1)


def test_a_part_counts_on_the_day_on_which_it_was_decided_first(covers: Job, cast: Cast) -> None:
    overturn(covers, cast)
    Decision.objects.filter(by=DecidedBy.AI).update(at=timezone.now() - timedelta(days=1))
    yesterday = timezone.now().date() - timedelta(days=1)
    assert today_on_the_job_page(cast) == reported(covers) == Told(parts=0, by_ai=0, overturned=0)
    assert reported(covers, first_day=yesterday, last_day=yesterday) == Told(parts=1, by_ai=1, overturned=1)


def test_what_was_found_right_after_all_is_not_overturned(covers: Job, cast: Cast) -> None:
    item(covers, score=0.02, audit=True)
    answer(claim_one(covers, cast.inspector), NG, labels=("scratch",))
    answer(claim_one(covers, cast.inspector2), OK)
    answer(claim_one(covers, cast.manager, adjudication=True), OK)
    assert Item.objects.get().decision.by == DecidedBy.ADJUDICATOR  # type: ignore[union-attr]
    assert today_on_the_job_page(cast) == reported(covers) == Told(parts=1, by_ai=1, overturned=0)


def test_while_somebody_is_asked_nobody_reads_that_it_was_overturned(covers: Job, cast: Cast) -> None:
    item(covers, score=0.02, audit=True)
    answer(claim_one(covers, cast.inspector), NG, labels=("scratch",))
    assert today_on_the_job_page(cast) == reported(covers) == Told(parts=1, by_ai=1, overturned=0)
    answer(claim_one(covers, cast.inspector2), NG, labels=("scratch",))
    assert today_on_the_job_page(cast) == reported(covers) == Told(parts=1, by_ai=1, overturned=1)


def test_a_verdict_that_was_taken_back_counts_its_part_no_second_time(covers: Job, cast: Cast) -> None:
    item(covers, score=0.5)
    first = answer(claim_one(covers, cast.inspector), NG, labels=("scratch",))
    answer(undo(first), OK)
    assert today_on_the_job_page(cast) == reported(covers) == Told(parts=1, by_ai=0, overturned=0)


def test_a_part_on_hold_is_decided_once_it_is_settled(covers: Job, cast: Cast) -> None:
    settle_a_hold(covers, cast)
    assert today_on_the_job_page(cast) == reported(covers) == Told(parts=1, by_ai=0, overturned=0)


def test_station_and_shift_narrow_what_was_overturned_too(covers: Job, cast: Cast) -> None:
    overturn(covers, cast)
    Item.objects.update(station="S1", shift="early")
    assert reported(covers, station="S1", shift="early").overturned == 1
    assert reported(covers, station="S2") == reported(covers, shift="late") == Told(parts=0, by_ai=0, overturned=0)


def test_where_captured_time_counts_the_report_goes_by_the_picture(covers: Job, cast: Cast) -> None:
    overturn(covers, cast)
    march = timezone.now().replace(year=2025, month=3, day=2)
    Item.objects.update(captured_at=march)
    Job.objects.update(captured_time=True)
    covers.refresh_from_db()
    assert reported(covers) == Told(parts=0, by_ai=0, overturned=0)
    assert reported(covers, first_day=march.date(), last_day=march.date()) == Told(parts=1, by_ai=1, overturned=1)

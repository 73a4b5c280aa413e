from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inspection.models import Decision, Job
from inspection.queries.jobs import midnight, of_person, overviews
from inspection.vocabulary import Level, MemberRole, Verdict
from tests import first_pixel
from tests.factories import Cast, answer, claim_one, item, job, take_in

pytestmark = pytest.mark.usefixtures("first_pixel")


def queries(cast: Cast) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        overviews(cast.manager, now=timezone.now())
    return len(captured)


def test_a_person_sees_the_own_jobs_only_with_the_own_role(cast: Cast) -> None:
    for slug in ("plates", "covers"):
        job(cast, slug=slug)
    seen = overviews(cast.manager, now=timezone.now())
    assert [(one.job.slug, one.role) for one in seen] == [
        ("covers", MemberRole.MANAGER),
        ("plates", MemberRole.MANAGER),
    ]
    assert [*of_person(cast.outsider)] == overviews(cast.outsider, now=timezone.now()) == []


def test_the_figures_are_those_of_each_job(cast: Cast) -> None:
    covers, plates = job(cast, level=Level.FULL), job(cast, slug="plates")
    item(covers, score=0.97)
    item(covers, score=0.02, audit=True)
    item(covers, score=0.5)
    first_pixel.champion(covers)
    first_pixel.part(covers, red=3)
    take_in(plates)
    answer(claim_one(plates, cast.inspector), Verdict.UNSURE)
    first, second = overviews(cast.manager, now=timezone.now())
    assert (first.queue, first.with_ai, first.decided_today, first.ng_today, first.by_ai_today, first.held) == (
        *(2, 1, 2, 1),
        *(2, 0),
    )
    assert (second.queue, second.with_ai, second.decided_today, second.held) == (1, 0, 0, 1)


def test_an_audit_that_contradicts_counts_the_part_no_second_time(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    item(covers, score=0.02, audit=True)
    answer(claim_one(covers, cast.inspector), Verdict.NG)
    [one] = overviews(cast.manager, now=timezone.now())
    assert one.decided_today == 1


def test_yesterdays_decisions_are_not_todays(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    item(covers, score=0.02)
    Decision.objects.update(at=midnight(covers, timezone.now()) - timedelta(seconds=1))
    [one] = overviews(cast.manager, now=timezone.now())
    assert one.decided_today == 0


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", datetime(2026, 3, 1, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2026, 3, 1, 18, 30, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2026, 3, 1, 8, tzinfo=UTC)),
    ],
)
def test_the_day_is_the_jobs_own(zone: str, expected: datetime) -> None:
    assert midnight(Job(time_zone=zone), datetime(2026, 3, 1, 20, 0, tzinfo=UTC)) == expected


def test_the_list_takes_the_same_queries_for_one_job_and_for_six(cast: Cast) -> None:
    item(job(cast, slug="a", level=Level.FULL), score=0.5)
    one = queries(cast)
    for slug in "bcdef":
        item(job(cast, slug=slug, level=Level.FULL), score=0.5)
    assert queries(cast) == one


def test_nobody_sees_from_the_queue_that_somebody_else_was_asked(cast: Cast) -> None:
    covers = job(cast)
    take_in(covers)
    answer(claim_one(covers, cast.inspector), Verdict.UNSURE)
    waiting = [overviews(who, now=timezone.now())[0].queue for who in (cast.inspector, cast.inspector2)]
    assert waiting == [0, 1]

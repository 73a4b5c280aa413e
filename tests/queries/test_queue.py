from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inspection.acts.note_exposure import note_exposure
from inspection.models import Job, Review
from inspection.queries import queue
from tests.factories import Cast, claim, claim_one, job, take_in


@pytest.fixture
def covers(cast: Cast) -> Job:
    return job(cast)


def found(covers: Job, cast: Cast, *, most: int) -> list[Review]:
    with transaction.atomic():
        return queue.candidates(job=covers, person=cast.inspector, most=most, now=timezone.now())


def test_the_queue_runs_by_age(covers: Job, cast: Cast) -> None:
    items = [take_in(covers) for _ in range(3)]
    assert [review.item for review in found(covers, cast, most=2)] == items[:2]
    assert found(covers, cast, most=0) == []


def test_what_somebody_holds_is_not_free(covers: Job, cast: Cast) -> None:
    take_in(covers)
    claim_one(covers, cast.inspector2)
    assert found(covers, cast, most=9) == []


def test_what_is_in_hand_is_told_job_by_job_or_altogether(covers: Job, cast: Cast) -> None:
    plates = job(cast, slug="plates")
    for one in (covers, plates):
        take_in(one)
        claim_one(one, cast.inspector)
    with transaction.atomic():
        assert [review.job.slug for review in queue.held_by(person=cast.inspector)] == ["covers", "plates"]
        assert [review.job.slug for review in queue.held_by(person=cast.inspector, job=plates)] == ["plates"]
        assert queue.held_by(person=cast.inspector2) == []


def test_looking_for_work_takes_the_same_queries_in_a_long_queue(covers: Job, cast: Cast) -> None:
    take_in(covers)
    counts = []
    for size in (1, 20):
        while Review.objects.count() < size:
            take_in(covers)
        with CaptureQueriesContext(connection) as captured:
            found(covers, cast, most=1)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_claiming_takes_a_number_of_queries_that_grows_only_with_what_is_taken(covers: Job, cast: Cast) -> None:
    for _ in range(6):
        take_in(covers)
    claim(covers, cast.inspector, hold=1)
    with CaptureQueriesContext(connection) as few:
        claim(covers, cast.inspector, hold=1)
    claim(covers, cast.inspector, hold=6)
    with CaptureQueriesContext(connection) as many:
        claim(covers, cast.inspector, hold=6)
    assert len(many) == len(few)


def test_of_what_was_passed_over_the_oldest_comes_back_first(covers: Job, cast: Cast) -> None:
    items = [take_in(covers) for _ in range(3)]
    for somebody in (cast.inspector, cast.inspector2, cast.manager, cast.admin):
        note_exposure(person=somebody, items=[part.pk for part in items[:2]])
    assert [review.item for review in found(covers, cast, most=3)] == [items[2], items[0], items[1]]

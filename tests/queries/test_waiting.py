from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from inspection.models import Item, Job
from inspection.queries import waiting
from inspection.vocabulary import Level, State
from tests import first_pixel
from tests.factories import Cast, item, job, take_in

pytestmark = pytest.mark.usefixtures("first_pixel")


@pytest.fixture
def covers(cast: Cast) -> Job:
    made = job(cast, level=Level.FULL)
    first_pixel.champion(made)
    return made


def later(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def test_what_waits_for_the_ai_comes_oldest_first_and_without_what_is_routed(covers: Job, cast: Cast) -> None:
    item(covers, score=0.02)
    items = [take_in(covers) for _ in range(3)]
    take_in(job(cast, slug="plates"))
    assert waiting.received(covers) == [part.pk for part in items]


def test_beyond_patience_is_told_job_by_job(covers: Job, cast: Cast) -> None:
    patient = job(cast, slug="patient", level=Level.FULL)
    first_pixel.champion(patient)
    Job.objects.filter(pk=patient.pk).update(patience_seconds=600)
    late, being_predicted = take_in(covers), take_in(covers)
    take_in(patient)
    Item.objects.filter(pk=being_predicted.pk).update(state=State.PREDICTING)
    assert [*waiting.beyond_patience(later(31))] == [(covers, [late.pk, being_predicted.pk])]
    assert [*waiting.beyond_patience(later(29))] == []


def test_spent_items_are_those_with_three_attempts_and_no_worker(covers: Job) -> None:
    spent, tried, working = (take_in(covers) for _ in range(3))
    Item.objects.filter(pk__in=[spent.pk, working.pk]).update(attempts=3)
    Item.objects.filter(pk=tried.pk).update(attempts=2)
    Item.objects.filter(pk=working.pk).update(state=State.PREDICTING)
    assert [*waiting.exhausted()] == [(covers, [spent.pk])]


def test_fresh_items_share_a_ring_and_those_that_were_tried_get_their_own(covers: Job, settings: Settings) -> None:
    settings.PREDICT_BATCH = 2
    items = [take_in(covers) for _ in range(5)]
    Item.objects.filter(pk__in=[items[0].pk, items[3].pk]).update(attempts=1)
    ids = [part.pk for part in items]
    now = later(60)
    assert waiting.unrung(now, before=now) == [[ids[1], ids[2]], [ids[4]], [ids[0]], [ids[3]]]


def test_what_was_rung_for_lately_is_left_alone(covers: Job) -> None:
    part = take_in(covers)
    now = later(60)
    Item.objects.update(rung_at=now - timedelta(seconds=5))
    assert waiting.unrung(now, before=now - timedelta(seconds=10)) == []
    assert waiting.unrung(now, before=now) == [[part.pk]]

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from inspection import walk
from inspection.bell import PAUSE_SECONDS, Bell, bell
from inspection.journey import predict
from inspection.models import Item, Job, Prediction, Routing
from inspection.vocabulary import Level, Reason, State
from tests import first_pixel
from tests.factories import Cast, claim, item, job, load_dice, take_in
from tests.provisions.broker import Broker

pytestmark = pytest.mark.usefixtures("first_pixel")


@pytest.fixture
def covers(cast: Cast) -> Job:
    made = job(cast, level=Level.FULL)
    first_pixel.champion(made)
    return made


@pytest.fixture
def deaf() -> Iterator[Bell]:
    """The bell on the day when Redis is gone: nobody listens at the broker's address."""
    bell._silent_until = 0.0
    yield bell
    bell._silent_until = 0.0


def later(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def found(**counts: int) -> dict[str, int]:
    names = ("orphaned", "quarantined", "late", "lapsed", "rung", "lost", "lowered", "studies", "summarised")
    return dict.fromkeys(names, 0) | counts


def test_with_nothing_to_do_the_sweeper_does_nothing(covers: Job, cast: Cast) -> None:
    assert walk.sweep(timezone.now()) == found()


@pytest.mark.django_db(transaction=True)
def test_with_the_broker_off_a_part_reaches_a_person_within_the_patience(covers: Job, cast: Cast, deaf: Bell) -> None:
    part = take_in(covers)
    load_dice(covers, [part])
    received = part.received_at
    assert (part.state, walk.sweep(received + timedelta(seconds=29))["late"]) == (State.RECEIVED, 0)
    assert walk.sweep(received + timedelta(seconds=31))["late"] == 1
    assert Routing.objects.get().reason == Reason.LATE
    assert [held.review.item for held in claim(covers, cast.inspector)] == [part]


def test_without_a_model_a_part_reaches_a_person_at_once(cast: Cast) -> None:
    part = take_in(job(cast, level=Level.SHADOW))
    assert (part.state, part.routings.get().reason) == (State.WAITING, Reason.NO_MODEL)


@pytest.mark.parametrize("patience", [5, 120])
def test_patience_is_the_jobs_own(covers: Job, patience: int) -> None:
    Job.objects.update(patience_seconds=patience)
    take_in(covers)
    assert walk.sweep(later(patience - 1))["late"] == 0
    assert walk.sweep(later(patience + 1))["late"] == 1


def test_a_long_queue_that_moves_is_no_fault(covers: Job) -> None:
    """Ten thousand pictures from a folder must not all go to people because the AI needs minutes for them."""
    answered = item(covers, score=0.02)
    take_in(covers)
    Prediction.objects.filter(item=answered).update(at=later(35))
    assert walk.sweep(later(40))["late"] == 0
    Prediction.objects.filter(item=answered).update(at=later(700))
    assert walk.sweep(later(20 * 30 + 1))["late"] == 1


def test_a_queue_that_has_stopped_moving_goes_to_people(covers: Job) -> None:
    item(covers, score=0.02)
    take_in(covers)
    assert walk.sweep(later(31))["late"] == 1


def test_a_part_on_which_a_worker_fell_silent_is_taken_back_and_rung_for_again(covers: Job) -> None:
    part = take_in(covers)
    predict.claim([str(part.pk)], now=timezone.now())
    assert walk.sweep(later(settings.PREDICT_CLAIM_SECONDS - 1)) == found()
    assert walk.sweep(later(settings.PREDICT_CLAIM_SECONDS + 1)) == found(orphaned=1, rung=1)
    part.refresh_from_db()
    assert (part.state, part.claim, part.attempts) == (State.RECEIVED, None, 1)


def test_a_bell_that_was_lost_is_rung_again(covers: Job) -> None:
    take_in(covers)
    assert walk.sweep(later(settings.RING_AGAIN_SECONDS - 1))["rung"] == 0
    assert walk.sweep(later(settings.RING_AGAIN_SECONDS + 1))["rung"] == 1
    assert walk.sweep(later(settings.RING_AGAIN_SECONDS + 2))["rung"] == 0


def test_a_part_whose_process_died_before_it_rang_is_found(covers: Job) -> None:
    take_in(covers)
    Item.objects.update(rung_at=None)
    assert walk.sweep(later(2))["rung"] == 1


def test_a_part_of_a_job_that_stepped_down_meanwhile_goes_to_people(covers: Job) -> None:
    part = take_in(covers)
    Job.objects.update(level=Level.HUMAN_ONLY)
    walk.sweep(later(settings.RING_AGAIN_SECONDS + 1))
    part.refresh_from_db()
    assert (part.state, part.routings.get().reason) == (State.WAITING, Reason.HUMAN_ONLY)


def test_a_lapsed_lease_shows_the_part_as_waiting(covers: Job, cast: Cast) -> None:
    item(covers, score=0.5)
    claim(covers, cast.inspector)
    assert walk.sweep(later(301)) == found(lapsed=1)


def test_sweeping_twice_finds_everything_once(covers: Job) -> None:
    for _ in range(3):
        take_in(covers)
    now = later(31)
    assert [walk.sweep(now)["late"], walk.sweep(now)["late"]] == [3, 0]
    assert Routing.objects.count() == 3


# ---------------------------------------------------------------- the bell


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_for_a_part_once_its_row_is_committed(covers: Job, broker: Broker) -> None:
    take_in(covers)
    assert broker.rings() == 1


def test_the_bell_does_not_ring_for_a_row_that_may_still_be_taken_back(covers: Job, broker: Broker) -> None:
    take_in(covers)
    assert broker.rings() == 0


def test_without_a_broker_the_bell_tries_once_and_then_holds_its_breath(deaf: Bell) -> None:
    assert not deaf.ring(["a"])
    begun = time.perf_counter()
    assert [deaf.ring(["a"]) for _ in range(5)] == [False] * 5
    assert time.perf_counter() - begun < PAUSE_SECONDS


def test_a_bell_that_held_its_breath_rings_again_when_the_broker_is_back(broker: Broker) -> None:
    broker.kill()
    assert not bell.ring(["a"])
    broker.start()
    assert not bell.ring(["b"])
    bell._silent_until -= PAUSE_SECONDS
    assert (bell.ring(["c"]), broker.rings()) == (True, 1)


def test_after_an_engine_broke_every_part_is_rung_for_alone(
    covers: Job, broker: Broker, django_capture_on_commit_callbacks: Any
) -> None:
    """A part that was tried before comes alone; one ring for all would bring one of them, the rest would go late."""
    items = [first_pixel.part(covers, red=red) for red in (3, 4, first_pixel.BREAKS)]
    load_dice(covers, items)
    first_pixel.judge(*items)
    with django_capture_on_commit_callbacks(execute=True):
        walk.sweep(later(2))
    assert broker.rings() == 3

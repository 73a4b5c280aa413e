from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.db import connection

from inspection import walk
from inspection.api import waiting
from inspection.models import Item, Job
from inspection.vocabulary import Level
from tests import factories
from tests.api.conftest import Caller, Callers, code


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    job = factories.job(cast, level=Level.FULL)
    factories.champion(job, factories.bundle(job, score=0.1))
    return job


@pytest.mark.django_db
@pytest.mark.parametrize("wait", ["31", "-1", "soon", "nan", "1e1", "30.1"])
def test_nobody_waits_for_ever(call: Callers, job: Job, wait: str) -> None:
    refused = call.service.send("covers", factories.picture(1), query=f"?wait={wait}")
    assert code(refused) == (422, "invalid")
    assert not Item.objects.exists()


@pytest.mark.django_db
def test_who_does_not_wait_is_answered_at_once(call: Callers, job: Job) -> None:
    for query in ("", "?wait=", "?wait=0"):
        taken = call.service.send("covers", factories.picture(1), query=query)
        assert taken.json()["state"] == "received"
        assert "Retry-After" not in taken


@pytest.mark.django_db
def test_patience_ends_with_the_item_as_it_stands(call: Callers, job: Job) -> None:
    begun = time.monotonic()
    taken = call.service.send("covers", factories.picture(1), query="?wait=0.2")
    assert (taken.status_code, taken.json()["decision"]) == (201, None)
    assert 0.2 <= time.monotonic() - begun < 5


@pytest.mark.django_db
def test_where_too_many_wait_the_answer_comes_at_once(call: Callers, job: Job) -> None:
    for _ in range(waiting.MOST_WAITERS):
        assert waiting.places.acquire(blocking=False)
    try:
        taken = call.service.send("covers", factories.picture(1), query="?wait=30")
    finally:
        for _ in range(waiting.MOST_WAITERS):
            waiting.places.release()
    assert (taken.status_code, taken["Retry-After"]) == (201, "1")
    assert Item.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_decision_comes_with_the_answer(cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.FULL)
    factories.champion(job, factories.bundle(job, score=0.1))
    caller = Caller(cast.service)
    answers: list[Any] = []

    def wait() -> None:
        answers.append(caller.send("covers", factories.picture(1), query="?wait=30"))
        connection.close()

    thread = threading.Thread(target=wait)
    thread.start()
    item = _arrived()
    factories.load_dice(job, [item])
    walk.predict_and_advance([str(item.pk)])
    thread.join(timeout=30)
    [answer] = answers
    assert (answer.status_code, answer.json()["decision"]["by"]) == (201, "ai")
    assert waiting.places.acquire(blocking=False)
    waiting.places.release()


def _arrived() -> Item:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if item := Item.objects.first():
            return item
        time.sleep(0.01)
    raise AssertionError("the picture never came in")

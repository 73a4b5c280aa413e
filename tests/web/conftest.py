from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from inspection.acts.create_job import NewJob, create_job
from inspection.acts.show_life import show_life
from inspection.models import Job, Person
from inspection.vocabulary import Level
from inspection.web.context import board
from tests import factories
from tests.stage import cast

__all__ = ["cast"]


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """The status of the system and the tries at the log-in outlive a request; they must not outlive a test."""
    cache.clear()
    board.forget()
    yield
    cache.clear()
    board.forget()


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    return factories.job(cast, level=Level.PARTIAL)


@pytest.fixture
def elsewhere(db: None) -> Person:
    """Admin of another job."""
    stranger = factories.person("elsewhere")
    create_job(new=NewJob(slug="lids", name="Lids"), by=stranger, now=timezone.now())
    return stranger


def browser_of(person: Person | None) -> Client:
    """A browser that is logged in as this person."""
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    return client


def all_works() -> None:
    """Worker and sweeper have just shown that they live."""
    for part in ("worker", "sweeper"):
        show_life(part=part, now=timezone.now())
    board.forget()

"""What every test may ask for. Nothing here is skipped where something is missing: it is brought, or the test fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.utils import timezone, translation

pytest_plugins = ["tests.provisions.broker", "tests.provisions.browser"]

# A test that asks for one of these touches the tables, and runs on both databases.
TABLES = {"db", "transactional_db", "django_db_reset_sequences", "live_server", "standing"}


# What takes longest comes first: one process had four minutes of it to do when the other one had nothing left.
LONG = ("tests/api/test_timing.py", "tests/stories/", "tests/deploy/", "tests/simulation/", "tests/inference/")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    for item in items:
        if item.get_closest_marker("django_db") or TABLES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.database)
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.pages)
    yield
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


# A Wednesday, hours away from midnight and from the changes of shift of the time zones that tests use. By the clock of
# the machine a run at midnight failed: what a test sets back by a quarter of an hour then fell on the day before.
BEGIN = datetime.fromisoformat(os.environ.get("TEST_CLOCK", "2026-11-18T10:30+00:00"))
STARTED = datetime.now(UTC)


def _now() -> datetime:
    return BEGIN + (datetime.now(UTC) - STARTED)


@pytest.fixture(autouse=True)
def by_the_clock_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run begins at the same moment, and time goes on from there. TEST_CLOCK sets another one. Processes that
    a test starts keep the clock of the machine."""
    monkeypatch.setattr(timezone, "now", _now)


@pytest.fixture(autouse=True)
def in_english() -> None:
    """A request of a test's own client leaves its language to the thread, and so to whatever test comes next."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session", autouse=True)
def data_folder() -> None:
    settings.DATA.mkdir(parents=True, exist_ok=True)

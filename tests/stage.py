"""What a test of the core stands on: the cast, and threads that begin at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connection

from tests import factories

T = TypeVar("T")
MINUTE = 60.0


@pytest.fixture
def cast(db: None) -> factories.Cast:
    return factories.people()


def together(calls: Sequence[Callable[[], T]]) -> list[Future[T]]:
    """Run each call in a thread and on a database connection of its own, all from the same moment on.

    For tests marked `django_db(transaction=True)`: other connections must see what was written before.
    """
    start = threading.Barrier(len(calls))

    def alone(call: Callable[[], T]) -> T:
        try:
            start.wait(timeout=MINUTE)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        return [pool.submit(alone, call) for call in calls]


def results(futures: Sequence[Future[T]]) -> list[T]:
    """What the calls returned; raises the first of what they raised."""
    return [future.result() for future in futures]

"""Waiting a moment for the decision: the real-time use of intake."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, field

from rest_framework.request import Request

from inspection.api.shapes import invalid
from inspection.models import Item
from inspection.vocabulary import State

LONGEST_SECONDS = 30.0
MOST_WAITERS = 8
"""A process; each of them keeps one of its threads, and inspectors need the others."""
LOOK_EVERY_SECONDS = 0.05
RETRY_AFTER_SECONDS = 1
_FINISHED = (State.DECIDED, State.HELD)

places = threading.BoundedSemaphore(MOST_WAITERS)


@dataclass(frozen=True)
class Waited:
    """The item as it stood at the end, and what the answer has to say of the waiting."""

    item: Item
    headers: dict[str, str] = field(default_factory=dict)


def seconds(request: Request) -> float:
    """How long the request wants to wait, 0 unless it says so. Raises `Refused` out of 0 to 30."""
    text = request.query_params.get("wait") or "0"
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", text) or float(text) > LONGEST_SECONDS:
        raise invalid({"wait": [f"Must be seconds from 0 to {LONGEST_SECONDS:.0f}."]})
    return float(text)


def for_decision(item: Item, *, patience: float) -> Waited:
    """The item once it is decided, or as it stands when patience ends or nobody else can be kept waiting."""
    if patience <= 0 or item.state in _FINISHED:
        return Waited(item)
    if not places.acquire(blocking=False):
        return Waited(item, {"Retry-After": str(RETRY_AFTER_SECONDS)})
    try:
        return Waited(_watch(item, until=time.monotonic() + patience))
    finally:
        places.release()


def _watch(item: Item, *, until: float) -> Item:
    """Look at the row every so often, each time by itself: no transaction is open while we sleep."""
    rows = Item.objects.filter(pk=item.pk).values_list("state", flat=True)
    while rows.get() not in _FINISHED:
        left = until - time.monotonic()
        if left <= 0:
            break
        time.sleep(min(LOOK_EVERY_SECONDS, left))
    item.refresh_from_db()
    return item

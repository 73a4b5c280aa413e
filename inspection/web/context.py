"""What every page shows whatever it is about: who is here, and whether the system works."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from inspection.permissions import may_create_jobs
from inspection.queries.health import Part, parts
from inspection.queries.restarts import Restarted, lately

KEPT_SECONDS = 5.0


@dataclass(frozen=True)
class Status:
    """What does not work, and what died lately and was started again."""

    faults: tuple[Part, ...] = ()
    restarted: tuple[Restarted, ...] = ()


class StatusBoard:
    """Looks at the parts at most every few seconds, however many pages are asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._seen: Status | None = None
        self._until = 0.0

    def status(self) -> Status:
        with self._lock:
            if self._seen is None or time.monotonic() > self._until:
                now = timezone.now()
                faults = tuple(part for part in parts(now) if not part.works)
                self._seen = Status(faults=faults, restarted=lately(settings.DATA / "run", now=now))
                self._until = time.monotonic() + KEPT_SECONDS
            return self._seen


board = StatusBoard()


def every_page(request: HttpRequest) -> dict[str, Any]:
    """Looked up only by templates that use it: the inspect page polls nothing it does not show."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    return {
        "status": SimpleLazyObject(board.status),
        "may_create_jobs": SimpleLazyObject(lambda: may_create_jobs(request.user)),
    }

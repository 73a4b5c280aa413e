"""The bell: tells the workers by way of the broker that there is something to do.

Only a bell: the rows are the queue, and the sweeper finds whatever was not rung for.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence

from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from inspection.celery import app

log = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0
"""How long nobody tries again after the broker failed, so that a burst of pictures pays the time-out once."""


class Bell:
    """Rings behind a breaker."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._silent_until = 0.0
        self._muted = False

    def mute(self) -> None:
        """Ring no more in this process: it judges what it takes in by itself, or there is no broker yet."""
        self._muted = True

    def ring(self, ids: Sequence[str]) -> bool:
        """Ring for items; False when the broker cannot be reached."""
        return self._send("inspection.tasks.predict", list(ids))

    def ring_for_study(self, study: int) -> bool:
        """Ring for what the AI has still to be asked in a study; False when the broker cannot be reached."""
        return self._send("inspection.tasks.read_study", study)

    def _send(self, task: str, what: list[str] | int) -> bool:
        with self._lock:
            if self._muted or time.monotonic() < self._silent_until:
                return False
        try:
            app.send_task(task, args=[what])
        except (OperationalError, RedisError, OSError) as error:
            with self._lock:
                self._silent_until = time.monotonic() + PAUSE_SECONDS
            log.warning("the broker cannot be reached, the sweeper will ring later: %s", error)
            return False
        return True


bell = Bell()

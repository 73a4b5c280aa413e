"""The sweeper: a process of its own that needs no broker and finds whatever the bell missed."""

from __future__ import annotations

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from inspection import walk
from inspection.acts.show_life import show_life

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Send late, orphaned and forgotten items on, again and again; --once does it a single time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="sweep a single time and say what was found")
        parser.add_argument("--every", type=float, default=2.0, metavar="SECONDS", help="pause between two sweeps")

    def handle(self, *_args: Any, once: bool, every: float, **_options: Any) -> None:
        stop = threading.Event()
        if not once:
            signal.signal(signal.SIGTERM, lambda *_: stop.set())
            signal.signal(signal.SIGINT, lambda *_: stop.set())
        while True:
            found = self._sweep()
            if once:
                self.stdout.write(", ".join(f"{name} {count}" for name, count in found.items()))
                return
            if stop.wait(every):
                return

    def _sweep(self) -> dict[str, int]:
        """One round. A database that is away for a moment must not end the one process that finds lost items."""
        now = timezone.now()
        try:
            found = walk.sweep(now)
            show_life(part="sweeper", now=now, detail=found)
        except DatabaseError:
            log.exception("this sweep failed, the next one tries again")
            close_old_connections()
            return {}
        if any(found.values()):
            log.info("swept: %s", found)
        return found

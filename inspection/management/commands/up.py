"""Brings everything up in the foreground: `make run`."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from deploy import place as places
from deploy import supervision
from inspection.demo.people import log_ins
from inspection.models import Person


class Stopped(Exception):
    """Somebody pressed Ctrl-C, or the machine asks us to end."""


class Command(BaseCommand):
    help = "Brings up page, workers, sweeper, scheduler and broker on SIGHTLINE_DATA; Ctrl-C stops them in order."
    # The database may not exist yet.
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="stop again as soon as everything is ready")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            place = places.read(os.environ)
            with stopping(), supervision.only_one(place):
                self.prepare(place)
                self.serve(place, only_check=options["check"])
        except places.CannotStart as refusal:
            raise CommandError(str(refusal)) from None
        except Stopped:
            self.say("stopped; nothing was lost")

    def prepare(self, place: places.Place) -> None:
        self.say(f"everything lives in {place.data}")
        with self.step("database"):
            call_command("migrate", verbosity=0, interactive=False)
        with self.step("page files"):
            call_command("collectstatic", verbosity=0, interactive=False)
        # The demonstration shows its own progress, in a process of its own: it trains, and we stay small.
        if os.environ.get("DEMO") != "none":
            self.demonstration()

    def demonstration(self) -> None:
        made = subprocess.run([sys.executable, "manage.py", "demo"], cwd=places.ROOT, check=False)
        if made.returncode:
            raise places.CannotStart("The demonstration could not be made (see above); DEMO=none starts without it.")

    def serve(self, place: places.Place, *, only_check: bool) -> None:
        lines = who_can_log_in()
        connections.close_all()
        process = supervision.start(place)
        try:
            with self.step("starting the parts"):
                lacking = supervision.wait_until_ready(place, process)
            self.welcome(place, lines, lacking)
            if not only_check:
                self.follow(place, process)
        finally:
            self.say("stopping: each part ends what it has in hand")
            # A second Ctrl-C must not leave half of them behind.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            supervision.stop(process)

    def follow(self, place: places.Place, process: subprocess.Popen[bytes]) -> None:
        for line in supervision.follow(place, process):
            self.say(line)
        raise places.CannotStart(f"The supervisor ended by itself; see {place.logs / 'supervisord.log'}.")

    def welcome(self, place: places.Place, lines: list[str], lacking: Mapping[str, Any] | None) -> None:
        if lacking:
            self.say(f"not everything is well yet: {lacking}")
        self.say(f"Sightline is at {place.address}/   (Ctrl-C stops it; logs in {place.logs})")
        for line in lines:
            self.say(line)

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        started = time.monotonic()
        self.say(f"{what} ...")
        yield
        self.say(f"{what}: done in {time.monotonic() - started:.1f} s")

    def say(self, line: str) -> None:
        self.stdout.write(f"sightline: {line}")
        self.stdout.flush()


def who_can_log_in() -> list[str]:
    """Whoever of the demonstration's people is still there, with their password; else how to make the first."""
    if found := log_ins():
        return [f"    {name:<12}{word or '(its password was chosen earlier)'}" for name, word in found.items()]
    if Person.objects.exists():
        return []
    # Typed in another terminal, the command must find the same site; an address of a database holds a password.
    data = f"SIGHTLINE_DATA={shlex.quote(str(settings.DATA))} " if os.environ.get("SIGHTLINE_DATA") else ""
    same = " (with the same DATABASE_URL)" if os.environ.get("DATABASE_URL") else ""
    command = f"{data}.venv/bin/python manage.py createsuperuser{same}"
    return [f"nobody can log in yet; this makes the first admin: {command}"]


@contextmanager
def stopping() -> Iterator[None]:
    """Turns SIGINT and SIGTERM into Stopped, so that both end in order and with exit code 0."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

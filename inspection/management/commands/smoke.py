"""Start a whole Sightline in a temporary folder and walk a few hundred real pictures through all five levels."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from deploy.smoke import LEVELS, Client, KnownPart, Smoke, Wrong, failures
from inspection.demo import parts as known

PASSWORD = "smoke-walks-through-5-levels"  # noqa: S105  of people who live for two minutes in a temporary folder
START_SECONDS = 600
FIRST_CELL = 2100
LOOSE = {"ai_error": 0.2, "miss": 0.5, "escape": 0.05, "miss_full": 0.3, "critical": 0.3, "overkill": 0.3}
SOURCES = {
    "solar-cells": lambda start, stop: known.solar_cells(start=start, stop=stop),
    "covers": lambda start, stop: known.drawn_covers(start=start, stop=stop, defect_rate=0.3),
}


class Command(BaseCommand):
    help = "Goes through all five levels by the public API alone; prints one JSON object; fails if a part is lost."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--parts", type=int, default=60, help="pictures a level")

    def handle(self, *_args: Any, parts: int, **_options: Any) -> None:
        with tempfile.TemporaryDirectory(prefix="sightline-smoke-") as scratch, _sightline(Path(scratch)) as address:
            try:
                levels = self._walk(address, parts)
            except (Wrong, requests.RequestException) as error:
                raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(levels, indent=2))
        if found := failures(levels):
            raise CommandError("; ".join(found))

    def _walk(self, address: str, parts: int) -> dict[str, Any]:
        source = "solar-cells" if known.has_solar_cells() and os.environ.get("DEMO") != "drawn" else "covers"
        people = {
            name: Client(address, username=name, password=PASSWORD) for name in ("admin", "inspector", "inspector2")
        }
        self._create(people["admin"], source)
        walk = Smoke(
            admin=people["admin"], inspectors=[people["inspector"], people["inspector2"]], job="smoke", say=_say
        )
        levels = {}
        for number, level in enumerate(LEVELS):
            _climb(people["admin"], level)
            begin = FIRST_CELL + number * parts
            levels[level] = walk.level(level, [_part(part) for part in SOURCES[source](begin, begin + parts)])
        return levels

    def _create(self, admin: Client, source: str) -> None:
        demonstration = admin.get(f"/jobs/{source}/")
        admin.post(
            "/jobs/",
            {
                "slug": "smoke",
                "name": "Smoke test",
                "gate": "advisory",
                "labels": demonstration["labels"],
                # Generous on purpose: the AI is to decide many parts here, so that this way is walked too.
                "policy": {"blind_share": 0.2, "audit_share": 0.2, "accept_at": 0.35, "reject_at": 0.6},
            },
        )
        for name in ("inspector", "inspector2"):
            admin.post("/jobs/smoke/members/", {"username": name, "role": "inspector"})
        admin.post("/jobs/smoke/models/", {"from_job": source})
        # As loose as bars may be, so that most parts of a level are walked on it.
        admin.patch("/jobs/smoke/bars/", {"bars": LOOSE, "reason": "the smoke test walks through all levels"})


def _climb(admin: Client, level: str) -> None:
    """One step at a time from wherever the job stands: with thresholds that make it decide the AI errs often, and the
    rules may have lowered the job meanwhile, as they should."""
    while (standing := admin.get("/jobs/smoke/level/"))["level"] != level:
        admin.post("/jobs/smoke/level/", {"level": standing["next"], "reason": "the next stop of the smoke test"})


def _part(part: known.Part) -> KnownPart:
    return KnownPart(name=part.name, data=part.data, lot=part.lot, bad=None if part.doubted else part.target == 1)


@contextmanager
def _sightline(data: Path) -> Iterator[str]:
    """A Sightline of its own on a free port; gives its address."""
    port = _free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}},
        "SIGHTLINE_DATA": str(data),
        "SIGHTLINE_DEMO_PASSWORD": PASSWORD,
        "PORT": str(port),
    }
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up"], cwd=settings.BASE_DIR, env=environment, stdout=sys.stderr
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(address, process)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(90)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if requests.get(f"{address}/readyz", timeout=5).status_code == 200:
                return
        except requests.RequestException:
            pass
        time.sleep(0.5)
    raise CommandError("Sightline did not come up; see above.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _say(line: str) -> None:
    sys.stderr.write(f"smoke: {line}\n")

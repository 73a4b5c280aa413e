"""Speed as ratios: `manage.py bench` runs everything in temporary folders; `--only` runs one part on this database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from deploy.bench import climbs, counting, lists, paint, throughput, verdicts
from inspection.models import Job

PARTS = ("throughput", "verdicts", "counting", "paint", "lists", "climbs")


class Command(BaseCommand):
    help = (
        "Items a second against the bare model; CPU of next and verdict against an empty view; key to picture against "
        "a bare swap; lists at a million; CPU of a verdict with and without counting; climbs of 200 simulated runs."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", choices=PARTS, help="one part, on the database and data folder of the settings")
        parser.add_argument("--items", type=int, default=1000, help="pictures that the model judges")
        parser.add_argument("--listed", type=int, default=lists.LARGE, help="parts in the long lists (SQLite alone)")
        parser.add_argument("--runs", type=int, default=climbs.RUNS, help="simulated runs through the real steps")

    def handle(self, *_args: Any, only: str | None, items: int, listed: int, runs: int, **_options: Any) -> None:
        if only is None:
            self._all(items, listed, runs)
            return
        if "inspection_job" in connection.introspection.table_names() and Job.objects.exists():
            raise CommandError(
                f"{settings.DATA} holds jobs, and the bench would put its own among them: name an empty folder in "
                "SIGHTLINE_DATA."
            )
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        parts = {
            "throughput": lambda: self._throughput(items),
            "verdicts": self._verdicts,
            "counting": self._counting,
            "paint": self._paint,
            "lists": lambda: self._lists(listed),
            "climbs": lambda: climbs.measure(runs=runs, say=self._say),
        }
        figures = parts[only]()
        self.stdout.write(json.dumps(figures, indent=2))

    def _all(self, items: int, listed: int, runs: int) -> None:
        """Each part in a process and a folder of its own: one part's memory and rows must not weigh on the next."""
        for part in PARTS:
            with tempfile.TemporaryDirectory(prefix="sightline-bench-") as scratch:
                environment = {
                    **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
                    "SIGHTLINE_DATA": scratch,
                    "REDIS_URL": f"redis+socket://{scratch}/redis.sock",
                }
                command = [sys.executable, "manage.py", "bench", "--only", part]
                command += ["--items", str(items), "--listed", str(listed), "--runs", str(runs)]
                done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=False)
                if done.returncode:
                    raise CommandError(f"{part} failed")

    def _throughput(self, items: int) -> dict[str, Any]:
        found = throughput.measure(items=items, redis_socket=Path(settings.DATA) / "redis.sock", say=self._say)
        return {**asdict(found), "whole_to_raw": round(found.ratio, 2)}

    def _verdicts(self) -> dict[str, Any]:
        found = verdicts.measure(say=self._say)
        return {**asdict(found), "pair_to_nothing": round(found.ratio, 1)}

    def _counting(self) -> dict[str, Any]:
        found = counting.measure(say=self._say)
        return {**asdict(found), "with_to_without": round(found.ratio, 2), "holds": found.holds}

    def _paint(self) -> dict[str, Any]:
        # The driver of the browser keeps an event loop in this thread, and Django would refuse the tables.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        found = paint.measure(say=self._say)
        return {**asdict(found), "bench_to_bare": round(found.ratio, 2)}

    def _lists(self, listed: int) -> dict[str, Any]:
        if connection.vendor != "sqlite":
            raise CommandError("The long lists are built as a file of SQLite; run them without DATABASE_URL.")
        found = lists.measure(size=listed, say=self._say)
        return {
            name: {"queries": one.queries, "ms": one.ms, "large_to_small": round(one.ratio, 2), "holds": one.holds}
            for name, one in found.items()
        }

    def _say(self, line: str) -> None:
        self.stderr.write(f"bench: {line}")

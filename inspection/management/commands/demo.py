"""Bring the demonstration, or take it away again."""

from __future__ import annotations

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from inspection.acts.remove_demonstration import remove_demonstration
from inspection.bell import bell
from inspection.demo import jobs, parts
from inspection.models import Job


class Command(BaseCommand):
    help = "Build the demonstration jobs that are missing (DEMO=drawn without the solar cells, DEMO=none without any)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="remove the demonstration with all its data")

    def handle(self, *_args: Any, remove: bool, **_options: Any) -> None:
        if remove:
            gone = remove_demonstration()
            self.stdout.write(f"Removed {gone.jobs} jobs with {gone.items} parts and {gone.people} people.")
            return
        bell.mute()
        for demonstration in self._wanted():
            if Job.objects.filter(slug=demonstration.slug).exists():
                continue
            with tqdm(total=1, disable=None, bar_format="{desc:<52} {bar:20} {n_fmt}/{total_fmt}") as bar:

                def say(what: str, done: int, total: int, bar: Any = bar) -> None:
                    bar.set_description_str(what, refresh=False)
                    bar.total, bar.n = total, done
                    bar.refresh()

                jobs.build(demonstration, say=say)
            self.stdout.write(f"{demonstration.name} is ready.")

    def _wanted(self) -> list[jobs.Demonstration]:
        wish = os.environ.get("DEMO") or "all"
        if wish not in {"all", "drawn", "none"}:
            raise CommandError(f"DEMO is all, drawn or none, not {wish!r}.")
        wanted = [] if wish == "none" else [jobs.COVERS]
        if wish == "all":
            if not parts.has_solar_cells():
                raise CommandError(
                    "The package elpv-dataset is missing; install requirements-demo.txt or set DEMO=drawn."
                )
            self.stdout.write(parts.TERMS)
            wanted.append(jobs.SOLAR_CELLS)
        return wanted

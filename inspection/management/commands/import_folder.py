"""Take in the pictures of a folder, once or for as long as it is watched."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from inspection import walk
from inspection.journey.intake import Incoming
from inspection.models import Job, Person
from inspection.refused import Refused
from inspection.vocabulary import Source

ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"})
LOOK_EVERY_SECONDS = 2.0

Stamp = tuple[int, int]
"""Size and time of change: a file is taken once two looks saw the same stamp, so that none is read half written."""


class Command(BaseCommand):
    help = "Take in every picture below a folder; a picture in a subfolder gets the subfolder's name as its lot."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--job", required=True, help="slug of the job")
        parser.add_argument("--by", default="", metavar="NAME", help="who brings them in")
        parser.add_argument("--station", default="")
        parser.add_argument("--serials", action="store_true", help="take the file name without its ending as serial")
        parser.add_argument("--watch", action="store_true", help="go on, taking what comes, until interrupted")

    def handle(self, *_args: Any, folder: Path, watch: bool, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        self._folder, self._options = folder, options
        self._job = self._found(Job.objects.filter(slug=options["job"]).first(), f"There is no job {options['job']}.")
        by = options["by"]
        self._by = by and self._found(Person.objects.filter(username=by).first(), f"There is nobody called {by}.")
        self._taken = _stamps(folder)
        counts = self._take(sorted(self._taken))
        self.stdout.write(", ".join(f"{count} {what}" for what, count in counts.items()))
        if watch:
            self._watch()

    def _found(self, row: Any, complaint: str) -> Any:
        if row is None:
            raise CommandError(complaint)
        return row

    def _take(self, paths: list[Path]) -> dict[str, int]:
        counts = {"taken in": 0, "known already": 0, "refused": 0}
        for path in tqdm(paths, unit="pictures", disable=None):
            try:
                taken = self._take_one(path)
                counts["taken in" if taken else "known already"] += 1
            except (Refused, OSError) as error:
                counts["refused"] += 1
                self.stderr.write(f"{path}: {error}")
        return counts

    def _take_one(self, path: Path) -> bool:
        below = path.relative_to(self._folder)
        incoming = Incoming(
            data=path.read_bytes(),
            name=path.name,
            serial=path.stem if self._options["serials"] else "",
            lot="/".join(below.parts[:-1]),
            station=self._options["station"],
        )
        by = self._by or None
        return walk.take_in(job=self._job, incoming=incoming, source=Source.FOLDER, by=by).created

    def _watch(self) -> None:
        """Look again and again. After a restart everything is offered once more; known pictures stay one item."""
        taken, seen = self._taken, dict[Path, Stamp]()
        self.stdout.write(f"Watching {self._folder}; Ctrl-C ends it.")
        try:
            while True:
                time.sleep(LOOK_EVERY_SECONDS)
                found = _stamps(self._folder)
                settled = [p for p, stamp in found.items() if stamp == seen.get(p) and stamp != taken.get(p)]
                if settled:
                    counts = self._take(sorted(settled))
                    self.stdout.write(", ".join(f"{count} {what}" for what, count in counts.items()))
                    taken.update({path: found[path] for path in settled})
                seen = found
        except KeyboardInterrupt:
            self.stdout.write("Watching ended.")


def _pictures(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())


def _stamps(folder: Path) -> dict[Path, Stamp]:
    stamps: dict[Path, Stamp] = {}
    for path in _pictures(folder):
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue  # gone between the listing and the look
        stamps[path] = (stat.st_size, stat.st_mtime_ns)
    return stamps

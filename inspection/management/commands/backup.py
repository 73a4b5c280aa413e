"""manage.py backup: the whole site in one file, while it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from inspection.acts.backup import backup


class Command(BaseCommand):
    help = "Write database, pictures and bundles into one file, as they were at one moment; the site may run meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the archive to write (a tar)")

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        with tqdm(unit="files", disable=None) as bar:

            def show(done: int, total: int) -> None:
                bar.total, bar.n = total, done
                bar.refresh()

            try:
                made = backup(archive=file.absolute(), now=timezone.now(), say=show)
            except OSError as error:
                raise CommandError(f"{file} cannot be written: {error}") from error
        self.stdout.write(f"{file}: {made.files} files, {made.size / 1e6:.1f} MB.")
        if made.lost:
            raise CommandError(f"The archive is written, but {_lost(made.lost)}")


def _lost(lost: tuple[str, ...]) -> str:
    return f"{len(lost)} files were missing or damaged on this site: {', '.join(lost[:10])}"

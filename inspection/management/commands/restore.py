"""manage.py restore: a site from its backup."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from deploy import place as places
from deploy import supervision
from inspection.acts.restore import Restored, restore
from inspection.refused import Refused


class Command(BaseCommand):
    help = "Bring database, pictures and bundles back from a file of `backup`; the site must be stopped."
    # The database may not exist yet.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the archive to read")
        parser.add_argument("--replace", action="store_true", help="give up what this site holds now")

    def handle(self, *_args: Any, file: Path, replace: bool, **_options: Any) -> None:
        try:
            # Parts that run would go on with rows that are not there any more.
            with supervision.only_one(places.read({**os.environ, "PORT": ""})):
                call_command("migrate", verbosity=0, interactive=False)
                done = self._restore(file, replace)
        except places.CannotStart as running:
            raise CommandError(str(running)) from None
        except OSError as error:
            raise CommandError(f"The archive could not be restored, the site is as it was: {error}") from error
        except Refused as refused:
            raise CommandError(f"{refused.detail} ({refused.code})") from refused
        self.stdout.write(f"Restored {done.files} files of {done.made_at}.")
        if done.lost:
            self.stdout.write(f"Lost before the backup was made: {', '.join(done.lost[:10])} ({len(done.lost)} files).")

    def _restore(self, file: Path, replace: bool) -> Restored:
        with tqdm(unit="files", disable=None) as bar:

            def show(what: str, done: int, total: int) -> None:
                bar.set_description_str(what, refresh=False)
                bar.total, bar.n = total, done
                bar.refresh()

            return restore(archive=file, replace=replace, say=show)

"""Train a model for a job from what people said blind, and take it live."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from inspection import walk
from inspection.acts.train_model import Imported
from inspection.models import Job, ModelVersion, Person
from inspection.refused import Refused
from inspection.walk import change_job


class Command(BaseCommand):
    help = "Train a model for a job from its blind verdicts and, with --imported, from pictures whose verdict is known."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("job", help="slug of the job")
        parser.add_argument(
            "--imported",
            type=Path,
            metavar="CSV",
            help="path,target,lot,labels: target 0 to 1, labels parted by spaces",
        )
        parser.add_argument("--backbone", default="", help="a torchvision backbone instead of EfficientNet-Lite0")
        parser.add_argument("--by", default="", metavar="NAME", help="who answers for it")
        parser.add_argument(
            "--adopt", action="store_true", help="also take over the thresholds that the model suggests"
        )

    def handle(self, *_args: Any, job: str, imported: Path | None, backbone: str, **options: Any) -> None:
        found = Job.objects.select_related("thresholds").filter(slug=job).first()
        if found is None:
            raise CommandError(f"There is no job {job}.")
        by = self._person(options["by"])
        try:
            model = self._train(found, by, imported, backbone)
            self._tell(model)
            if options["adopt"]:
                self._adopt(found, model, by)
        except Refused as refused:
            raise CommandError(f"{refused.detail} ({refused.code})") from refused

    def _person(self, name: str) -> Person | None:
        if not name:
            return None
        person = Person.objects.filter(username=name).first()
        if person is None:
            raise CommandError(f"There is nobody called {name}.")
        return person

    def _train(self, job: Job, by: Person | None, imported: Path | None, backbone: str) -> ModelVersion:
        known = list(read_imported(imported)) if imported else []
        with tqdm(total=0, unit="pictures", disable=None) as bar:

            def show(event: dict[str, Any]) -> None:
                bar.set_description(event["stage"])
                bar.total, bar.n = event["total"], event["done"]
                bar.refresh()

            return walk.train(job=job, by=by, imported=known, backbone=backbone, on_progress=show)

    def _tell(self, model: ModelVersion) -> None:
        self.stdout.write(f"{model.name} {model.digest[:12]} is live.")
        for name, value in model.report.items():
            self.stdout.write(f"  {name}: {value}")

    def _adopt(self, job: Job, model: ModelVersion, by: Person | None) -> None:
        if by is None:
            raise CommandError("Thresholds are taken over by somebody: say who with --by.")
        change_job(job=job, by=by, policy=dict(model.suggested))
        self.stdout.write(f"Thresholds taken over: {model.suggested}")


def read_imported(path: Path) -> Iterator[Imported]:
    """Pictures with known verdicts from a CSV; paths are relative to it. Raises CommandError naming the line."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                yield _imported(row, path.parent, f"{path.name}, line {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error


def _imported(row: dict[str, str], folder: Path, where: str) -> Imported:
    try:
        target = float(row["target"])
        known = Imported(
            path=folder / row["path"], target=target, lot=row["lot"], labels=tuple((row.get("labels") or "").split())
        )
    except (KeyError, ValueError, TypeError) as error:
        raise CommandError(f"{where}: path, target (0 to 1) and lot are needed: {error}") from error
    if not 0 <= target <= 1:
        raise CommandError(f"{where}: the target lies between 0 and 1, not {target}")
    return known

"""Replay a job's ledger by the rules alone and say whether they come to what was really done."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inspection.models import Job
from inspection.policy.replay import Step
from inspection.queries import ledger


class Command(BaseCommand):
    help = "Replay the ledger of a job by the rules; what they propose and lower has to be what was done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("job", help="slug of the job")

    def handle(self, *_args: Any, **options: Any) -> None:
        job = Job.objects.filter(slug=options["job"]).first()
        if job is None:
            raise CommandError(f"There is no job {options['job']}.")
        replayed, done = ledger.replayed(job), ledger.taken(job)
        for step in done:
            self.stdout.write(f"entry {step.key}: {step.what} {step.level.value}")
        if replayed != done:
            raise CommandError(f"The rules come to something else: {_differences(replayed, done)}")
        self.stdout.write(f"{len(done)} steps; the rules come to the same.")


def _differences(replayed: list[Step], done: list[Step]) -> str:
    only = [*(("replayed", step) for step in replayed if step not in done)]
    only += [("done", step) for step in done if step not in replayed]
    return "; ".join(f"{where} {step.what} {step.level.value} at {step.key}" for where, step in only)

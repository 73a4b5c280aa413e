"""The labels of jobs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from inspection.models import Job, Label


def of_job(job: Job) -> list[dict[str, Any]]:
    """Code, name, severity and criticality of the labels of one job, without the weight of whole rows."""
    mine = Label.objects.filter(job=job, effective_to=None).order_by("position")
    return [dict(label) for label in mine.values("code", "name", "severity", "critical")]


def in_force(jobs: Collection[Job]) -> dict[int, list[Label]]:
    """The labels in force of each job by its key, in the order of the catalogue; one query."""
    found: dict[int, list[Label]] = defaultdict(list)
    for label in Label.objects.filter(job__in=jobs, effective_to=None).order_by("position"):
        found[label.job_id].append(label)
    return found

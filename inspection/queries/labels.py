"""The labels of jobs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from inspection.models import Job, Label


def in_force(jobs: Collection[Job]) -> dict[int, list[Label]]:
    """The labels in force of each job by its key, in the order of the catalogue; one query."""
    found: dict[int, list[Label]] = defaultdict(list)
    for label in Label.objects.filter(job__in=jobs, effective_to=None).order_by("position"):
        found[label.job_id].append(label)
    return found

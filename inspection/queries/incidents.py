"""What people have reported."""

from __future__ import annotations

from django.db.models import QuerySet

from inspection.models import Incident, Job


def of_job(job: Job) -> QuerySet[Incident]:
    """The reports of a job with whoever made and closed them."""
    return Incident.objects.filter(job=job).select_related("by", "closed_by", "item")


def open_of_job(job: Job) -> int:
    return Incident.objects.filter(job=job, closed_at=None).count()

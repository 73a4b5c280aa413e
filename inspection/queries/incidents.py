"""What people have reported."""

from __future__ import annotations

from django.db.models import QuerySet

from inspection.models import Incident, Job


def of_job(job: Job) -> QuerySet[Incident]:
    """The reports of a job with whoever made and closed them."""
    return Incident.objects.filter(job=job).select_related("by", "closed_by", "item")


def unanswered(job: Job, *, most: int = 100) -> list[Incident]:
    """The reports that nobody has closed yet, newest first."""
    return list(of_job(job).filter(closed_at=None).order_by("-at", "-id")[:most])


def answered(job: Job, *, before: int | None, most: int = 20) -> list[Incident]:
    """Closed reports, newest first; those before the report `before` only where one is named."""
    rows = of_job(job).exclude(closed_at=None)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-id")[:most])


def open_of_job(job: Job) -> int:
    return Incident.objects.filter(job=job, closed_at=None).count()

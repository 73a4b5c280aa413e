"""What one person has judged in a job: all that an inspector sees of it."""

from __future__ import annotations

from datetime import datetime

from inspection.models import Job, Person, VerdictGiven
from inspection.queries.jobs import midnight


def judged_today(*, person: Person, job: Job, now: datetime) -> int:
    """How many parts the person has judged on the job's own day; late answers decided nothing and do not count."""
    mine = VerdictGiven.objects.filter(person=person, review__job=job, late=False, undone_at=None)
    return mine.filter(at__gte=midnight(job, now)).count()


def latest(*, person: Person, job: Job, most: int) -> list[VerdictGiven]:
    """The person's newest verdicts with their items, newest first."""
    mine = VerdictGiven.objects.filter(person=person, item__job=job, late=False, undone_at=None)
    return list(mine.select_related("item").order_by("-at", "-id")[:most])

"""Later looks at a part, by somebody who has not judged it, that nobody is left to take."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from inspection.models import Job, Membership, Review, VerdictGiven
from inspection.permissions import INSPECTING
from inspection.policy.answers import FINAL_AFTER
from inspection.vocabulary import SECOND_LOOKS, Look, ReviewState

LATER = (*SECOND_LOOKS, Look.REOPENED)
"""Disputes wait for whoever leads the job, and first looks for anybody: see `disputes.left_alone`."""


def left_alone(job: Job, *, now: datetime) -> int:
    """Parts that wait for another look though everybody who may inspect the job has judged them.

    Only those that have waited for a quarter of an hour, and for the job's lease where that is longer: until then
    whoever judged a part last may take the answer back, and would learn by this number, from one verdict to the next,
    on which part the AI had said something else.
    """
    waited = max(FINAL_AFTER, timedelta(seconds=job.lease_seconds))
    # By the part alone: asked for part and person SQLite went through all that a person has ever said.
    given = VerdictGiven.objects.filter(item=OuterRef(OuterRef("item")), late=False, undone_at=None)
    asked = Review.objects.filter(job=job, state=ReviewState.OPEN, look__in=LATER, created_at__lt=now - waited)
    return asked.exclude(Exists(inspectors(job).exclude(person__in=given.values("person")))).count()


def inspectors(job: Job) -> QuerySet[Membership]:
    """Who may be asked for a look at the parts of a job."""
    return Membership.objects.filter(job=job, role__in=INSPECTING, person__is_active=True, person__simulated=False)

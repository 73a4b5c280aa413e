"""Parts on which two people differ, or which somebody passed to an adjudicator."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from inspection.models import Job, Membership, Review, VerdictGiven
from inspection.permissions import may_adjudicate
from inspection.queries.looks import verdicts_on
from inspection.vocabulary import Look, ReviewState


@dataclass(frozen=True)
class Outcome:
    """Everything that was said of one part."""

    said: list[VerdictGiven]
    opinion: str | None
    score: float | None


def waiting(job: Job) -> int:
    """Disputed parts that nobody has answered yet."""
    return Review.objects.filter(job=job, state=ReviewState.OPEN, look=Look.ADJUDICATION).count()


def left_alone(job: Job) -> int:
    """Disputed parts that nobody is left to settle: whoever leads the job has judged each of them already."""
    given = VerdictGiven.objects.filter(item=OuterRef(OuterRef("item")), person=OuterRef("person"))
    judged = Exists(given.filter(late=False, undone_at=None))
    open_ones = Review.objects.filter(job=job, state=ReviewState.OPEN, look=Look.ADJUDICATION)
    return open_ones.exclude(Exists(adjudicators(job).exclude(judged))).count()


def adjudicators(job: Job) -> QuerySet[Membership]:
    """Who may settle a disputed part of a job that they have not judged."""
    return Membership.objects.filter(
        job=job, role__in=may_adjudicate.roles, person__is_active=True, person__simulated=False
    )


def outcome(asked: Review) -> Outcome:
    """What people and the AI said of the part of a review."""
    said = list(verdicts_on(asked.item_id).select_related("person", "review"))
    row = asked.routing.prediction
    opinion = row.opinion or None if row is not None else None
    return Outcome(said=said, opinion=opinion, score=row.score if row is not None else None)

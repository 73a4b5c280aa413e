"""Parts on which two people differ, or which somebody passed to an adjudicator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Exists, OuterRef, QuerySet

from inspection.models import Job, Membership, Review, VerdictGiven
from inspection.permissions import may_adjudicate
from inspection.queries.looks import verdicts_on
from inspection.vocabulary import Look, ReviewState

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Outcome:
    """Everything that was said of one part."""

    said: list[VerdictGiven]
    opinion: str | None
    score: float | None


def waiting(job: Job) -> int:
    """Disputed parts that nobody has answered yet."""
    return _open(job).count()


def left_alone(job: Job) -> int:
    """Disputed parts that nobody is left to settle: whoever leads the job has judged each of them already."""
    # By the part alone: asked for part and person SQLite went through all that a person has ever said.
    given = VerdictGiven.objects.filter(item=OuterRef(OuterRef("item")), late=False, undone_at=None)
    return _open(job).exclude(Exists(adjudicators(job).exclude(person__in=given.values("person")))).count()


def _open(job: Job) -> QuerySet[Review]:
    """With a time in it, though any will do: without, SQLite went through all reviews that the job has ever had."""
    asked = Review.objects.filter(job=job, created_at__gt=LONG_AGO)
    return asked.filter(state=ReviewState.OPEN, look=Look.ADJUDICATION)


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

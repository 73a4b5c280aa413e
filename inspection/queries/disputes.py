"""Parts on which two people differ, or which somebody passed to an adjudicator."""

from __future__ import annotations

from dataclasses import dataclass

from inspection.models import Job, Review, VerdictGiven
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


def outcome(asked: Review) -> Outcome:
    """What people and the AI said of the part of a review."""
    said = list(verdicts_on(asked.item_id).select_related("person", "review"))
    row = asked.routing.prediction
    opinion = row.opinion or None if row is not None else None
    return Outcome(said=said, opinion=opinion, score=row.score if row is not None else None)

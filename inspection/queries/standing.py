"""Where a job stands: how many parts are where, and why they go to people right now."""

from __future__ import annotations

from dataclasses import dataclass

from inspection.models import Item, Job, Review
from inspection.policy.routing import LEVELS
from inspection.queries.health import Part
from inspection.sentences import Sentence
from inspection.vocabulary import Level, Look, ReviewState, State

NO_MODEL = Sentence("This job has no live model: every part goes to people. Train one or take one from another job.")
NO_THRESHOLDS = Sentence("No thresholds are set: the AI is sure of nothing, so every part goes to people.")


@dataclass(frozen=True)
class Standing:
    """What waits for people. Parts by state are not counted: most are decided, and a million take a while to count."""

    open_reviews: int


def standing(job: Job) -> Standing:
    asked = Review.objects.filter(job=job, state=ReviewState.OPEN).exclude(look=Look.SEEDED)
    return Standing(open_reviews=asked.count())


def why_people(job: Job, faults: list[Part]) -> list[str]:
    """Sentences that say why parts go to people although the level would let the AI help; none where all is well."""
    row = LEVELS[Level(job.level)]
    if not row.runs_model:
        return []
    found = [part.why for part in faults if part.name in {"broker", "workers", "model"}]
    if job.champion_id is None:
        found.append(NO_MODEL)
    elif row.ai_decides and (job.thresholds is None or job.thresholds.rule.unset):
        found.append(NO_THRESHOLDS)
    return found


def undecided(job: Job) -> int:
    """Parts that wait for a verdict: what a step down sends to people again."""
    waiting = (State.RECEIVED, State.PREDICTING, State.WAITING, State.IN_REVIEW, State.QUARANTINED)
    return Item.objects.filter(job=job, state__in=waiting).count()

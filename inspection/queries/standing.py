"""Where a job stands: how many parts are where, and why they go to people right now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from inspection.models import Item, Job, Person, Review
from inspection.policy.routing import LEVELS
from inspection.queries.health import Part
from inspection.queries.queue import judged_by
from inspection.sentences import Sentence
from inspection.vocabulary import Level, Look, ReviewState, State

NO_MODEL = Sentence("This job has no live model: every part goes to people. Train one or take one from another job.")
NO_THRESHOLDS = Sentence("No thresholds are set: the AI is sure of nothing, so every part goes to people.")


@dataclass(frozen=True)
class Standing:
    """What waits for people. Parts by state are not counted: most are decided, and a million take a while to count."""

    open_reviews: int


def standing(job: Job, person: Person) -> Standing:
    """Where a job stands for one reader: `waiting_for` says what of the queue is counted."""
    return Standing(open_reviews=waiting_for(person, [job]).count())


def waiting_for(person: Person, jobs: Sequence[Job]) -> QuerySet[Review]:
    """Open reviews of jobs but for disputes and known parts, and without what this person has judged already: by the
    number that did not fall after an answer, people saw that somebody else was asked, and so that the AI had
    differed."""
    asked = Review.objects.filter(job__in=jobs, state=ReviewState.OPEN)
    return asked.exclude(look__in=[Look.SEEDED, Look.ADJUDICATION]).exclude(judged_by(person))


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

"""What one person has judged in a job: all that an inspector sees of it."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, QuerySet

from inspection.models import Job, Person, Review, VerdictGiven
from inspection.policy.answers import FINAL_AFTER
from inspection.queries.jobs import midnight
from inspection.vocabulary import Look, ReviewState, Verdict

BREAK = timedelta(minutes=5)
"""Who gives no verdict for longer than this is not at work."""
LEAST_WORK = timedelta(minutes=5)
LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Day:
    """What a person has judged on the job's own day."""

    judged: int
    per_hour: float | None
    """Parts in an hour of work, without the breaks; None before five minutes of work."""
    median_seconds: float | None
    by_hour: dict[int, int]
    """Hour of the job's clock to parts, from the first to the last hour of work."""


@dataclass(frozen=True)
class Outcomes:
    """What became of a person's verdicts on which somebody else has looked too."""

    looked_again: int
    changed: list[VerdictGiven]
    """Those that another verdict has replaced, newest first."""


def judged_today(*, person: Person, job: Job, now: datetime) -> int:
    """How many parts the person has judged on the job's own day; late answers decided nothing and do not count."""
    return _given(person, job).filter(at__gte=midnight(job, now)).count()


def latest(*, person: Person, job: Job, most: int, now: datetime) -> list[VerdictGiven]:
    """The person's newest verdicts with their parts, newest first.

    A known part stands there under the serial that it wears, and only as long as any other verdict leads nowhere.
    """
    rows = _given(person, job).exclude(review__look=Look.SEEDED, at__lte=now - FINAL_AFTER)
    return list(rows.select_related("item", "review__wears").order_by("-at", "-id")[:most])


def day(*, person: Person, job: Job, now: datetime) -> Day:
    """How the day goes: count, pace and hours."""
    rows = list(_given(person, job).filter(at__gte=midnight(job, now)).order_by("at").values_list("at", "seconds"))
    moments = [at for at, _ in rows]
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    worked = sum((gap for gap in gaps if gap <= BREAK), timedelta())
    seconds = [took for _, took in rows if took is not None]
    hours = Counter(at.astimezone(ZoneInfo(job.time_zone)).hour for at in moments)
    return Day(
        judged=len(rows),
        # The first part of the day and of each turn has no gap before it that says how long it took.
        per_hour=sum(gap <= BREAK for gap in gaps) * timedelta(hours=1) / worked if worked >= LEAST_WORK else None,
        median_seconds=statistics.median(seconds) if seconds else None,
        by_hour={hour: hours[hour] for hour in range(min(hours), max(hours) + 1)} if hours else {},
    )


def outcomes(*, person: Person, job: Job, now: datetime) -> Outcomes:
    """What became of the person's verdicts of the last month; nothing of a part before it is settled."""
    others = VerdictGiven.objects.filter(item=OuterRef("item"), late=False, undone_at=None).exclude(person=person)
    asked = Review.objects.filter(item=OuterRef("item"), state=ReviewState.OPEN).exclude(look=Look.SEEDED)
    rows = _given(person, job).filter(at__gte=now - LATELY, at__lte=now - FINAL_AFTER)
    rows = rows.exclude(review__look__in=(Look.SEEDED, Look.ADJUDICATION)).exclude(item__decision=None)
    rows = rows.filter(Exists(others.exclude(review__look=Look.SEEDED))).exclude(Exists(asked))
    settled = rows.exclude(item__decision__verdict=Verdict.UNSURE)
    changed = settled.exclude(verdict=F("item__decision__verdict")).select_related("item__decision")
    return Outcomes(looked_again=settled.count(), changed=list(changed.order_by("-at", "-id")))


def _given(person: Person, job: Job) -> QuerySet[VerdictGiven]:
    return VerdictGiven.objects.filter(person=person, review__job=job, late=False, undone_at=None)

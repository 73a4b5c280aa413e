"""What may have changed the agreement of people and AI: switches of the level, new models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models.functions import Coalesce

from inspection.models import Job, LevelChange, Release
from inspection.sentences import Sentence
from inspection.vocabulary import Level


@dataclass(frozen=True)
class Change:
    """Something that may have changed the agreement."""

    at: datetime
    words: str
    why: str = ""
    """Where a rule changed it."""


def changes(*, job: Job, since: datetime, until: datetime) -> list[Change]:
    """Switches of the level and new live models in a stretch of time, oldest first; a switch stands where it counts.

    Days by the time of capture have no place for what was only done by the server's clock: a replay of last week would
    show its model after the last of the parts that this model judged.
    """
    switched = LevelChange.objects.filter(job=job).exclude(old="").annotate(when=Coalesce("counted_at", "at"))
    released = Release.objects.filter(job=job, at__gte=since, at__lte=until).select_related("model")
    if job.captured_time:
        switched, released = switched.filter(counted_at__isnull=False), released.none()
    found = [
        Change(at=row.when, words=Sentence("level {level}", level=Level(row.new).label), why=row.words_of_a_rule)
        for row in switched.filter(when__gte=since, when__lte=until)
    ]
    found += [Change(at=row.at, words=Sentence("model {digest}", digest=row.model.digest[:8])) for row in released]
    return sorted(found, key=lambda change: change.at)

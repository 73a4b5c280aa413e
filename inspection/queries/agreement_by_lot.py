"""The agreement of people and AI lot by lot, with what changed between the lots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Min, Q

from inspection.models import Job, LevelChange, Release
from inspection.policy.agreement import Share
from inspection.queries.agreement import Wanted, evidence
from inspection.sentences import Sentence
from inspection.vocabulary import Level


@dataclass(frozen=True)
class LotPoint:
    """One lot, or ten-minute slot where parts came without one."""

    lot: str
    first: datetime
    agree: Share


@dataclass(frozen=True)
class Change:
    """Something that may have changed the agreement."""

    at: datetime
    words: str


def by_lot(*, job: Job, wanted: Wanted, most: int = 40) -> list[LotPoint]:
    """The lots that were judged last, in the order in which their judging began."""
    rows = (
        evidence(job, wanted)
        .order_by()
        .values("lot_or_slot")
        .annotate(first=Min("at"), last=Max("at"), n=Count("id"), k=Count("id", filter=Q(verdict=F("opinion"))))
        .order_by("-last", "lot_or_slot")[:most]
    )
    points = [LotPoint(lot=row["lot_or_slot"], first=row["first"], agree=Share(k=row["k"], n=row["n"])) for row in rows]
    return sorted(points, key=lambda point: (point.first, point.lot))


def changes(*, job: Job, since: datetime, until: datetime) -> list[Change]:
    """Switches of the level and new live models in a stretch of time, oldest first."""
    switched = LevelChange.objects.filter(job=job, at__gte=since, at__lte=until).exclude(old="")
    released = Release.objects.filter(job=job, at__gte=since, at__lte=until).select_related("model")
    found = [Change(at=row.at, words=Sentence("level {level}", level=Level(row.new).label)) for row in switched]
    found += [Change(at=row.at, words=Sentence("model {digest}", digest=row.model.digest[:8])) for row in released]
    return sorted(found, key=lambda change: change.at)

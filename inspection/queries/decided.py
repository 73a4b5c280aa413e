"""When a part was decided, by whom, and whether that stood: one definition for every page that counts it."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from inspection.models import Decision, Review
from inspection.vocabulary import DecidedBy, Look, ReviewState, Verdict

SURE = (Verdict.OK, Verdict.NG)
"""UNSURE puts a part on hold and decides nothing."""
BY_AI = Q(by=DecidedBy.AI)


def before() -> Exists:
    """Whether a part had been decided already when a decision about it was made."""
    earlier = Decision.objects.filter(item=OuterRef("item"), id__lt=OuterRef("pk"), undone=False, verdict__in=SURE)
    return Exists(earlier)


def first(rows: QuerySet[Decision]) -> QuerySet[Decision]:
    """Those of some decisions by which a part was decided: its first OK or NG that was not taken back at once."""
    return rows.filter(Q(supersedes=None) | ~before(), undone=False, verdict__in=SURE)


def overturned() -> Q:
    """Whether another verdict is in force by now, or the part is on hold. While somebody is asked about the part nobody
    is told: whoever saw the number rise would know what the next part in hand is about."""
    asked = Review.objects.filter(item=OuterRef("item"), state=ReviewState.OPEN).exclude(look=Look.SEEDED)
    return ~Q(item__decision__verdict=F("verdict")) & ~Q(Exists(asked))


def superseding() -> QuerySet[Decision]:
    """Decisions that took another one out of force. By the keys that they name, and nothing else: given the job or its
    days as well SQLite reads through all decisions of these."""
    return Decision.objects.filter(supersedes__gt=0, undone=False)

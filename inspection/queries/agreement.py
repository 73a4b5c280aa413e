"""Which evidence a report is about, and the rows themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, StrIndex

from inspection.models import Evidence, Job
from inspection.vocabulary import UNBIASED, Drawn

UNBIASED_ONLY = tuple(UNBIASED)


@dataclass(frozen=True)
class Wanted:
    """Which evidence to count; what is empty or None asks for nothing. `model` is a digest or the beginning of one,
    no `drawn` means however it was drawn."""

    model: str = ""
    first_day: date | None = None
    last_day: date | None = None
    """The days of the evidence, both with the day named."""
    since: datetime | None = None
    until: datetime | None = None
    """Server time of the verdict: looked up row by row, since no count by day knows it."""
    drawn: tuple[Drawn, ...] = ()
    unaided: bool = False
    """Leave out what was drawn by chance and then judged by somebody who had seen the AI's opinion elsewhere."""
    person: int | None = None
    station: str = ""
    shift: str = ""
    """As the line named it, else the time at which a shift of the calendar begins."""
    lot: str = ""
    label: str = ""
    """A class of defect that the reference names."""

    @property
    def by_moment(self) -> bool:
        return self.since is not None or self.until is not None


def shift_of(row: Evidence) -> str:
    """The shift as the line named it, else when it begins by the calendar."""
    return row.shift or row.worked.partition("/")[2]


def evidence(job: Job, wanted: Wanted) -> QuerySet[Evidence]:
    """The rows of a job that are asked for."""
    # An AI that gave no answer agrees and disagrees with nobody; against a climb it counts all the same.
    rows = Evidence.objects.filter(job=job, undone=False, score__isnull=False)
    told = {
        "model__digest__startswith": wanted.model,
        "day__gte": wanted.first_day,
        "day__lte": wanted.last_day,
        "at__gte": wanted.since,
        "at__lt": wanted.until,
        "drawn__in": wanted.drawn,
        "person": wanted.person,
        "item__station": wanted.station,
        "lot_or_slot": wanted.lot,
    }
    rows = rows.filter(**{name: value for name, value in told.items() if value})
    if wanted.shift:
        rows = rows.filter(Q(shift=wanted.shift) | Q(shift="", worked__endswith=f"/{wanted.shift}"))
    if wanted.label:
        rows = rows.alias(named=StrIndex(Cast("labels", TextField()), Value(f'"{wanted.label}"'))).filter(named__gt=0)
    if wanted.unaided:
        rows = rows.exclude(drawn__in=UNBIASED, hint_shown=True)
    return rows

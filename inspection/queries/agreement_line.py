"""What became of the parts of a job, and what two people said of one part: from the counts that are kept, and live
beyond them."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum

from inspection.models import Decision, DecisionCell, Job, PairCell, VerdictGiven
from inspection.policy.answers import FINAL_AFTER
from inspection.queries.agreement import Wanted
from inspection.queries.agreement_cells import Mark, digest
from inspection.vocabulary import Look

SETTLED_AFTER = FINAL_AFTER + timedelta(minutes=1)
"""What is older cannot be taken back any more, and whatever was written at that time has been committed."""
_OF_DECISION = ("verdict", "labels", "by", "level", "at")


@dataclass(frozen=True)
class Decided:
    """What a report tells apart of verdicts in force."""

    day: date
    station: str
    shift: str
    level: str
    by: str
    verdict: str
    labels: str
    first_pass: bool

    @property
    def key(self) -> str:
        return digest(astuple(self))


@dataclass(frozen=True)
class Pair:
    """What two people said of a part that chance had picked, each alone with it."""

    day: date
    first: str
    second: str

    @property
    def key(self) -> str:
        return digest(astuple(self))


@dataclass(frozen=True)
class Batch:
    """Some rows counted: the key of the last of them, and how many were looked at."""

    changes: Counter[Any]
    last: int
    seen: int


def decided(job: Job, *, after: int, until: datetime | None = None, most: int | None = None) -> Batch:
    """Count the decisions behind a key, in the order of their keys; each takes out the one that it supersedes.

    With `until` no further than to the first that is younger: what can still be taken back is not counted for good.
    """
    rows = Decision.objects.filter(job=job, id__gt=after).order_by("id")
    older = [f"supersedes__{name}" for name in _OF_DECISION]
    part = ("item__station", "item__shift", "item__pass_number", "item__captured_at", "item__received_at")
    changes: Counter[Decided] = Counter()
    last, seen = after, 0
    for row in rows.values("pk", "undone", "supersedes", *_OF_DECISION, *older, *part)[:most]:
        if until is not None and row["at"] > until:
            break
        last, seen = row["pk"], seen + 1
        if row["undone"]:
            continue
        changes[_decided(job, row)] += 1
        if row["supersedes"] is not None:
            changes[_decided(job, row, prefix="supersedes__")] -= 1
    return Batch(changes=changes, last=last, seen=seen)


def _decided(job: Job, row: dict[str, Any], *, prefix: str = "") -> Decided:
    return Decided(
        day=_day(job, row, row[f"{prefix}at"]),
        station=row["item__station"],
        shift=row["item__shift"],
        level=row[f"{prefix}level"],
        by=row[f"{prefix}by"],
        verdict=row[f"{prefix}verdict"],
        labels=" ".join(sorted(row[f"{prefix}labels"])),
        first_pass=row["item__pass_number"] == 1,
    )


def pairs(job: Job, *, after: int, until: datetime | None = None, most: int | None = None) -> Batch:
    """Count the pairs of blind verdicts behind a key: second looks that chance asked for, each with what the first
    person had said. `until` and `most` go by all verdicts, so that the key moves on where nobody is asked twice."""
    rows = _second_looks(job, after)
    last, seen = after, 0
    if until is not None:
        for pk, at in VerdictGiven.objects.filter(id__gt=after).order_by("id").values_list("pk", "at")[:most]:
            if at > until:
                break
            last, seen = pk, seen + 1
        rows = rows.filter(id__lte=last)
    changes: Counter[Pair] = Counter()
    for row in rows:
        if row["one"]:
            changes[Pair(day=_day(job, row, row["at"]), first=row["one"], second=row["verdict"])] += 1
    return Batch(changes=changes, last=last, seen=seen)


def _second_looks(job: Job, after: int) -> QuerySet[VerdictGiven, Any]:
    stand = VerdictGiven.objects.filter(late=False, undone_at=None, shown__isnull=True)
    before = stand.filter(item=OuterRef("item"), id__lt=OuterRef("pk"), review__look__in=(Look.FIRST, Look.AUDIT))
    double = stand.filter(review__job=job, id__gt=after, review__look=Look.DOUBLE).order_by("id")
    one = Subquery(before.order_by("-id").values("verdict")[:1])
    return double.annotate(one=one).values("pk", "verdict", "at", "one", "item__captured_at", "item__received_at")


def _day(job: Job, row: dict[str, Any], at: datetime) -> date:
    """The job's own day, of the time of capture where the job counts that."""
    moment = (row["item__captured_at"] or row["item__received_at"]) if job.captured_time else at
    return moment.astimezone(ZoneInfo(job.time_zone)).date()


def line(job: Job, wanted: Wanted, mark: Mark, *names: str) -> Counter[tuple[Any, ...]]:
    """How many verdicts in force there are for each combination of these columns. Only days, station and shift narrow
    them: no other filter is about decisions."""
    days = _Days.of(job, wanted)
    rows = DecisionCell.objects.filter(job=job, **days.told)
    told = {"station": wanted.station, "shift": wanted.shift}
    rows = rows.filter(**{name: value for name, value in told.items() if value})
    found: Counter[tuple[Any, ...]] = Counter()
    for *values, n in rows.order_by().values_list(*names).annotate(sum=Sum("n")):
        found[tuple(values)] += n
    for one, n in decided(job, after=mark.decision).changes.items():
        if days.hold(one.day) and all(not value or getattr(one, name) == value for name, value in told.items()):
            found[tuple(getattr(one, name) for name in names)] += n
    return Counter({values: n for values, n in found.items() if n})


def said_twice(job: Job, wanted: Wanted, mark: Mark) -> Counter[tuple[str, str]]:
    """(first verdict, second verdict) to how many parts, in the days that are asked for."""
    found: Counter[tuple[str, str]] = Counter()
    days = _Days.of(job, wanted)
    kept = PairCell.objects.filter(job=job, **days.told).order_by().values_list("first", "second")
    for first, second, n in kept.annotate(sum=Sum(F("n"))):
        found[first, second] += n
    for pair, n in pairs(job, after=mark.verdict).changes.items():
        if days.hold(pair.day):
            found[pair.first, pair.second] += n
    return found


@dataclass(frozen=True)
class _Days:
    first: date | None
    last: date | None

    @classmethod
    def of(cls, job: Job, wanted: Wanted) -> _Days:
        """The days asked for; where moments are asked for, the whole days in which they lie."""
        zone = ZoneInfo(job.time_zone)
        first, last = wanted.first_day, wanted.last_day
        if wanted.since is not None:
            first = wanted.since.astimezone(zone).date()
        if wanted.until is not None:
            last = (wanted.until - timedelta(microseconds=1)).astimezone(zone).date()
        return cls(first, last)

    @property
    def told(self) -> dict[str, date]:
        told = {"day__gte": self.first, "day__lte": self.last}
        return {name: day for name, day in told.items() if day is not None}

    def hold(self, day: date) -> bool:
        return (self.first or date.min) <= day <= (self.last or date.max)

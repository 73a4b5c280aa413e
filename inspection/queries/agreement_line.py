"""What became of the parts of a job, and what two people said of one part: from the counts that are kept, and live
beyond them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from inspection.models import Decision, DecisionCell, Job, PairCell, VerdictGiven
from inspection.policy.agreement import Share
from inspection.policy.answers import FINAL_AFTER
from inspection.queries import decided as decided_by
from inspection.queries.agreement import Wanted
from inspection.queries.agreement_cells import Mark, digest
from inspection.vocabulary import DecidedBy, Look, Verdict

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


@dataclass(frozen=True)
class Told:
    """Parts that were decided in some days: each on the day of its first OK or NG, and once."""

    parts: int
    by_ai: int
    """That first one was the AI's own, whatever came later."""
    overturned: int
    """Of those by the AI: another verdict is in force now, or the part is on hold."""


def told(job: Job, wanted: Wanted, in_force: Iterable[tuple[str, str, int]]) -> Told:
    """Who decided the parts of these days, station and shift, by the same definition as the page of the job.

    `in_force` are the verdicts in force of them: by whom, which, and how many. Few decisions are ever superseded; these
    are looked up: those out of force that were a part's first come on top, those in force that were a later one go off.
    """
    replaced = Decision.objects.filter(pk__in=decided_by.superseding().values("supersedes"))
    gone = decided_by.first(_of_these(replaced, job, wanted)).aggregate(
        parts=Count("pk"),
        by_ai=Count("pk", filter=decided_by.BY_AI),
        overturned=Count("pk", filter=decided_by.BY_AI & decided_by.overturned()),
    )
    later = Decision.objects.filter(pk__in=decided_by.superseding().values("pk"), item__decision=F("pk"))
    again = _of_these(later, job, wanted).filter(decided_by.before(), verdict__in=decided_by.SURE).count()
    sure = [(by, n) for by, verdict, n in in_force if verdict in decided_by.SURE]
    mine = sum(n for by, n in sure if by == DecidedBy.AI)
    parts = sum(n for _, n in sure) - again + gone["parts"]
    return Told(parts=parts, by_ai=mine + gone["by_ai"], overturned=gone["overturned"])


def _of_these(rows: QuerySet[Decision], job: Job, wanted: Wanted) -> QuerySet[Decision]:
    """Those of the days, station and shift that are asked for, as they are counted."""
    counts = Coalesce("item__captured_at", "item__received_at") if job.captured_time else F("at")
    begins, ends = _Days.of(job, wanted).moments(job)
    asked = {"moment__gte": begins, "moment__lt": ends, "item__station": wanted.station, "item__shift": wanted.shift}
    return (
        rows.filter(job=job).annotate(moment=counts).filter(**{name: value for name, value in asked.items() if value})
    )


@dataclass(frozen=True)
class Yield:
    """What became of parts: of those that came for the first time the share passed, and who decided."""

    first_pass: Share
    automated: Share
    """Parts whose first OK or NG was the AI's own, of all that were decided."""
    overturned: int
    """Of these: another verdict is in force now, or the part is on hold."""
    labels: list[tuple[str, int]]
    by_day: list[tuple[date, Share]]
    """Rejected parts of all that were decided."""


def line_of(job: Job, wanted: Wanted, mark: Mark) -> Yield:
    """What became of the parts of these days, station and shift."""
    found = line(job, wanted, mark, "day", "first_pass", "by", "verdict", "labels")
    return yields(found, told(job, wanted, [(by, verdict, n) for (_, _, by, verdict, _), n in found.items()]))


def yields(in_force: Counter[tuple[Any, ...]], told: Told) -> Yield:
    """From counts by (day, first_pass, by, verdict, labels) of what is in force, and who decided."""
    days: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    labels: Counter[str] = Counter()
    first, passed = 0, 0
    for (day, first_pass, _by, verdict, named), n in in_force.items():
        days[day][0] += n if verdict == Verdict.NG else 0
        days[day][1] += n
        first += n if first_pass else 0
        passed += n if first_pass and verdict == Verdict.OK else 0
        labels.update(dict.fromkeys(named.split() if verdict == Verdict.NG else [], n))
    return Yield(
        first_pass=Share(k=passed, n=first),
        automated=Share(k=told.by_ai, n=told.parts),
        overturned=told.overturned,
        labels=sorted(labels.items()),
        by_day=[(day, Share(k=k, n=n)) for day, (k, n) in sorted(days.items())],
    )


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

    def moments(self, job: Job) -> tuple[datetime | None, datetime | None]:
        """When the first of the days begins by the job's clock, and when the last one has ended."""
        zone = ZoneInfo(job.time_zone)
        begins = None if self.first is None else datetime.combine(self.first, time(), tzinfo=zone)
        if self.last is None or self.last == date.max:
            return begins, None
        return begins, datetime.combine(self.last + timedelta(days=1), time(), tzinfo=zone)

    def hold(self, day: date) -> bool:
        return (self.first or date.min) <= day <= (self.last or date.max)

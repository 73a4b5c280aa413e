"""What a climb goes by besides the ledger, put where it became known: reports, and how well people agree.

Neither names the ledger entry after which it came; both name their moment. An entry names the moment at which it
counts, which is the clock's unless the job counts captured time: then the verdicts say when it was made.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any
from uuid import UUID

from inspection.models import Incident, Job, LedgerEntry, Release, ThresholdSet, VerdictGiven
from inspection.policy.replay import Meanwhile
from inspection.vocabulary import Look, Verdict

Placed = tuple[int, datetime, Meanwhile]
"""After which ledger entry, and when."""
AfterWhich = Callable[[datetime], int]


def events(job: Job) -> Iterator[Placed]:
    """All that was reported, compared and put in force meanwhile, in no order."""
    after = _after_which(job)
    for at, closed_at in Incident.objects.filter(job=job).values_list("at", "closed_at"):
        yield after(at), at, Meanwhile(key=after(at), incidents=1)
        if closed_at is not None:
            yield after(closed_at), closed_at, Meanwhile(key=after(closed_at), incidents=-1)
    for at in _new_in_force(job):
        yield after(at), at, Meanwhile(key=after(at), new_in_force=True)
    for at, pairs, agree in _compared(job):
        yield after(at), at, Meanwhile(key=after(at), pairs=pairs, agree=agree)


def _new_in_force(job: Job) -> Iterator[datetime]:
    """When another model went live, or other thresholds came than those that the job was made with."""
    yield from ThresholdSet.objects.filter(job=job, version__gt=1).values_list("at", flat=True)
    for at, model, replaced in Release.objects.filter(job=job).values_list("at", "model", "replaced"):
        if model != replaced:
            yield at


@dataclass(frozen=True)
class _Said:
    """One verdict of a part that two people judged; what came too late never stood."""

    look: str
    verdict: str
    alone: bool
    late: bool
    at: datetime
    undone_at: datetime | None

    def stands(self, moment: datetime) -> bool:
        undone = self.undone_at is not None and self.undone_at <= moment
        return self.at <= moment and not undone and not self.late


def _compared(job: Job) -> Iterator[tuple[datetime, int, int]]:
    """When the count of parts that two people judged blind has changed, by how many, and by how many that agree."""
    twice = VerdictGiven.objects.filter(review__job=job, review__look=Look.DOUBLE).values("item")
    rows = VerdictGiven.objects.filter(item__in=twice).order_by("item", "id")
    told = rows.values_list("item", "review__look", "verdict", "shown", "late", "at", "undone_at")
    of_item: dict[UUID, list[_Said]] = defaultdict(list)
    for item, look, verdict, shown, late, at, undone_at in told:
        of_item[item].append(_Said(look, verdict, shown is None, late, at, undone_at))
    for said in of_item.values():
        pairs = agree = 0
        for moment in sorted({at for one in said for at in (one.at, one.undone_at) if at is not None}):
            now = _pairs(said, moment)
            if now != (pairs, agree):
                yield moment, now[0] - pairs, now[1] - agree
                pairs, agree = now


def _pairs(said: Sequence[_Said], moment: datetime) -> tuple[int, int]:
    """Pairs of blind verdicts of one part at a moment and those that agree, as `epochs.ceiling` counts them."""
    sure = [one for one in said if one.verdict != Verdict.UNSURE and one.stands(moment)]
    second = [one for one in sure if one.look == Look.DOUBLE]
    first = [one for one in sure if one.look in (Look.FIRST, Look.AUDIT) and one.alone]
    agree = sum(one.verdict == other.verdict for one in first for other in second)
    return len(first) * len(second), agree


def _after_which(job: Job) -> AfterWhich:
    """The last ledger entry that was made before a moment; 0 for none. What set an entry off came before it."""
    columns = ("id", "at", "evidence", "evidence__at", "evidence__item")
    rows = list(LedgerEntry.objects.filter(job=job).order_by("id").values_list(*columns))
    made = _made_at(job, rows) if job.captured_time else [at for _, at, *_ in rows]
    keys, moments = [0, *(row[0] for row in rows)], list(accumulate(made, max))
    return lambda moment: keys[bisect_left(moments, moment)]


def _made_at(job: Job, rows: Sequence[tuple[Any, ...]]) -> list[datetime]:
    """When entries were made that count by captured time: the first of a piece of evidence with its verdict, another
    one with the latest that was said, or taken back, of its part until the next piece came in."""
    said: dict[UUID, list[datetime]] = defaultdict(list)
    for item, at, undone_at in VerdictGiven.objects.filter(item__job=job).values_list("item", "at", "undone_at"):
        said[item].extend(moment for moment in (at, undone_at) if moment is not None)
    first = {evidence: key for key, _, evidence, *_ in reversed(rows)}
    made: list[datetime] = []
    until = datetime.max.replace(tzinfo=UTC)
    for key, _, evidence, at, item in reversed(rows):
        if first[evidence] == key:
            until = at
            made.append(at)
        else:
            made.append(max((moment for moment in said[item] if moment <= until), default=at))
    return made[::-1]

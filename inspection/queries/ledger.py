"""The ledger of a job as the rules replay it."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

from inspection.models import Job, LedgerEntry, LevelChange
from inspection.policy.bars import Bars
from inspection.policy.replay import Closed, Line, Step, Switched
from inspection.queries.epochs import critical_codes, row_then
from inspection.vocabulary import Cause, Level

BY_RULE = (Cause.BAR, Cause.CRITICAL)
WITHOUT_EVIDENCE = (Cause.NO_ANSWERS, Cause.UNAUDITED)


def events(job: Job) -> Iterator[Line | Switched | Closed]:
    """Ledger entries, and between them the switches that no entry caused and the end of proposals.

    When a proposal was closed is known by the clock alone, and a job may count by another one; that it was is known
    where another one followed.
    """
    critical = critical_codes(job)
    switches = LevelChange.objects.filter(job=job).exclude(cause__in=BY_RULE).exclude(old="").order_by("id")
    waiting = list(switches)
    followed = set(job.proposals.order_by("id").values_list("ledger", flat=True)[1:])
    for entry in _entries(job):
        while waiting and waiting[0].ledger < entry.pk:
            yield _switched(waiting.pop(0))
        if entry.pk in followed:
            yield Closed(key=entry.pk - 1)
        yield _line(entry, critical)
    yield from map(_switched, waiting)


def taken(job: Job) -> list[Step]:
    """What the rules have really done in a job: proposals made and levels lowered, in the order of the ledger."""
    proposed = [Step(row.ledger, "proposed", Level(row.new)) for row in job.proposals.order_by("id")]
    lowered = LevelChange.objects.filter(job=job, cause__in=BY_RULE).order_by("id")
    return sorted([*proposed, *(Step(row.ledger, "lowered", Level(row.new)) for row in lowered)], key=attrgetter("key"))


def _entries(job: Job) -> Iterator[LedgerEntry]:
    rows = LedgerEntry.objects.filter(job=job).select_related("evidence", "epoch").order_by("id")
    return rows.iterator(chunk_size=500)


def _switched(change: LevelChange) -> Switched:
    return Switched(
        key=change.ledger,
        new=Level(change.new),
        moment=change.counted_at or change.at,
        thrown_back=change.epoch_id if change.cause in WITHOUT_EVIDENCE else None,
    )


def _line(entry: LedgerEntry, critical: tuple[str, ...]) -> Line:
    return Line(
        key=entry.pk,
        epoch=entry.epoch_id,
        row=row_then(entry),
        bars=Bars().changed(entry.epoch.bars),
        critical=critical,
        moment=entry.at,
        in_force=entry.in_force,
    )

"""The ledger of a job as the rules replay it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from operator import attrgetter

from inspection.models import Job, LedgerEntry, LevelChange, Proposal
from inspection.policy.bars import Bars
from inspection.policy.replay import Asked, Closed, Event, Line, Meanwhile, Step, Switched, replay
from inspection.queries import escapes, meanwhile
from inspection.queries.epochs import critical_codes, row_then
from inspection.vocabulary import Cause, Level, ProposalState

BY_RULE = (Cause.BAR, Cause.CRITICAL)
WITHOUT_EVIDENCE = (Cause.NO_ANSWERS, Cause.UNAUDITED)

Between = tuple[int, datetime, Switched | Meanwhile | Closed | Asked]
"""What stands between two entries: after which one, and when."""


def replayed(job: Job) -> list[Step]:
    """All that the rules alone do on the ledger of a job."""
    begun = LevelChange.objects.filter(job=job, old="").order_by("id").first()
    start, since = (Level(begun.new), begun.counted_at or begun.at) if begun else (Level.HUMAN_ONLY, None)
    return replay(events(job), start=start, since=since)


def events(job: Job) -> Iterator[Event]:
    """Ledger entries, and between them the switches that no entry caused, the end of proposals, those that a person
    asked for, and what was reported and compared meanwhile."""
    critical = critical_codes(job)
    waiting: list[Between] = [*_switches(job), *_proposals(job), *meanwhile.events(job)]
    waiting.sort(key=lambda one: one[:2])
    for entry in _entries(job):
        while waiting and waiting[0][0] < entry.pk:
            yield waiting.pop(0)[2]
        yield _line(entry, critical)
    yield from (one[2] for one in waiting)


def taken(job: Job) -> list[Step]:
    """What the rules have really done in a job: proposals made and levels lowered, in the order of the ledger."""
    proposed = [Step(row.ledger, "proposed", Level(row.new)) for row in job.proposals.order_by("id")]
    lowered = LevelChange.objects.filter(job=job, cause__in=BY_RULE, item=None).order_by("id")
    return sorted([*proposed, *(Step(row.ledger, "lowered", Level(row.new)) for row in lowered)], key=attrgetter("key"))


def _switches(job: Job) -> Iterator[Between]:
    """Those by a rule stand in the entry that caused them, unless what caused them does not count."""
    for change in LevelChange.objects.filter(job=job).exclude(cause__in=BY_RULE, item=None).exclude(old=""):
        yield change.ledger, change.at, _switched(change)


def _proposals(job: Job) -> Iterator[Between]:
    rows = list(job.proposals.order_by("id"))
    for number, row in enumerate(rows):
        if row.asked_by_id is not None:
            # Where captured time counts, the clock on the wall says of the refusal before alone when it was asked for.
            before = rows[number - 1].closed_at if number and job.captured_time else None
            yield row.ledger, before or row.at, Asked(key=row.ledger, epoch=row.epoch_id, moment=row.at)
        if row.closed_at is not None and row.state in {ProposalState.REFUSED, ProposalState.STALE}:
            yield from _closed(row, next(iter(rows[number + 1 :]), None))


def _closed(row: Proposal, after: Proposal | None) -> Iterator[Between]:
    """The end of a proposal. Of old ones nobody noted after which entry; that they ended is known by the next one."""
    assert row.closed_at is not None
    if row.closed_ledger is not None:
        refused = (row.closed_counted_at or row.closed_at) if row.state == ProposalState.REFUSED else None
        yield row.closed_ledger, row.closed_at, Closed(key=row.closed_ledger, refused_at=refused)
    elif after is not None:
        yield after.ledger - 1, row.closed_at, Closed(key=after.ledger - 1)


def _entries(job: Job) -> Iterator[LedgerEntry]:
    rows = LedgerEntry.objects.filter(job=job).select_related("evidence", "epoch__model").order_by("id")
    return rows.iterator(chunk_size=500)


def _switched(change: LevelChange) -> Switched:
    passed = escapes.pass_of(change.item_id) if change.item_id is not None else None
    return Switched(
        key=change.ledger,
        new=Level(change.new),
        moment=change.counted_at or change.at,
        thrown_back=change.epoch_id if change.cause in WITHOUT_EVIDENCE or change.item_id is not None else None,
        draw=passed.pk if passed is not None else None,
        looked_closely=change.cause == Cause.UNPROVEN,
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
        probability=entry.evidence.probability,
        model=entry.epoch.model.core or str(entry.epoch.model_id),
        setting=f"{entry.epoch.fingerprint}:{entry.epoch.thresholds_id}",
    )

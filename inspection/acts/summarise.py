"""Bring the counts that reports are made from up to date; done by the sweeper, never on the way of a verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce

from inspection.models import (
    Decision,
    DecisionCell,
    EvidenceCell,
    EvidencePlace,
    Job,
    LedgerEntry,
    LotCell,
    PairCell,
    SummaryMark,
    VerdictGiven,
)
from inspection.queries import agreement_line
from inspection.queries.agreement_cells import Cell, Place, cell_of, place_of, rows_of
from inspection.queries.agreement_line import SETTLED_AFTER
from inspection.queries.epochs import critical_codes

AT_LEAST = 200
"""Fewer changes than this a report counts for itself: writing them would only get in the way of verdicts."""
AT_MOST = 500
"""Changes in one transaction: on SQLite nobody else writes meanwhile."""
BATCHES = 10
"""Transactions in one go, so that a long backlog keeps the sweeper from nothing else."""


def summarise(*, now: datetime, least: int = AT_LEAST, most: int = AT_MOST) -> int:
    """Count what has come or changed since the last time, from `least` rows on, `most` in a transaction; how
    many rows it was."""
    found = 0
    for job in _jobs_with_news(now, least):
        for _ in range(BATCHES):
            seen = _count_on(job, now, most)
            found += seen
            if seen < most:
                break
    return found


def _jobs_with_news(now: datetime, least: int) -> QuerySet[Job]:
    """Jobs of which so many rows lie behind the mark; one query that reads no more than so many index entries."""
    of_job, old = OuterRef("pk"), now - SETTLED_AFTER
    mark = {name: OuterRef(f"{name}_mark") for name in ("ledger", "decision", "verdict")}
    ledger = LedgerEntry.objects.filter(job=of_job, id__gt=mark["ledger"])
    decisions = Decision.objects.filter(job=of_job, id__gt=mark["decision"], at__lte=old)
    # Of all jobs: a job without news would else look through the verdicts of the others when its page is opened.
    verdicts = VerdictGiven.objects.filter(id__gt=mark["verdict"], at__lte=old)
    jobs = Job.objects.alias(
        **{f"{name}_mark": Coalesce(F(f"summary_mark__{name}"), Value(0)) for name in mark},
    )
    return jobs.filter(Exists(ledger[least - 1 :]) | Exists(decisions[least - 1 :]) | Exists(verdicts[10 * least :]))


def _count_on(job: Job, now: datetime, most: int) -> int:
    """Count one batch of each kind; how many rows the longest of them had. Two sweepers at once count one behind the
    other."""
    until = now - SETTLED_AFTER
    with transaction.atomic():
        SummaryMark.objects.get_or_create(job=job)
        mark = SummaryMark.objects.select_for_update().get(job=job)
        seen = _count_evidence(job, mark, most)
        decided = agreement_line.decided(job, after=mark.decision, until=until, most=most)
        pairs = agreement_line.pairs(job, after=mark.verdict, until=until, most=most)
        _add(DecisionCell, job, decided.changes)
        _add(PairCell, job, pairs.changes)
        mark.decision, mark.verdict = decided.last, pairs.last
        mark.save()
    return max(seen, decided.seen, pairs.seen)


def _count_evidence(job: Job, mark: SummaryMark, most: int) -> int:
    """Take every piece of evidence that has changed out of where it was counted, and put it where it belongs."""
    entries = LedgerEntry.objects.filter(job=job, id__gt=mark.ledger).order_by("id")
    news = list(entries.values_list("pk", "evidence")[:most])
    if not news:
        return 0
    mark.ledger = news[-1][0]
    zone, critical = ZoneInfo(job.time_zone), frozenset(critical_codes(job))
    rows = rows_of({evidence for _, evidence in news})
    _move(job, {row.pk: place_of(row, zone=zone, critical=critical) for row in rows})
    return len(news)


def _move(job: Job, places: Mapping[int, Place]) -> None:
    """Count each piece of evidence (by key) in its place, and no more where it was counted before."""
    kept = EvidencePlace.objects.filter(evidence__in=places).exclude(lot=None).select_related("lot__cell")
    lots: Counter[tuple[Cell, str]] = Counter()
    for before in kept:
        assert before.lot is not None
        lots[cell_of(before.lot.cell), before.lot.lot_or_slot] -= 1
    for place in places.values():
        if place.cell is not None:
            lots[place.cell, place.lot] += 1
    cells: Counter[Cell] = Counter()
    for (cell, _), n in lots.items():
        cells[cell] += n
    there = _add_lots(job, lots, _add(EvidenceCell, job, cells))
    EvidencePlace.objects.bulk_create(
        [
            EvidencePlace(
                evidence_id=pk, job=job, lot_id=there[place.cell, place.lot] if place.cell else None, rank=place.rank
            )
            for pk, place in places.items()
        ],
        update_conflicts=True,
        unique_fields=["evidence"],
        update_fields=["lot", "rank"],
    )


def _add(table: type[Any], job: Job, changes: Mapping[Any, int]) -> dict[Any, int]:
    """Add to the cells of a table; the key of each."""
    by_key = {one.key: one for one in changes}
    there = {row.key: row for row in table.objects.filter(job=job, key__in=by_key)}
    new = [table(job=job, key=key, n=changes[one], **asdict(one)) for key, one in by_key.items() if key not in there]
    for row in there.values():
        row.n += changes[by_key[row.key]]
    table.objects.bulk_update(there.values(), ["n"], batch_size=200)
    table.objects.bulk_create(new)
    # Asked for once more: not every database gives the keys of rows that are made many at a time.
    made = table.objects.filter(job=job, key__in=by_key).values_list("key", "pk")
    return {by_key[key]: pk for key, pk in made}


def _add_lots(
    job: Job, changes: Mapping[tuple[Cell, str], int], cells: Mapping[Cell, int]
) -> dict[tuple[Cell, str], int]:
    """Add to the lots of cells, given by the keys of the cells; the key of each."""
    of_key = {pk: cell for cell, pk in cells.items()}
    found = LotCell.objects.filter(cell__in=of_key, lot_or_slot__in={lot for _, lot in changes})
    there = {(of_key[row.cell_id], row.lot_or_slot): row for row in found}
    moved = [there[place] for place in changes if place in there]
    for row in moved:
        row.n += changes[of_key[row.cell_id], row.lot_or_slot]
    LotCell.objects.bulk_update(moved, ["n"], batch_size=200)
    LotCell.objects.bulk_create(
        LotCell(job=job, cell_id=cells[cell], day=cell.day, lot_or_slot=lot, n=n)
        for (cell, lot), n in changes.items()
        if (cell, lot) not in there
    )
    return {(of_key[cell], lot): pk for pk, cell, lot in found.all().values_list("pk", "cell", "lot_or_slot")}

"""Items of a job for lists and single pages."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from inspection.models import Item, Job, Prediction
from inspection.vocabulary import DecidedBy, State, Verdict


@dataclass(frozen=True)
class Filter:
    """Which items to list; empty means all. `verdict` is the one in force, UNSURE being what holds an item."""

    state: State | None = None
    verdict: Verdict | None = None
    lot: str = ""
    serial: str = ""


def of_job(job: Job, wanted: Filter) -> QuerySet[Item]:
    """The items of a job with what a line of a list shows; pictures stay where they are."""
    rows = _of(job, serial=wanted.serial).select_related("decision", "decision__model")
    if wanted.state is not None:
        rows = rows.filter(state=wanted.state)
    if wanted.verdict is not None:
        rows = rows.filter(decision__verdict=wanted.verdict)
    if wanted.verdict == Verdict.UNSURE:
        # The same parts, by an index: one in a thousand is on hold, and the list walked through the others.
        rows = rows.filter(state=State.HELD)
    if wanted.lot:
        rows = rows.filter(lot=wanted.lot)
    return rows


def _of(job: Job, *, serial: str) -> QuerySet[Item]:
    mine = Item.objects.filter(job=job)
    if not serial:
        return mine
    # By their keys alone: given the job SQLite walks through all its parts by time, to save the sorting of one.
    return Item.objects.filter(pk__in=mine.filter(serial=serial).order_by().values("pk"))


def predictions_on(items: Collection[Item]) -> dict[uuid.UUID, list[Prediction]]:
    """What models said of these items, oldest first, in one query; without heatmaps."""
    rows = Prediction.objects.filter(item__in=[item.pk for item in items]).select_related("model").order_by("at", "id")
    found: dict[uuid.UUID, list[Prediction]] = defaultdict(list)
    for row in rows.defer("heatmap", "nearest"):
        found[row.item_id].append(row)
    return found


def decided_by_ai(item: Item) -> bool:
    """Whether the verdict in force is the AI's, so that whoever reads it knows the AI's opinion."""
    return item.decision is not None and item.decision.by == DecidedBy.AI

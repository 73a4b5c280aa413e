"""Parts on which somebody differs, worst first: from the ranks that are kept, and live beyond them."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from inspection.models import Evidence, EvidencePlace, LotCell, Review
from inspection.queries.agreement import Wanted
from inspection.queries.agreement_cells import Counts, fitting
from inspection.vocabulary import Look, ReviewState

PAGE = 24
MOST_PAGES = 400
LOOKED_THROUGH = 100
"""The worst differences among which those to be shown first are sought."""


@dataclass(frozen=True)
class Line:
    """One part with what each side said of it."""

    row: Evidence
    rank: float


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    number: int
    more: bool
    asked: int
    """Parts of this page that stay hidden while somebody is asked to judge them."""


def page(counts: Counts, wanted: Wanted, *, number: int, most: int = PAGE) -> Page:
    """One page of the differences, worst first. What somebody is still asked about stays hidden, since whoever reads
    the page could be the one."""
    number = min(number, MOST_PAGES)
    found = _ranked(counts, wanted, upto=number * most + 1)
    mine = found[(number - 1) * most : number * most]
    rows = {row.pk: row for row in _whole([key for _, key in mine])}
    asked = asked_of([row.item_id for row in rows.values()])
    lines = [Line(rows[key], rank) for rank, key in mine if key in rows and rows[key].item_id not in asked]
    return Page(lines=lines, number=number, more=len(found) > number * most, asked=len(mine) - len(lines))


def worst(counts: Counts, wanted: Wanted, *, most: int) -> Page:
    """The worst few that may be shown at all: newly found ones are most often still with somebody."""
    found = _ranked(counts, wanted, upto=LOOKED_THROUGH)
    items = dict(Evidence.objects.filter(pk__in=[key for _, key in found]).values_list("pk", "item"))
    asked = asked_of(list(items.values()))
    free = [(rank, key) for rank, key in found if key in items and items[key] not in asked]
    rows = {row.pk: row for row in _whole([key for _, key in free[:most]])}
    lines = [Line(rows[key], rank) for rank, key in free[:most] if key in rows]
    return Page(lines=lines, number=1, more=len(found) > most, asked=len(found) - len(free))


def _ranked(counts: Counts, wanted: Wanted, *, upto: int) -> list[tuple[float, int]]:
    """(rank, key) of the worst so many."""
    fits = fitting(wanted, counts.models)
    live = [
        (place.rank, row.pk)
        for row, place in counts.behind
        if place.rank is not None and place.cell is not None and fits(place.cell, place.lot)
    ]
    changed = {row.pk for row, _ in counts.behind}
    kept = _kept(counts, wanted).values_list("rank", "evidence")[: upto + len(changed)]
    old = [(rank, key) for rank, key in kept if rank is not None and key not in changed]
    return heapq.nlargest(upto, [*live, *old])


def _kept(counts: Counts, wanted: Wanted) -> QuerySet[EvidencePlace]:
    """The kept ranks, worst first, by their index. That of a lot would be the long way round: its differences are few,
    and lie anywhere among all that there are."""
    rows = EvidencePlace.objects.filter(rank__isnull=False)
    if wanted.lot:
        cells = counts.narrowed(LotCell.objects.all(), wanted, cell="cell__").values_list("pk", flat=True)
        return rows.filter(lot__in=list(cells)).order_by((F("rank") + 0).desc(), "-evidence")
    return counts.narrowed(rows, wanted, cell="lot__cell__", lot="lot__").order_by("-rank", "-evidence")


def _whole(keys: list[int]) -> list[Evidence]:
    told = ("item", "item__decision", "item__decision__person", "person", "model")
    return list(Evidence.objects.filter(pk__in=keys).select_related(*told).defer("item__metadata"))


def asked_of(items: list[UUID]) -> set[UUID]:
    """Those of the parts that somebody is still asked to judge."""
    mine = Review.objects.filter(item__in=items, state=ReviewState.OPEN).exclude(look=Look.SEEDED)
    return set(mine.values_list("item_id", flat=True))

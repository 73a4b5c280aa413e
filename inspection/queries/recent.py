"""The newest parts and refusals of a job, page by page."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from inspection.models import Item, Job, Refusal
from inspection.vocabulary import DecidedBy


@dataclass(frozen=True)
class Page:
    """Some items, newest first; `older` is the last one's id where more follow, else None."""

    items: list[Item]
    older: uuid.UUID | None


def items(*, job: Job, after: uuid.UUID | None = None, most: int = 12) -> Page:
    """The items that came before the one named `after`, or the newest. By key, so that arrivals shift no page."""
    rows = _before(Item.objects.filter(job=job), after)
    rows = rows.select_related("decision", "decision__person", "picture").order_by("-received_at", "-id")
    found = list(rows[: most + 1])
    shown = found[:most]
    return Page(items=shown, older=shown[-1].pk if len(found) > most else None)


def _before(rows: QuerySet[Item], after: uuid.UUID | None) -> QuerySet[Item]:
    last = rows.filter(pk=after).only("received_at", "id").first() if after else None
    if last is None:
        return rows
    return rows.filter(Q(received_at__lt=last.received_at) | Q(received_at=last.received_at, id__lt=last.pk))


def tell_of_the_ai(found: list[Item]) -> list[uuid.UUID]:
    """Those of the items whose decision tells what the AI said of them."""
    return [item.pk for item in found if item.decision is not None and item.decision.by == DecidedBy.AI]


def refusals(*, job: Job, most: int = 10) -> list[Refusal]:
    return list(Refusal.objects.filter(job=job).select_related("by").order_by("-at", "-id")[:most])

"""Lots of a job and their results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Count, Max, Q

from inspection.models import Item, Job
from inspection.policy.words import is_storable
from inspection.vocabulary import Verdict

AT_ONCE = 500


@dataclass(frozen=True)
class Lot:
    """One lot with what became of its parts so far; `name` is empty for parts that came without a lot."""

    name: str
    parts: int
    ok: int
    ng: int
    newest: datetime

    @property
    def open(self) -> int:
        """Parts without a decision of OK or NG."""
        return self.parts - self.ok - self.ng


def newest(*, job: Job, most: int = 20) -> list[Lot]:
    """The lots whose parts came last."""
    rows = (
        Item.objects.filter(job=job)
        .order_by()
        .values("lot")
        .annotate(
            parts=Count("id"),
            ok=Count("id", filter=Q(decision__verdict=Verdict.OK)),
            ng=Count("id", filter=Q(decision__verdict=Verdict.NG)),
            newest=Max("received_at"),
        )
        .order_by("-newest", "lot")[:most]
    )
    return [Lot(name=row["lot"], parts=row["parts"], ok=row["ok"], ng=row["ng"], newest=row["newest"]) for row in rows]


def parts(*, job: Job, lot: str) -> Iterator[list[Item]]:
    """The items of a lot by serial and pass, some hundred at a time however large the lot is."""
    rows = Item.objects.filter(job=job, lot=lot).select_related(
        "decision", "decision__person", "decision__model", "decision__thresholds"
    )
    ordered = rows.order_by("serial", "pass_number").iterator(chunk_size=AT_ONCE)
    while some := list(islice(ordered, AT_ONCE)):
        yield some


def exists(*, job: Job, lot: str) -> bool:
    return is_storable(lot) and Item.objects.filter(job=job, lot=lot).exists()

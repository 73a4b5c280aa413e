"""Lots of a job and their results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Count, Q

from inspection.models import Item, Job
from inspection.policy.words import is_storable
from inspection.vocabulary import Verdict

AT_ONCE = 500
AMONG = 10_000


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
    """The lots whose parts came last, of the lots of the newest `AMONG` parts: with a million parts the page of the job
    would otherwise count every lot there ever was."""
    came: dict[str, datetime] = {}
    lately = Item.objects.filter(job=job).order_by("-received_at", "-id").values_list("lot", "received_at")[:AMONG]
    for lot, at in lately.iterator(chunk_size=AT_ONCE):
        if lot not in came and len(came) == most:
            break
        came.setdefault(lot, at)
    counted = _counted(job, list(came))
    return [Lot(name=name, newest=came[name], **counted[name]) for name in came]


def _counted(job: Job, lots: list[str]) -> dict[str, dict[str, int]]:
    rows = (
        Item.objects.filter(job=job, lot__in=lots)
        .order_by()
        .values("lot")
        .annotate(
            parts=Count("id"),
            ok=Count("id", filter=Q(decision__verdict=Verdict.OK)),
            ng=Count("id", filter=Q(decision__verdict=Verdict.NG)),
        )
    )
    return {row["lot"]: {name: row[name] for name in ("parts", "ok", "ng")} for row in rows}


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

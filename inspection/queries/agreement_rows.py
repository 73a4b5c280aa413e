"""The pieces of evidence themselves, with everything that counts them, for whoever counts after us."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from inspection.models import Evidence, Job
from inspection.queries.agreement import Wanted, evidence
from inspection.queries.agreement_gallery import asked_of

COLUMNS = (
    "evidence", "item", "serial", "pass", "lot_or_slot", "station", "shift", "worked", "day", "at", "person", "model",
    "role", "fingerprint", "epoch", "draw", "drawn", "probability", "drawn_at", "hint_shown", "opinion", "score",
    "verdict", "final_verdict", "reference", "reference_at", "settled_by", "labels", "waits",
)  # fmt: skip
TELLING = ("person", "hint_shown", "opinion", "score", "verdict", "final_verdict", "reference", "reference_at",
           "settled_by", "labels")  # fmt: skip
"""What a judge who is still to be asked may not know."""
AT_ONCE = 500


def whole(job: Job, wanted: Wanted) -> QuerySet[Evidence]:
    """The rows that are asked for with what a line of them needs."""
    rows = evidence(job, wanted).select_related("item", "person", "model", "epoch")
    return rows.defer("item__metadata", "model__labels").order_by("id")


def in_batches(job: Job, wanted: Wanted) -> Iterator[list[Evidence]]:
    """All rows in order, so many at a time; what comes in meanwhile moves none of them."""
    last = 0
    while batch := list(whole(job, wanted).filter(id__gt=last)[:AT_ONCE]):
        yield batch
        last = batch[-1].pk


def shapes_of(rows: Sequence[Evidence]) -> list[dict[str, Any]]:
    """Each row by column. What the AI and people said of a part stays away while somebody is asked to judge it."""
    asked = asked_of([row.item_id for row in rows])
    return [_shape(row, waits=row.item_id in asked) for row in rows]


def _shape(row: Evidence, *, waits: bool) -> dict[str, Any]:
    told = {
        "evidence": row.pk,
        "item": str(row.item_id),
        "serial": row.item.serial,
        "pass": row.item.pass_number,
        "lot_or_slot": row.lot_or_slot,
        "station": row.item.station,
        "shift": row.shift,
        "worked": row.worked,
        "day": row.day.isoformat() if row.day else None,
        "at": row.at.isoformat(),
        "person": row.person.shown_name if row.person else None,
        "model": row.model.digest,
        "role": row.role,
        "fingerprint": row.fingerprint,
        "epoch": row.epoch_id,
        "draw": row.draw,
        "drawn": row.drawn,
        "probability": row.probability,
        "drawn_at": row.drawn_at.isoformat(),
        "hint_shown": row.hint_shown,
        "opinion": row.opinion,
        "score": row.score,
        "verdict": row.verdict or None,
        "final_verdict": row.final_verdict or None,
        "reference": row.reference or None,
        "reference_at": row.reference_at.isoformat() if row.reference_at else None,
        "settled_by": row.settled_by or None,
        "labels": row.labels,
        "waits": waits,
    }
    return told | dict.fromkeys(TELLING) if waits else told

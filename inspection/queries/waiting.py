"""Items that wait for the AI, for the sweeper."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from inspection.models import Evidence, HandOut, Item, Job, Prediction
from inspection.vocabulary import SILENT, UNANSWERED, UNBIASED, Look, State

AT_ONCE = 500
PATIENCE_WHILE_ANSWERS_COME = 20
UNROUTED = (State.RECEIVED, State.PREDICTING)

LOST_SINCE = timedelta(days=1)
"""A sweeper that was down for a day finds what it missed."""

ByJob = Iterator[tuple[Job, list[uuid.UUID]]]


def received(job: Job) -> list[uuid.UUID]:
    """Items of a job that nobody has begun on, oldest first."""
    mine = Item.objects.filter(job=job, state=State.RECEIVED).order_by("received_at")
    return list(mine.values_list("id", flat=True)[:AT_ONCE])


def beyond_patience(now: datetime) -> ByJob:
    """Items that have waited for the AI longer than their job is patient, while no answers come."""
    for job in _jobs_under_way():
        patience = timedelta(seconds=job.patience_seconds)
        if _answers_come(job, since=now - patience):
            # A long queue that moves is no fault: ten thousand pictures from a folder must not all go to people.
            patience *= PATIENCE_WHILE_ANSWERS_COME
        late = Item.objects.filter(job=job, state__in=UNROUTED, received_at__lt=now - patience)
        late = late.order_by("received_at")
        if ids := list(late.values_list("id", flat=True)[:AT_ONCE]):
            yield job, ids


def exhausted() -> ByJob:
    """Items on which the AI has used up its attempts."""
    spent = Item.objects.filter(state=State.RECEIVED, attempts__gte=settings.PREDICT_ATTEMPTS).select_related("job")
    by_job: dict[Job, list[uuid.UUID]] = defaultdict(list)
    for item in spent[:AT_ONCE]:
        by_job[item.job].append(item.pk)
    yield from by_job.items()


def unrung(now: datetime, *, before: datetime) -> list[list[uuid.UUID]]:
    """Items whose bell never rang, or rang so long ago that it must have been missed; one list for each ring.

    What was tried before is judged alone and so rung for alone: one ring for sixteen brought one of them, and the
    others went to people as late.
    """
    rows = Item.objects.filter(
        Q(rung_at=None) | Q(rung_at__lt=before), state=State.RECEIVED, received_at__lt=now - timedelta(seconds=1)
    )
    found = list(rows.order_by("received_at").values_list("id", "attempts")[:AT_ONCE])
    fresh = [item for item, attempts in found if not attempts]
    batches = [fresh[at : at + settings.PREDICT_BATCH] for at in range(0, len(fresh), settings.PREDICT_BATCH)]
    return batches + [[item] for item, attempts in found if attempts]


def _answers_come(job: Job, *, since: datetime) -> bool:
    said = Prediction.objects.filter(model_id=job.champion_id, at__gte=since)
    return said.exclude(reason__in=SILENT).exists()


def _jobs_under_way() -> list[Job]:
    ids = Item.objects.filter(state__in=UNROUTED).values("job_id").distinct()
    return list(Job.objects.filter(id__in=ids))


def lost(now: datetime) -> list[HandOut]:
    """Hand-outs of drawn parts that ended without an answer, while nothing of these parts is in the evidence yet."""
    ended = HandOut.objects.filter(end__in=UNANSWERED, ended_at__gte=now - LOST_SINCE)
    ended = ended.filter(review__look__in=[Look.FIRST, Look.AUDIT], review__routing__drawn__in=UNBIASED)
    live = Evidence.objects.filter(item=OuterRef("review__item"), undone=False)
    found = ended.filter(~Exists(live), review__routing__prediction__isnull=False)
    return list(found.select_related("review__job", "review__item", "review__routing__prediction")[:AT_ONCE])

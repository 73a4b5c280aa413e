"""Items that wait for the AI, for the sweeper."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from inspection.models import Evidence, HandOut, Item, Job, Prediction, Review
from inspection.vocabulary import SILENT, UNANSWERED, UNBIASED, HandOutEnd, Look, ReviewState, State

AT_ONCE = 500
PATIENCE_WHILE_ANSWERS_COME = 20
UNROUTED = (State.RECEIVED, State.PREDICTING)

PAIRED = (Look.FIRST, Look.AUDIT)
GIVEN_BACK_FOR = timedelta(hours=1)
"""A part that is given back goes to the next person, and nothing is lost by that; one that nobody answers afterwards
has been seen by people and must not stay out of the count."""

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


def lost(now: datetime) -> list[tuple[Review, datetime]]:
    """Reviews of drawn parts that somebody has let go of without an answer, and when, while nothing of these
    parts is in the evidence yet.

    From the reviews that are open: of the hand-outs there are ever more, and those of a day without a sweeper were
    missed for good once. A lapsed hold counts though nobody has taken it over: its holder may still answer.
    """
    ended = HandOut.objects.filter(review=OuterRef("pk"), end__in=UNANSWERED)
    # Whoever passes a part to the adjudicator lets go of another review than the one that is open.
    passed = HandOut.objects.filter(review__item=OuterRef("item"), review__look__in=PAIRED, end=HandOutEnd.ESCALATED)
    returned = HandOut.objects.filter(
        review=OuterRef("pk"), end=HandOutEnd.GIVEN_BACK, ended_at__lt=now - GIVEN_BACK_FOR
    )
    live = Evidence.objects.filter(item=OuterRef("item"), undone=False)
    drawn = Review.objects.filter(
        state=ReviewState.OPEN,
        look__in=[*PAIRED, Look.ADJUDICATION],
        routing__drawn__in=UNBIASED,
        routing__prediction__isnull=False,
    )
    lapsed = Q(holder__isnull=False, lease_until__lt=now)
    escalated = Q(look=Look.ADJUDICATION) & Exists(passed)
    let_go = drawn.filter(lapsed | escalated | Exists(ended) | (Q(holder=None) & Exists(returned)), ~Exists(live))
    moments = [Subquery(rows.order_by("-ended_at").values("ended_at")[:1]) for rows in (ended, passed, returned)]
    let_go = let_go.annotate(let_go_at=Coalesce(*moments, F("lease_until")))
    rows = let_go.select_related("job", "item", "routing__prediction").order_by("created_at", "id")[:AT_ONCE]
    return [(row, row.let_go_at) for row in rows]

"""Send items to a person or let the AI decide, by the table of levels."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from inspection.models import Item, Job, LevelChange, Prediction, Review, Routing
from inspection.policy import routing
from inspection.vocabulary import UNBIASED, DecidedBy, Drawn, HintMode, Level, Reason, ReviewState, State, Verdict

UNROUTED = (State.RECEIVED, State.PREDICTING)
UNDECIDED = (State.WAITING, State.IN_REVIEW, State.QUARANTINED)


def route(
    *,
    job: Job,
    ids: Collection[uuid.UUID],
    predictions: Mapping[uuid.UUID, Prediction],
    fault: Reason | None,
    now: datetime,
) -> list[Routing]:
    """Route the items of one job that nobody has routed yet; call it inside a transaction.

    `fault` says why an item without a prediction has none. The job's row is locked, so that a step down and a routing
    cannot pass one another: an item is routed under the level in force or sent again by the step down.
    """
    job = Job.objects.select_for_update(no_key=True).get(pk=job.pk)
    items = list(Item.objects.select_for_update().filter(id__in=ids, state__in=UNROUTED).order_by("id"))
    change = LevelChange.objects.filter(job=job).order_by("-id").first()
    rows = [
        _row(item, _decide(job, item, predictions.get(item.pk), fault), predictions.get(item.pk), job, change, now=now)
        for item in items
    ]
    Routing.objects.bulk_create(rows)
    _move(rows, level=job.level, quarantined=fault == Reason.QUARANTINED)
    return rows


def reroute(*, job: Job, now: datetime) -> list[Routing]:
    """Send every item of a job that has no decision yet again, after a step down; call it in the same transaction.

    An item that already waits for a person keeps waiting for one: a step down never hands a part to the AI.
    """
    change = LevelChange.objects.filter(job=job).order_by("-id").first()
    # Reviews before items, as whoever claims or answers locks them; the other way round they waited for one another.
    open_reviews = Review.objects.filter(job=job, state=ReviewState.OPEN).order_by("created_at", "id")
    list(open_reviews.select_for_update().values_list("pk"))
    items = Item.objects.select_for_update().filter(job=job, state__in=UNDECIDED).order_by("id")
    rows = [row for item in items if (row := _again(job, item, change, now=now)) is not None]
    Routing.objects.bulk_create(rows)
    Item.objects.filter(id__in=[row.item_id for row in rows]).update(level=job.level)
    return rows


def _again(job: Job, item: Item, change: LevelChange | None, *, now: datetime) -> Routing | None:
    last = item.routings.select_related("prediction").order_by("-id").first()
    if last is None:
        return None
    fault = Reason(last.reason) if last.prediction is None else None
    decided = _decide(job, item, last.prediction, fault)
    if decided.by != DecidedBy.PERSON:
        return None
    if last.drawn == Drawn.ROUTED:
        # It waits because the AI did not pass it: among such parts there is no escape, and a climb would be proven by
        # the backlog of the level that the job has just been taken from.
        decided = replace(decided, drawn=Drawn.ROUTED, probability=1.0)
    elif last.drawn in UNBIASED and decided.drawn not in UNBIASED:
        # What chance has drawn stays drawn, and blind: else a switch down and up again took the parts that wait, or lie
        # in somebody's hands, out of the count just where the AI turns out to be wrong.
        kept = replace(decided, drawn=Drawn(last.drawn), probability=last.probability, hint=HintMode.NONE)
        decided = kept if decided.reason == Reason.HUMAN_ONLY else replace(kept, reason=Reason(last.reason))
    return _row(item, decided, last.prediction, job, change, now=now)


def _decide(job: Job, item: Item, prediction: Prediction | None, fault: Reason | None) -> routing.Route:
    return routing.route(
        level=Level(job.level),
        said=_said(prediction, fault),
        job_hint=HintMode(job.hint_mode),
        shares=job.shares,
        salts=job.routing_salts,
        key=str(item.pk),
        risk=_risk(prediction),
    )


def _risk(prediction: Prediction | None) -> float:
    """How near the score of an item lies to the threshold below which the AI passes it, 0 to 1."""
    rule = prediction.thresholds.rule if prediction and prediction.thresholds else None
    if prediction is None or prediction.score is None or rule is None or not rule.accept_at:
        return 0.0
    return min(1.0, prediction.score / rule.accept_at)


def _said(prediction: Prediction | None, fault: Reason | None) -> routing.Said:
    """The AI's opinion or its fault. Thresholds that are not set are a fault too: they must never read as sure."""
    if prediction is None:
        return routing.Said(opinion=None, fault=fault or Reason.NO_ANSWER)
    if prediction.score is None:
        return routing.Said(opinion=None, fault=Reason(prediction.reason))
    if prediction.thresholds is None or prediction.thresholds.rule.unset:
        return routing.Said(opinion=None, fault=Reason.NO_THRESHOLDS)
    return routing.Said(opinion=Verdict(prediction.opinion))


def _row(
    item: Item,
    decided: routing.Route,
    prediction: Prediction | None,
    job: Job,
    change: LevelChange | None,
    *,
    now: datetime,
) -> Routing:
    return Routing(
        item=item,
        level=job.level,
        level_change=change,
        prediction=prediction,
        # The thresholds under which the opinion was formed; they may have been followed by newer ones since.
        thresholds=prediction.thresholds if prediction else job.thresholds,
        by=decided.by,
        verdict=decided.verdict or "",
        reason=decided.reason,
        drawn=decided.drawn or "",
        probability=decided.probability,
        hint=decided.hint,
        commit_first=decided.commit_first,
        audited=decided.audited,
        at=now,
    )


def _move(rows: list[Routing], *, level: str, quarantined: bool) -> None:
    """The one change of state per item. The rows are locked, so the counts must come out whole."""
    person = State.QUARANTINED if quarantined else State.WAITING
    for by, state in ((DecidedBy.PERSON, person), (DecidedBy.AI, State.DECIDED)):
        ids = [row.item_id for row in rows if row.by == by]
        if not ids:
            continue
        moved = Item.objects.filter(id__in=ids, state__in=UNROUTED).update(
            state=state, level=level, claim=None, claimed_until=None
        )
        if moved != len(ids):
            raise RuntimeError(f"{len(ids) - moved} items were routed by somebody else under our lock")

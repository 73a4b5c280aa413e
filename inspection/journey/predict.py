"""Ask the AI: claim waiting items, open their pictures, check them, and run the model on those that are fit."""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F

from inference import bundle, checks, contract, facts, pictures, serving
from inspection.models import Item, Job, ModelFault, ModelVersion, Prediction, ThresholdSet
from inspection.policy import likeness, routing
from inspection.policy.fingerprint import Setting, fingerprint
from inspection.vocabulary import SILENT, Reason, Role, State, Verdict

desk = serving.Desk()
"""The models of this process. Empty until the first batch, which no process works on before it has been forked."""


@dataclass(frozen=True)
class Batch:
    """Items of one job that this worker holds until another may take them."""

    job: Job
    items: tuple[Item, ...]
    token: uuid.UUID


def claim(ids: Sequence[str], *, now: datetime) -> Batch | None:
    """Take the items that the bell rang for, and their oldest waiting neighbours of the same job, up to one batch.

    Whatever somebody else has taken meanwhile is left out; None when nothing is left. An item that was tried before
    comes alone: a picture that kills its worker must not use up the attempts of its neighbours.
    """
    token = uuid.uuid4()
    with transaction.atomic():
        wanted = _wanted(ids)
        if not wanted:
            return None
        Item.objects.filter(id__in=wanted, state=State.RECEIVED).update(
            state=State.PREDICTING,
            claim=token,
            claimed_until=now + timedelta(seconds=settings.PREDICT_CLAIM_SECONDS),
            attempts=F("attempts") + 1,
        )
    items = tuple(Item.objects.filter(claim=token, state=State.PREDICTING).select_related("picture"))
    if not items:
        return None
    job = Job.objects.select_related("champion", "thresholds").get(id=items[0].job_id)
    return Batch(job=job, items=items, token=token)


def _wanted(ids: Sequence[str]) -> list[uuid.UUID]:
    """Those that the bell named come first: rings overtake one another, and one that took only older parts left its
    own waiting for the sweeper."""
    waiting = Item.objects.filter(state=State.RECEIVED, attempts__lt=settings.PREDICT_ATTEMPTS)
    first = waiting.filter(id__in=ids).order_by("attempts", "received_at").values("id", "job_id", "attempts").first()
    if first is None:
        return []
    if first["attempts"]:
        return [first["id"]]
    fresh = waiting.filter(job_id=first["job_id"], attempts=0).order_by("received_at", "id")
    # Workers that look at the same moment would otherwise wait for one another's rows and come away empty.
    free = fresh.select_for_update(skip_locked=True).values_list("id", flat=True)
    named = list(free.filter(id__in=ids)[: settings.PREDICT_BATCH])
    return named + list(free.exclude(id__in=named)[: settings.PREDICT_BATCH - len(named)])


def answer(batch: Batch, *, now: datetime) -> list[Prediction]:
    """What the job's champion says of each item, as rows that are not stored yet; one for each item, faults too.

    A job without a champion has nobody to ask: the list is empty. Raises whatever breaks inside an engine.
    """
    model = batch.job.champion
    if model is None:
        return []
    opened = [_open(item) for item in batch.items]
    ready = [picture for picture, *_ in opened if picture is not None]
    answers = {given.key: given for given in _judge(model, ready, now=now)}
    return [
        _row(item, opening, answers.get(str(item.pk)), model=model, job=batch.job, now=now)
        for item, opening in zip(batch.items, opened, strict=True)
    ]


Opened = tuple[contract.Picture | None, Reason | None, str, dict[str, float]]


def _open(item: Item) -> Opened:
    """The upright picture of an item, or why it is not given to the model."""
    begun = time.perf_counter()
    unfit = checks.fit(facts.Facts(**item.picture.facts))
    checked = time.perf_counter()
    if unfit:
        return None, Reason.UNFIT, "; ".join(unfit), {"fit": _ms(begun, checked)}
    try:
        with default_storage.open(item.picture.name) as file:
            picture = contract.Picture(key=str(item.pk), pixels=pictures.open_upright(file.read()))
    except (OSError, ValueError) as error:
        return None, Reason.NO_ANSWER, f"the picture cannot be opened: {error}", {"fit": _ms(begun, checked)}
    return picture, None, "", {"fit": _ms(begun, checked), "open": _ms(checked, time.perf_counter())}


def _judge(model: ModelVersion, ready: list[contract.Picture], *, now: datetime) -> list[contract.Answer]:
    """A bundle that may not be loaded answers with faults: no further attempt would change that."""
    if not ready:
        return []
    try:
        return desk.judge(
            folder=settings.BUNDLES / model.digest, digest=model.digest, labels=tuple(model.labels), pictures=ready
        )
    except bundle.BundleRefused as refused:
        ModelFault.objects.create(model=model, code=refused.code, detail=str(refused)[:2000], at=now)
        return [contract.Answer(key=picture.key, fault=f"{refused.code}: {refused}") for picture in ready]


def _row(
    item: Item, opened: Opened, given: contract.Answer | None, *, model: ModelVersion, job: Job, now: datetime
) -> Prediction:
    _, reason, fault, opening = opened
    if given is None:
        given = contract.Answer(key=str(item.pk), fault=fault or "the model left this picture out")
    opinion = _opinion(given.score, job.thresholds)
    return Prediction(
        item=item,
        model=model,
        role=Role.CHAMPION,
        score=given.score,
        opinion=opinion or "",
        labels=dict(given.labels),
        heatmap=given.heatmap,
        nearest=_nearest(given),
        reason="" if given.score is not None else reason or Reason.NO_ANSWER,
        fault=given.fault,
        thresholds=job.thresholds,
        fingerprint=_fingerprint(job, model),
        steps_ms={**opening, **given.steps_ms},
        at=now,
    )


def _nearest(given: contract.Answer) -> list[dict[str, Any]]:
    """The known examples it is most like. One row says that nothing was near; none that the model cannot compare."""
    if given.novelty is not None and not given.nearest:
        return [{likeness.NOTHING_NEAR: True, "novelty": round(given.novelty, 4)}]
    return [asdict(neighbour) for neighbour in given.nearest]


def _opinion(score: float | None, thresholds: ThresholdSet | None) -> Verdict | None:
    if score is None:
        return None
    rule = thresholds.rule if thresholds else routing.Thresholds(accept_at=None, reject_at=None)
    return routing.opinion(score=score, thresholds=rule)


def _fingerprint(job: Job, model: ModelVersion) -> str:
    rule = job.thresholds.rule if job.thresholds else routing.Thresholds(accept_at=None, reject_at=None)
    setting = Setting(
        job=job.slug,
        model=model.digest,
        label_set_version=job.label_set_version,
        accept_at=rule.accept_at,
        reject_at=rule.reject_at,
    )
    return fingerprint(setting)


def store(batch: Batch, predictions: list[Prediction]) -> dict[uuid.UUID, Prediction]:
    """Write the predictions of those items that this worker still holds; by item.

    Call it inside the transaction that sends the items on, with the row of the job locked before: it locks the items,
    and whoever routes takes the job before them. Items that the sweeper gave away meanwhile are left out:
    whoever has them now answers for them.
    """
    held = set(
        Item.objects.select_for_update().filter(claim=batch.token, state=State.PREDICTING).values_list("id", flat=True)
    )
    kept = [row for row in predictions if row.item_id in held]
    Prediction.objects.bulk_create(kept)
    return {row.item_id: row for row in kept}


def note_silence(*, job: Job, ids: Collection[uuid.UUID], fault: Reason, now: datetime) -> dict[uuid.UUID, Prediction]:
    """Keep that the champion was asked about items and nothing came back, by item; nothing for any other fault.

    Without such a row a part on which the AI is late or fails would be no evidence of anything, and nobody would know
    later which model it was. Call it inside the transaction that sends the items on.
    """
    if fault not in (*SILENT, Reason.NO_ANSWER):
        return {}
    # The job before its items, as whoever routes them locks both.
    job = (
        Job.objects.select_for_update(of=("self",), no_key=True).select_related("champion", "thresholds").get(pk=job.pk)
    )
    if job.champion is None:
        return {}
    waiting = Item.objects.select_for_update(of=("self",)).filter(
        id__in=ids, state__in=[State.RECEIVED, State.PREDICTING]
    )
    opened: Opened = (None, fault, str(fault.label), {})
    rows = [_row(item, opened, None, model=job.champion, job=job, now=now) for item in waiting]
    Prediction.objects.bulk_create(rows)
    return {row.item_id: row for row in rows}


def release(batch: Batch, *, error: str, now: datetime) -> None:
    """Give a batch back after the engine failed on it; the attempt stays counted on each row."""
    if batch.job.champion is not None:
        ModelFault.objects.create(model=batch.job.champion, code="model_failed", detail=error[:2000], at=now)
    Item.objects.filter(claim=batch.token, state=State.PREDICTING).update(
        state=State.RECEIVED, claim=None, claimed_until=None, rung_at=None
    )


def note_rung(ids: Sequence[uuid.UUID], *, now: datetime) -> None:
    """Remember that the bell rang for these items, so that the sweeper need not ring again at once."""
    Item.objects.filter(id__in=ids, state=State.RECEIVED).update(rung_at=now)


def take_back(*, now: datetime) -> int:
    """Put items whose worker has fallen silent back into the queue; how many."""
    return Item.objects.filter(state=State.PREDICTING, claimed_until__lt=now).update(
        state=State.RECEIVED, claim=None, claimed_until=None, rung_at=None
    )


def _ms(begun: float, ended: float) -> float:
    return round(1000 * (ended - begun), 3)

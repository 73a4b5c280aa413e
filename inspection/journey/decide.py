"""Put verdicts in force: the AI's where it is sure, a person's where a person was asked."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from inspection.models import Decision, Exposure, HandOut, Item, Job, Person, Review, Routing, VerdictGiven
from inspection.policy.answers import Answer
from inspection.policy.second_look import NOTHING, Standing, stand
from inspection.queries import looks
from inspection.queries.twins import asked_twins
from inspection.refused import Refused, conflict
from inspection.vocabulary import SECOND_LOOKS, DecidedBy, HandOutEnd, Look, ReviewState, State, Verdict


@dataclass(frozen=True)
class Recorded:
    """A verdict as it stands, and where its item stands with it; `created` is False when the same delivery came
    before."""

    given: VerdictGiven
    created: bool
    standing: Standing = NOTHING
    exposed: bool = False
    """Whether the person had seen the AI's opinion elsewhere before."""


def decide_by_ai(rows: Sequence[Routing], *, job: Job, now: datetime) -> list[Decision]:
    """Put the AI's verdict in force where it decides; call it inside the transaction that routed the items."""
    mine = [row for row in rows if row.by == DecidedBy.AI]
    made = Decision.objects.bulk_create(
        Decision(
            job=job,
            item_id=row.item_id,
            verdict=row.verdict,
            labels=_likely_labels(row),
            by=DecidedBy.AI,
            model_id=row.prediction.model_id if row.prediction else None,
            routing=row,
            level=row.level,
            thresholds=row.thresholds,
            code_version=settings.CODE_VERSION,
            at=now,
        )
        for row in mine
    )
    for row, decision in zip(mine, made, strict=True):
        row.item.decision = decision
    Item.objects.bulk_update([row.item for row in mine], ["decision"])
    return made


def _likely_labels(row: Routing) -> list[str]:
    if row.verdict != Verdict.NG or row.prediction is None:
        return []
    return sorted(code for code, share in row.prediction.labels.items() if share >= 0.5)


def decide_by_person(
    *,
    review: Review,
    person: Person,
    lease: uuid.UUID,
    client_key: str,
    answer: Answer,
    seconds: float | None,
    now: datetime,
) -> Recorded:
    """Record a person's verdict once and put it in force; call it inside a transaction.

    Raises `Refused`: `client_key_reused`; `already_answered`; `lease_lost` when somebody else has taken the review
    meanwhile. In the last two cases the answer is kept with the item first: see `keep_late`.
    """
    if (before := _before(review, person, client_key, answer)) is not None:
        return before
    out = HandOut.objects.filter(lease=lease, review=review, person=person).only("committed", "shown").first()
    if out is None or not _close(review, person, lease):
        # A double click may have been recorded while this one waited for the review.
        if (before := _before(review, person, client_key, answer)) is not None:
            return before
        raise _too_late(review, person)
    HandOut.objects.filter(pk=out.pk).update(end=HandOutEnd.ANSWERED, ended_at=now)
    if out.shown is not None:
        # The same picture may wait under another serial; who saw this hint is no blind judge of that one.
        known = (Exposure(person=person, item_id=twin, by_twin=True) for twin in asked_twins([review.item_id]))
        Exposure.objects.bulk_create(known, ignore_conflicts=True)
    given = VerdictGiven.objects.create(
        **_columns(review, person, client_key, answer),
        seconds=seconds,
        first=out.committed,
        shown=out.shown,
        at=now,
    )
    if review.look == Look.SEEDED:
        # A known part measures the person; of the part there is nothing left to decide.
        return Recorded(given=given, created=True)
    exposed = looks.was_exposed(given, review.routing)
    heard = looks.heard_with(given, review, exposed=exposed)
    standing = stand(heard, looks.draws(review.job, review.item_id))
    _put_in_force(given, review, standing, now=now)
    return Recorded(given=given, created=True, standing=standing, exposed=exposed)


def _close(review: Review, person: Person, lease: uuid.UUID) -> bool:
    """Answer the review if the person still holds it; first of two answers wins."""
    mine = Review.objects.filter(pk=review.pk, state=ReviewState.OPEN, holder=person, lease=lease)
    if mine.filter(routing=review.routing_id).update(state=ReviewState.ANSWERED, lease_until=None):
        return True
    # A step down may have sent the item again since the page was opened; the answer counts under the newest routing.
    locked = mine.select_for_update().first()
    if locked is None:
        return False
    review.routing = locked.routing
    return bool(mine.update(state=ReviewState.ANSWERED, lease_until=None))


def keep_late(
    *, review: Review, person: Person, client_key: str, answer: Answer, seconds: float | None, now: datetime
) -> None:
    """Keep an answer that came too late to decide anything. A second delivery of it changes nothing.

    Only of somebody who was handed the review once: anybody else has not looked at the part.
    """
    if not HandOut.objects.filter(review=review, person=person).exists():
        return
    columns = _columns(review, person, client_key, answer)
    try:
        with transaction.atomic():
            VerdictGiven.objects.create(**columns, seconds=seconds, late=True, at=now)
    except IntegrityError:
        return


def _before(review: Review, person: Person, client_key: str, answer: Answer) -> Recorded | None:
    """What an earlier delivery under the same client key has recorded."""
    mine = VerdictGiven.objects.filter(person=person, client_key=client_key)
    if not mine.exists():
        return None
    before = mine.get()
    if before.body_digest != answer.digest(review=str(review.pk)):
        raise conflict("client_key_reused", "This client key came before with another answer.")
    if before.late:
        raise _too_late(review, before.person)
    return Recorded(given=before, created=False)


def _too_late(review: Review, person: Person) -> Refused:
    if VerdictGiven.objects.filter(review=review, person=person, late=False, undone_at=None).exists():
        return conflict("already_answered", "You have answered this part already; the first answer stands.")
    return conflict(
        "lease_lost",
        "Somebody else took this part while you were away. Your answer is kept with it, but decides nothing.",
    )


def _columns(review: Review, person: Person, client_key: str, answer: Answer) -> dict[str, object]:
    return {
        "item_id": review.item_id,
        "review": review,
        "person": person,
        "verdict": answer.verdict,
        "labels": list(answer.labels),
        "regions": [dict(region) for region in answer.regions],
        "note": answer.note,
        "client_key": client_key,
        "body_digest": answer.digest(review=str(review.pk)),
    }


def _put_in_force(given: VerdictGiven, review: Review, standing: Standing, *, now: datetime) -> None:
    """A look that stands alone decides; one that agrees with the verdict in force leaves it there. A part on which two
    people differ is held until an adjudicator has looked."""
    verdict = _verdict(given, review, standing)
    locked = Item.objects.select_for_update(of=("self",)).select_related("decision")
    item = locked.only("state", "decision__verdict").get(pk=review.item_id)
    before = item.decision
    adjudicated = review.look == Look.ADJUDICATION
    if before is not None and before.verdict == verdict and not adjudicated:
        return
    routing = review.routing
    made = Decision.objects.create(
        job_id=review.job_id,
        item=item,
        verdict=verdict,
        labels=given.labels if verdict == given.verdict else [],
        by=DecidedBy.ADJUDICATOR if adjudicated else DecidedBy.PERSON,
        person=given.person,
        verdict_given=given,
        model_id=routing.prediction.model_id if routing.prediction else None,
        routing=routing,
        level=routing.level,
        thresholds_id=routing.thresholds_id,
        supersedes=before,
        code_version=settings.CODE_VERSION,
        at=now,
    )
    state = State.HELD if verdict == Verdict.UNSURE else State.DECIDED
    Item.objects.filter(pk=item.pk).update(decision=made, state=state)


def _verdict(given: VerdictGiven, review: Review, standing: Standing) -> Verdict:
    """The verdict that comes into force with an answer."""
    # Whoever was asked to look again decides, as anybody asked alone: in a small team nobody else would be left to.
    if standing.disputed and review.look != Look.REOPENED:
        return Verdict.UNSURE
    if review.look in SECOND_LOOKS:
        return standing.reference or Verdict(given.verdict)
    return Verdict(given.verdict)

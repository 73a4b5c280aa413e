"""What people have said of one item, look by look."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace
from typing import Any

from django.db.models import F, QuerySet

from inspection.models import Exposure, Item, Job, Review, Routing, VerdictGiven
from inspection.policy import sampling
from inspection.policy.second_look import UNDRAWN, Draws, Heard, Reopened, backed, stand
from inspection.vocabulary import SECOND_LOOKS, Drawn, Look, MemberRole, Verdict

LEADING = (MemberRole.MANAGER, MemberRole.ADMIN)
ALONE = (Look.FIRST, Look.AUDIT, Look.REOPENED)
"""Looks that stand alone; the others look at what such a one has said."""


def verdicts_on(item: uuid.UUID) -> QuerySet[VerdictGiven]:
    """What people said of an item and stand by, oldest first; its turns as a known part tell nothing of it."""
    given = VerdictGiven.objects.filter(item_id=item, late=False, undone_at=None)
    return given.exclude(review__look=Look.SEEDED).select_related("review").order_by("id")


def heard_with(given: VerdictGiven, review: Review, *, exposed: bool) -> Heard:
    """What has been heard of an item now that `given` has answered `review`; no query for a first look."""
    if review.look == Look.REOPENED:
        return heard_of(review.item_id)
    if review.look in ALONE:
        return _first_heard(given, review.routing, exposed=exposed)
    heard = heard_of(review.item_id, before=given.pk)
    if review.look != Look.ADJUDICATION:
        return replace(heard, second=Verdict(given.verdict), second_knew=exposed)
    if _passed_on(heard) and exposed:
        return _first_heard(given, review.routing, exposed=True)
    return replace(heard, adjudicated=Verdict(given.verdict))


def heard_of(item: uuid.UUID, *, before: int | None = None) -> Heard:
    """What stands of an item, of rows before the verdict `before` only where one is named."""
    rows = verdicts_on(item)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    heard = Heard(opinion=None, first=None, blind=False)
    for row in rows.select_related("review__routing__prediction"):
        exposed = _exposed_then(row)
        if row.review.look == Look.REOPENED:
            heard = _opened_again(heard, row, exposed=exposed)
        elif row.review.look in ALONE:
            heard = _first_heard(row, row.review.routing, exposed=exposed)
        elif row.review.look in SECOND_LOOKS:
            heard = replace(heard, second=Verdict(row.verdict), second_knew=exposed)
        elif _passed_on(heard) and exposed:
            heard = _first_heard(row, row.review.routing, exposed=True)
        else:
            heard = replace(heard, adjudicated=Verdict(row.verdict), proves=not exposed)
    return heard


def _passed_on(heard: Heard) -> bool:
    """Nobody has answered before the adjudicator, who then gives the first answer: of one who knew the AI's opinion,
    like any other first answer of that kind, it asks for another person's."""
    return heard.first is None


def _opened_again(heard: Heard, given: VerdictGiven, *, exposed: bool) -> Heard:
    """What is heard begins anew where a part was opened again, with what it was worth until then."""
    before = backed(stand(heard, UNDRAWN), heard.opinion)
    return replace(_first_heard(given, given.review.routing, exposed=exposed), reopened=Reopened(before))


def was_exposed(given: VerdictGiven, routing: Routing) -> bool:
    """Whether the person had seen what the AI said of the item elsewhere than in this review."""
    if routing.prediction_id is None:
        return False
    return Exposure.objects.filter(item=given.item_id, person=given.person_id).exists() or _tried_out(given)


def _exposed_then(given: VerdictGiven) -> bool:
    """Whether the person knew the AI's opinion when answering; what came to light later changes nothing any more."""
    if given.review.routing.prediction_id is None:
        return False
    seen = Exposure.objects.filter(item=given.item_id, person=given.person_id, at__lte=given.at)
    return seen.exists() or _tried_out(given)


def _tried_out(given: VerdictGiven) -> bool:
    """Whether somebody who reads the counts of the job took back another answer on the part before: by the errors that
    had become more, or had not, a manager read off what the AI had said, and then answered as it did."""
    before = VerdictGiven.objects.filter(item=given.item_id, person=given.person_id, pk__lt=given.pk)
    before = before.filter(undone_at__isnull=False).exclude(verdict=given.verdict).exclude(review__look=Look.SEEDED)
    return before.filter(person__memberships__job=F("review__job"), person__memberships__role__in=LEADING).exists()


def draws(job: Job, item: uuid.UUID) -> Draws:
    return Draws(
        double=sampling.draw(salt=job.salts["double"], key=str(item), share=job.double_share),
        recheck=sampling.draw(salt=job.salts["recheck"], key=str(item), share=job.recheck_share),
    )


def side_by_side(review: Review) -> list[dict[str, Any]]:
    """What people said of the item, for whoever adjudicates it: no names, and in an order that tells nothing.

    Notes stay out: they may quote the AI.
    """

    def shuffled(row: VerdictGiven) -> bytes:
        return hashlib.sha256(f"{review.pk}:{row.pk}".encode()).digest()

    rows = sorted(verdicts_on(review.item_id), key=shuffled)
    return [{"verdict": row.verdict, "labels": row.labels, "regions": row.regions} for row in rows]


def built_on(item: Item, given: VerdictGiven) -> QuerySet[Review]:
    """Reviews that were asked for because of a verdict, or after it."""
    later = Review.objects.filter(item=item, created_at__gte=given.at).exclude(pk=given.review_id)
    return later.exclude(look=Look.SEEDED)


def _first_heard(given: VerdictGiven, routing: Routing, *, exposed: bool) -> Heard:
    row = routing.prediction
    opinion = Verdict(row.opinion) if row is not None and row.score is not None else None
    blind = given.shown is None and not exposed
    helped = routing.drawn == Drawn.ASSISTED and not blind
    return Heard(opinion=opinion, first=Verdict(given.verdict), blind=blind, helped=helped)

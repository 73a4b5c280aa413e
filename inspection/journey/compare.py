"""Set a person's verdict beside the AI's opinion, with everything that says what the pair is worth as evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from inspection.models import Evidence, Prediction, Review, VerdictGiven
from inspection.policy.sampling import slot
from inspection.policy.second_look import NOTHING, Standing
from inspection.vocabulary import Look, Verdict

PAIRED = (Look.FIRST, Look.AUDIT)
"""Looks whose answer is set beside the AI's opinion; the others only say who of the two was right."""


def compare(*, given: VerdictGiven, review: Review, standing: Standing, exposed: bool) -> Evidence | None:
    """One row of evidence for a first verdict, with the reference where there is one already; a later look settles the
    rows that are there. None where the AI had no opinion or the draw is no evidence.

    `exposed` says whether the person had seen the AI's opinion before. Call it in the transaction that recorded the
    verdict.
    """
    prediction, routing = review.routing.prediction, review.routing
    if given.late or not routing.drawn or prediction is None or prediction.score is None:
        return None
    if review.look in PAIRED:
        return _pair(given, review, prediction, standing, exposed)
    # A dispute takes the reference back too: else a part on which two people differ went on proving something.
    if standing.disputed or (standing.reference is not None and not exposed):
        settle(item=review.item_id, standing=standing, now=given.at)
    if review.look == Look.ADJUDICATION and not Evidence.objects.filter(item=review.item_id, undone=False).exists():
        # Nobody answered before: the part was passed to the adjudicator at once.
        return _pair(given, review, prediction, standing, exposed)
    return None


def settle(*, item: UUID, standing: Standing, now: datetime) -> int:
    """Write where an item stands on its evidence; how many rows that were."""
    return Evidence.objects.filter(item=item, undone=False).update(**_settled(standing, now))


def _settled(standing: Standing, now: datetime) -> dict[str, Any]:
    return {
        "reference": standing.reference or "",
        "settled_by": standing.settled or "",
        "reference_at": now if standing.reference else None,
    }


def _pair(given: VerdictGiven, review: Review, prediction: Prediction, standing: Standing, exposed: bool) -> Evidence:
    item, routing = review.item, review.routing
    hint_shown = exposed or (given.shown is not None and given.first is None)
    assert prediction.score is not None
    return Evidence.objects.create(
        job_id=review.job_id,
        item=item,
        prediction=prediction,
        verdict_given=given,
        person=given.person,
        model_id=prediction.model_id,
        role=prediction.role,
        fingerprint=prediction.fingerprint,
        lot_or_slot=item.lot or slot(item.captured_at or item.received_at),
        shift=item.shift,
        opinion=prediction.opinion,
        score=prediction.score,
        drawn=routing.drawn,
        probability=routing.probability,
        drawn_at=routing.at,
        hint_shown=hint_shown,
        verdict=Verdict(given.first["verdict"] if given.first else given.verdict),
        final_verdict=given.verdict,
        at=given.at,
        **_settled(NOTHING if hint_shown else standing, given.at),
    )

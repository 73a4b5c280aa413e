"""Set a person's verdict beside the AI's opinion, with everything that says what the pair is worth as evidence."""

from __future__ import annotations

from inspection.models import Evidence, Exposure, Item, Prediction, Review, VerdictGiven
from inspection.policy.sampling import slot
from inspection.vocabulary import UNBIASED, Drawn, Verdict


def compare(*, given: VerdictGiven, review: Review) -> Evidence | None:
    """One row of evidence for a verdict; None where the AI had no opinion or the draw is no evidence.

    Call it in the transaction that recorded the verdict.
    """
    prediction, routing = review.routing.prediction, review.routing
    if given.late or not routing.drawn or prediction is None or prediction.score is None:
        return None
    item = review.item
    verdict = Verdict(given.first["verdict"] if given.first else given.verdict)
    hint_shown = _knew(given, item)
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
        verdict=verdict,
        final_verdict=given.verdict,
        reference=_reference(verdict, prediction, drawn=Drawn(routing.drawn), hint_shown=hint_shown),
        at=given.at,
    )


def _knew(given: VerdictGiven, item: Item) -> bool:
    """Whether the person knew the AI's opinion when giving the answer that counts."""
    if given.shown is not None and given.first is None:
        return True
    return Exposure.objects.filter(item=item, person=given.person).exists()


def _reference(verdict: Verdict, prediction: Prediction, *, drawn: Drawn, hint_shown: bool) -> str:
    """AI and a blind person agree: that verdict. Else there is none yet."""
    agreed = verdict == prediction.opinion and verdict != Verdict.UNSURE
    return verdict if agreed and not hint_shown and drawn in UNBIASED else ""

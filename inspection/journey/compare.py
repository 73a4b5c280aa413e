"""Set a person's verdict beside the AI's opinion, with everything that says what the pair is worth as evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from inspection.models import Evidence, Item, Job, Prediction, Review, VerdictGiven
from inspection.policy.sampling import slot, worked
from inspection.policy.second_look import NOTHING, Standing, backed
from inspection.queries.epochs import moment_of
from inspection.queries.named import believed_on
from inspection.vocabulary import UNBIASED, Look, Reason, Verdict

PAIRED = (Look.FIRST, Look.AUDIT)
"""Looks whose answer is set beside the AI's opinion; the others only say who of the two was right."""


def compare(*, given: VerdictGiven, review: Review, standing: Standing, exposed: bool) -> list[Evidence]:
    """The evidence that a verdict has made or changed: one row for a first verdict, with the reference where there is
    one already, and the row that said nobody would answer; a later look settles the rows that are there. Nothing where
    the AI was not asked, the draw is no evidence, or somebody asked for another look.

    `exposed` says whether the person had seen the AI's opinion before. Call it in the transaction that recorded the
    verdict.
    """
    prediction, routing = review.routing.prediction, review.routing
    if given.late or not routing.drawn or prediction is None:
        return []
    if review.look in PAIRED:
        return _pair(given, review, prediction, standing, exposed)
    if review.look == Look.REOPENED:
        # Whoever opens the AI's errors again, and only these, would find somebody who agrees with it.
        return []
    if review.look == Look.ADJUDICATION and not any(row.verdict_given_id for row in _live(review.item_id)):
        # Nobody answered before: the part was passed to the adjudicator at once.
        return _pair(given, review, prediction, standing, exposed)
    # A dispute takes the reference back too: else a part on which two people differ went on proving something.
    if standing.disputed or (standing.reference is not None and not exposed):
        return settle(item=review.item_id, standing=standing, now=given.at)
    return []


def settle(*, item: UUID, standing: Standing, now: datetime) -> list[Evidence]:
    """Write where an item stands on its evidence, with the classes that are believed of a bad one, and give the rows.

    The classes are written and not looked up later: who replays the ledger has to find what was believed then.
    """
    rows = [row for row in _live(item) if not _stays(row, standing)]
    found = [replace(standing, reference=backed(standing, Verdict(row.opinion))) for row in rows]
    named = believed_on(item) if any(one.reference == Verdict.NG for one in found) else ()
    for row, one in zip(rows, found, strict=True):
        _write(row, **_settled(one, named, now))
    return rows


def _stays(row: Evidence, standing: Standing) -> bool:
    """Whether what was said after a part had been opened again leaves its row as it was."""
    worth = backed(standing, Verdict(row.opinion))
    return worth != standing.reference and worth == (row.reference or None)


def withdraw(given: VerdictGiven) -> list[Evidence]:
    """The rows of a verdict that was taken back; they count for nothing from now on."""
    rows = list(Evidence.objects.filter(verdict_given=given))
    for row in rows:
        _write(row, undone=True)
    return rows


def lose(asked: Review, *, at: datetime) -> Evidence | None:
    """Note a drawn part that was in somebody's hands and of which they let go at a moment, without an answer: it stays
    in the count until somebody answers after all. None where that is no evidence, or noted already.

    Without this the parts that people pass on, which are the difficult ones, would prove the AI by their absence.
    """
    prediction, routing = asked.routing.prediction, asked.routing
    if routing.drawn not in UNBIASED or prediction is None or _live(asked.item_id):
        return None
    return Evidence.objects.create(**_drawn(asked, prediction, at=at))


def _live(item: UUID) -> list[Evidence]:
    return list(Evidence.objects.filter(item=item, undone=False).order_by("id"))


def _write(row: Evidence, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))


def _settled(standing: Standing, labels: Iterable[str], now: datetime) -> dict[str, Any]:
    return {
        "reference": standing.reference or "",
        "settled_by": standing.settled or "",
        "reference_at": now if standing.reference else None,
        "labels": sorted(labels) if standing.reference == Verdict.NG else [],
    }


def _pair(
    given: VerdictGiven, review: Review, prediction: Prediction, standing: Standing, exposed: bool
) -> list[Evidence]:
    hint_shown = exposed or (given.shown is not None and given.first is None)
    # Two rows and not one written over: who replays the ledger has to find what was known then.
    lost = list(Evidence.objects.filter(prediction=prediction, verdict_given=None, undone=False))
    for row in lost:
        _write(row, undone=True)
    made = Evidence.objects.create(
        **_drawn(review, prediction, at=given.at)
        | {
            "verdict_given": given,
            "person": given.person,
            "hint_shown": hint_shown,
            "verdict": Verdict(given.first["verdict"] if given.first else given.verdict),
            "final_verdict": given.verdict,
            **_settled(NOTHING if hint_shown else standing, given.labels, given.at),
        }
    )
    return [*lost, made]


def _drawn(review: Review, prediction: Prediction, *, at: datetime) -> dict[str, Any]:
    """What the draw alone says; no answer yet."""
    job, item, routing = review.job, review.item, review.routing
    when = worked(moment_of(job, item, at), zone=job.time_zone, begins=job.shifts)
    return {
        "job": job,
        "item": item,
        "prediction": prediction,
        "model_id": prediction.model_id,
        "role": prediction.role,
        "fingerprint": prediction.fingerprint,
        "lot_or_slot": lot_or_slot(job, item),
        "shift": item.shift,
        "day": when.day,
        "worked": when.shift,
        # No answer is none by which a part could pass: left out, an AI that is down half of the time was as good as one
        # that never is.
        "opinion": prediction.opinion if prediction.score is not None else Verdict.UNSURE,
        "score": prediction.score,
        "drawn": routing.drawn,
        "probability": routing.probability,
        "drawn_at": routing.at,
        "draw": routing.pk,
        "hint_shown": False,
        "late": prediction.reason == Reason.LATE,
        "repeated": item.duplicate_of_id is not None,
        "at": at,
    }


def lot_or_slot(job: Job, item: Item) -> str:
    """The lot of a part; where it came without one, the ten minutes in which it was received, or where the job counts
    captured time, pictured. Whoever sends a part says when it was pictured: six parts of one minute were six slots."""
    return item.lot or slot(moment_of(job, item, item.received_at))

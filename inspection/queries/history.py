"""Who let it pass? Everything that happened to one item, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inspection.models import Decision, HandOut, Item, Prediction, Refusal, Review, Routing, ThresholdSet, VerdictGiven
from inspection.vocabulary import Look

# Of what carries the same time, causes come first.
KINDS = ("intake", "prediction", "route", "reopen", "review", "verdict", "decision", "undo", "late", "refusal")


@dataclass(frozen=True)
class Event:
    """One row of an item's history. `by` is a person's name or `ai`, for a route `person` or `ai`; None for nobody."""

    at: datetime
    kind: str
    by: str | None
    facts: dict[str, Any] = field(default_factory=dict)


def of_item(item: Item) -> list[Event]:
    """The whole history of an item, oldest first; eight queries however long it is."""
    events = [
        _intake(item),
        *_predictions(item),
        *_routes(item),
        *_reopenings(item),
        *_reviews(item),
        *_verdicts(item),
        *_decisions(item),
        *_refusals(item),
    ]
    return sorted(events, key=lambda event: (event.at, KINDS.index(event.kind)))


def _intake(item: Item) -> Event:
    facts = {
        "source": item.source,
        "received_digest": item.received_digest,
        "picture": item.picture.digest,
        "width": item.picture.width,
        "height": item.picture.height,
        "captured_at": item.captured_at,
        "metadata": item.metadata,
        "duplicate_of": str(item.duplicate_of_id) if item.duplicate_of_id else None,
    }
    return Event(at=item.received_at, kind="intake", by=_name(item.received_by), facts=facts)


def _predictions(item: Item) -> Iterator[Event]:
    for row in Prediction.objects.filter(item=item).select_related("model", "thresholds"):
        facts = {
            "model": row.model.digest,
            "model_name": row.model.name,
            "role": row.role,
            "opinion": row.opinion or None,
            "score": row.score,
            "labels": row.labels,
            "fault": row.fault or None,
            "thresholds": _thresholds(row.thresholds),
            "fingerprint": row.fingerprint,
            "steps_ms": row.steps_ms,
        }
        yield Event(at=row.at, kind="prediction", by="ai", facts=facts)


def _routes(item: Item) -> Iterator[Event]:
    rows = Routing.objects.filter(item=item).select_related("thresholds", "level_change__by", "prediction")
    for row in rows:
        facts = {
            "to": row.by,
            "reason": row.reason,
            "level": row.level,
            "level_set_by": _level_set_by(row),
            "opinion": row.prediction.opinion or None if row.prediction else None,
            "thresholds": _thresholds(row.thresholds),
            "drawn": row.drawn or None,
            "probability": row.probability,
            "hint": row.hint,
            "commit_first": row.commit_first,
            "audited": row.audited,
        }
        yield Event(at=row.at, kind="route", by=row.by, facts=facts)


def _reopenings(item: Item) -> Iterator[Event]:
    """Who asked stands behind the reason; the row of a review has no place of its own for it."""
    for row in Review.objects.filter(item=item, look=Look.REOPENED):
        yield Event(at=row.created_at, kind="reopen", by=None, facts={"review": str(row.pk), "reason": row.note})


def _reviews(item: Item) -> Iterator[Event]:
    rows = HandOut.objects.filter(review__item=item).exclude(review__look=Look.SEEDED)
    for row in rows.select_related("review", "person"):
        facts = {
            "review": str(row.review_id),
            "look": row.review.look,
            "committed": _answer(row.committed),
            "committed_at": row.committed_at,
            "shown": row.shown,
            "shown_at": row.shown_at,
            "end": row.end,
            "ended_at": row.ended_at,
            "reason": row.reason or None,
        }
        yield Event(at=row.at, kind="review", by=row.person.shown_name, facts=facts)


def _verdicts(item: Item) -> Iterator[Event]:
    rows = VerdictGiven.objects.filter(item=item).exclude(review__look=Look.SEEDED)
    for row in rows.select_related("person"):
        facts = {
            "review": str(row.review_id),
            "verdict": row.verdict,
            "labels": row.labels,
            "regions": row.regions,
            "note": row.note,
            "seconds": row.seconds,
            "first": _answer(row.first),
            "shown": row.shown,
        }
        by = row.person.shown_name
        yield Event(at=row.at, kind="late" if row.late else "verdict", by=by, facts=facts)
        if row.undone_at is not None:
            yield Event(at=row.undone_at, kind="undo", by=by, facts={"review": str(row.review_id)})


def _decisions(item: Item) -> Iterator[Event]:
    rows = Decision.objects.filter(item=item).select_related(
        "person", "model", "thresholds", "routing__level_change__by"
    )
    for row in rows:
        facts = {
            "verdict": row.verdict,
            "labels": row.labels,
            "decided_by": row.by,
            "level": row.level,
            "level_set_by": _level_set_by(row.routing),
            "model": row.model.digest if row.model else None,
            "thresholds": _thresholds(row.thresholds),
            "code_version": row.code_version,
            "supersedes": str(row.supersedes_id) if row.supersedes_id else None,
            "decision": str(row.pk),
            "in_force": row.pk == item.decision_id,
            "undone": row.undone,
        }
        yield Event(at=row.at, kind="decision", by=_name(row.person) or row.by, facts=facts)


def _refusals(item: Item) -> Iterator[Event]:
    for row in Refusal.objects.filter(item=item).select_related("by"):
        facts = {
            "code": row.code,
            "detail": row.detail,
            "words": row.words,
            "name": row.name,
            "size": row.size,
            "source": row.source,
        }
        yield Event(at=row.at, kind="refusal", by=_name(row.by), facts=facts)


def _level_set_by(row: Routing) -> dict[str, Any] | None:
    """Who approved the level under which an item was routed, and why."""
    change = row.level_change
    if change is None:
        return None
    facts = {"by": _name(change.by), "reason": change.reason, "at": change.at, "gate": change.gate}
    return {**facts, "words": change.words}


def _thresholds(row: ThresholdSet | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"version": row.version, "accept_at": row.accept_at, "reject_at": row.reject_at}


def _answer(kept: dict[str, Any] | None) -> dict[str, Any] | None:
    """An answer without the keys by which deliveries are told apart."""
    return None if kept is None else {name: kept.get(name) for name in ("verdict", "labels", "regions")}


def _name(person: Any) -> str | None:
    return person.shown_name if person is not None else None

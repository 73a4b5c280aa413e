"""How an item looks from outside, and who is shown what of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from inspection.acts.note_exposure import note_exposure
from inspection.models import Decision, Item, Person, Prediction
from inspection.queries.items import decided_by_ai, predictions_on
from inspection.vocabulary import DecidedBy, Level, Role, State, Verdict


class DecisionShape(serializers.Serializer):
    verdict = serializers.ChoiceField(choices=Verdict.choices, help_text="OK or NG.")
    labels = serializers.ListField(child=serializers.CharField())
    by = serializers.ChoiceField(choices=DecidedBy.choices)
    level = serializers.ChoiceField(choices=Level.choices)
    model = serializers.CharField(allow_null=True, help_text="Digest of the model version that spoke of the item.")
    at = serializers.DateTimeField()


class PredictionShape(serializers.Serializer):
    model = serializers.CharField(help_text="Digest of the model version.")
    role = serializers.ChoiceField(choices=Role.choices)
    opinion = serializers.ChoiceField(choices=Verdict.choices, allow_null=True)
    score = serializers.FloatField(allow_null=True)
    at = serializers.DateTimeField()


class ItemShape(serializers.Serializer):
    id = serializers.CharField()
    job = serializers.CharField()
    serial = serializers.CharField()
    # "pass" is a word of Python's own.
    locals()["pass"] = serializers.IntegerField()
    lot = serializers.CharField()
    station = serializers.CharField()
    shift = serializers.CharField()
    captured_at = serializers.DateTimeField(allow_null=True)
    received_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=State.choices)
    level = serializers.ChoiceField(choices=Level.choices)
    duplicate_of = serializers.CharField(allow_null=True, help_text="An earlier item with the same picture.")
    decision = DecisionShape(allow_null=True, help_text="Null too while an item is held.")
    predictions = PredictionShape(
        many=True, required=False, help_text="For managers and admins, and for inspectors after their own verdict."
    )


class ItemPage(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    results = ItemShape(many=True)


def shown_to(person: Person, items: Sequence[Item], *, job_slug: str, opinions: bool) -> list[dict[str, Any]]:
    """The items as this person may see them; whoever sees what the AI said is noted as no blind judge any more."""
    said = predictions_on(items) if opinions else {}
    told = [item.pk for item in items if said.get(item.pk) or decided_by_ai(item)]
    if told:
        note_exposure(person=person, items=told)
    shapes = [_item(item, job_slug) for item in items]
    if opinions:
        for item, shape in zip(items, shapes, strict=True):
            shape["predictions"] = [_prediction(row) for row in said.get(item.pk, [])]
    return shapes


def _item(item: Item, job_slug: str) -> dict[str, Any]:
    return {
        "id": str(item.pk),
        "job": job_slug,
        "serial": item.serial,
        "pass": item.pass_number,
        "lot": item.lot,
        "station": item.station,
        "shift": item.shift,
        "captured_at": item.captured_at.isoformat() if item.captured_at else None,
        "received_at": item.received_at.isoformat(),
        "state": item.state,
        "level": item.level,
        "duplicate_of": str(item.duplicate_of_id) if item.duplicate_of_id else None,
        "decision": _decision(item.decision),
    }


def _decision(decision: Decision | None) -> dict[str, Any] | None:
    """A decision UNSURE decides nothing: the item is held."""
    if decision is None or decision.verdict == Verdict.UNSURE:
        return None
    return {
        "verdict": decision.verdict,
        "labels": decision.labels,
        "by": decision.by,
        "level": decision.level,
        "model": decision.model.digest if decision.model else None,
        "at": decision.at.isoformat(),
    }


def _prediction(row: Prediction) -> dict[str, Any]:
    return {
        "model": row.model.digest,
        "role": row.role,
        "opinion": row.opinion or None,
        "score": row.score,
        "at": row.at.isoformat(),
    }

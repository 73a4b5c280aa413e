"""The zones in which people are divided, as a program reads them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from inspection.policy.signal_detection import Answer, Border, Detection, Measured
from inspection.policy.study_words import zones
from inspection.queries.study_report import StudyReport
from inspection.refused import spoken


class MeasuredShape(serializers.Serializer):
    part = serializers.IntegerField()
    value = serializers.FloatField()
    answer = serializers.ChoiceField(choices=[answer.value for answer in Answer], help_text="Of all people together.")


class ZoneShape(serializers.Serializer):
    limit = serializers.FloatField()
    last_accepted = MeasuredShape(allow_null=True)
    first_rejected = MeasuredShape(allow_null=True)
    divided = serializers.ListField(child=serializers.IntegerField(), help_text="Parts of the zone.")
    width = serializers.FloatField(allow_null=True)
    why = serializers.CharField(help_text="Why there is no width; else empty.")


class SignalDetectionShape(serializers.Serializer):
    says = serializers.CharField()
    lower = ZoneShape(allow_null=True, help_text="Null where there is no limit on this side.")
    upper = ZoneShape(allow_null=True)
    width = serializers.FloatField(allow_null=True, help_text="The mean over the limits.")
    grr = serializers.FloatField(allow_null=True, help_text="The mean width as a share of the tolerance.")
    band = serializers.CharField(allow_null=True, help_text="acceptable, marginal or unacceptable.")
    parts = MeasuredShape(many=True, help_text="In the order of their values.")
    astray = serializers.ListField(child=serializers.IntegerField(), help_text="Divided outside the zones.")
    left_out = serializers.ListField(child=serializers.IntegerField(), help_text="Not judged by everybody.")
    contradictions = serializers.ListField(
        child=serializers.IntegerField(), help_text="Parts whose value says something else than their standard."
    )
    why = serializers.DictField(child=serializers.CharField(), help_text="Why a figure is null.")


def signal_detection_shape(found: StudyReport) -> dict[str, Any] | None:
    """None where nothing was measured."""
    if found.detection is None:
        return None
    return {**_figures(found.detection), "contradictions": [int(part) for part in found.contradictions]}


def _figures(found: Detection) -> dict[str, Any]:
    return {
        "says": spoken(zones(found)),
        "lower": _zone(found.lower),
        "upper": _zone(found.upper),
        "width": found.width,
        "grr": found.share,
        "band": found.band,
        "parts": [_measured(part) for part in found.parts],
        "astray": [int(part.part) for part in found.astray],
        "left_out": [int(part) for part in found.left_out],
        "why": {"grr" if name == "share" else name: spoken(why) for name, why in found.why.items()},
    }


def _zone(border: Border | None) -> dict[str, Any] | None:
    if border is None:
        return None
    return {
        "limit": border.limit,
        "last_accepted": _measured(border.accepted),
        "first_rejected": _measured(border.rejected),
        "divided": [int(part.part) for part in border.divided],
        "width": border.width,
        "why": spoken(border.why or ""),
    }


def _measured(part: Measured | None) -> dict[str, Any] | None:
    return None if part is None else {"part": int(part.part), "value": part.value, "answer": part.answer}

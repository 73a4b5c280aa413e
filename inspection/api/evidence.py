"""The raw rows: every piece of evidence of a job, and the ledger of what became of each."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspection.acts.note_exposure import note_exposure
from inspection.api import paging, shapes
from inspection.api.access import Door, seat_in
from inspection.api.problems import FAILURES
from inspection.models import Evidence, LedgerEntry
from inspection.permissions import may_read_readiness
from inspection.queries.readiness import evidence_of, ledger_rows
from inspection.vocabulary import Drawn, Level, Role, Settled, Verdict


class EvidenceFilter(serializers.Serializer):
    model = serializers.RegexField(re.compile(r"^[0-9a-f]{6,64}\Z"), required=False)
    epoch = serializers.IntegerField(min_value=1, max_value=2**62, required=False)
    drawn = serializers.ChoiceField(choices=Drawn.choices, required=False)
    since = shapes.Moment(required=False)
    until = shapes.Moment(required=False)


class LedgerFilter(serializers.Serializer):
    epoch = serializers.IntegerField(min_value=1, max_value=2**62, required=False)


class EvidenceShape(serializers.Serializer):
    id = serializers.IntegerField()
    item = serializers.CharField()
    epoch = serializers.IntegerField(allow_null=True)
    model = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    fingerprint = serializers.CharField()
    lot_or_slot = serializers.CharField()
    worked = serializers.CharField(help_text="Shift by the calendar: day and beginning, local.")
    opinion = serializers.ChoiceField(choices=Verdict.choices)
    score = serializers.FloatField(allow_null=True, help_text="Null: the AI gave no answer, which counts as UNSURE.")
    drawn = serializers.ChoiceField(choices=Drawn.choices)
    probability = serializers.FloatField()
    draw = serializers.IntegerField(help_text="Place in the order of the draws.")
    drawn_at = serializers.DateTimeField()
    hint_shown = serializers.BooleanField()
    person = serializers.CharField(allow_null=True, help_text="Null: the part was lost without an answer.")
    verdict = serializers.CharField(help_text="Unaided; blank where there is none.")
    reference = serializers.CharField(help_text="Blank: none yet.")
    settled_by = serializers.ChoiceField(choices=Settled.choices, allow_blank=True)
    labels = serializers.ListField(child=serializers.CharField())
    undone = serializers.BooleanField()
    at = serializers.DateTimeField()


class EvidencePage(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    results = EvidenceShape(many=True)


class LedgerShape(serializers.Serializer):
    id = serializers.IntegerField()
    epoch = serializers.IntegerField()
    evidence = serializers.IntegerField()
    level = serializers.ChoiceField(choices=Level.choices)
    reference = serializers.CharField(help_text="Blank: none yet.")
    labels = serializers.ListField(child=serializers.CharField())
    left_out = serializers.BooleanField()
    counts = serializers.DictField(
        child=serializers.ListField(child=serializers.IntegerField()),
        allow_null=True,
        help_text="Counter to [errors, items] after it; null where none changed.",
    )
    alarms = serializers.ListField(child=serializers.CharField())
    at = serializers.DateTimeField()


class LedgerPage(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    results = LedgerShape(many=True)


OF_EPOCH = OpenApiParameter("epoch", int, description="Key of an epoch, as readiness tells it.")
FILTERS = [
    OpenApiParameter("model", str, description="Digest of a model version, or its first six or more digits."),
    OF_EPOCH,
    OpenApiParameter("drawn", enum=Drawn.values, description="How the evidence was drawn."),
    OpenApiParameter("since", str, description="From this time on, ISO 8601 with zone."),
    OpenApiParameter("until", str, description="Before this time, ISO 8601 with zone."),
]


class EvidenceOfJob(Door):
    @extend_schema(
        operation_id="list_evidence",
        parameters=[*FILTERS, *paging.PARAMETERS],
        responses={200: EvidencePage, **FAILURES},
    )
    def get(self, request: Request, slug: str) -> Response:
        """Every pair of AI opinion and human verdict with how it was drawn, newest first."""
        seat = seat_in(request, slug, may_read_readiness)
        rows = evidence_of(seat.job, **paging.read_filter(EvidenceFilter, request))
        page = paging.page(rows, request, order=paging.BY_AT)
        # Whoever reads here what the AI said of a part is no blind judge of it any more.
        note_exposure(person=seat.person, items={row.item_id for row in page.rows})
        return Response(page.body(request, [_evidence(row) for row in page.rows]))


class LedgerOfJob(Door):
    @extend_schema(
        operation_id="list_ledger", parameters=[OF_EPOCH, *paging.PARAMETERS], responses={200: LedgerPage, **FAILURES}
    )
    def get(self, request: Request, slug: str) -> Response:
        """Every change of what is known of the evidence, oldest first: replayed, the rules come to the same level."""
        seat = seat_in(request, slug, may_read_readiness)
        rows = ledger_rows(seat.job, **paging.read_filter(LedgerFilter, request))
        page = paging.page(rows, request, order=paging.BY_KEY)
        return Response(page.body(request, [_entry(row) for row in page.rows]))


PLAIN = (
    *("fingerprint", "lot_or_slot", "worked", "opinion", "score", "drawn", "probability", "draw", "hint_shown"),
    *("verdict", "reference", "settled_by", "labels", "undone", "role"),
)


def _evidence(row: Evidence) -> dict[str, Any]:
    return {
        "id": row.pk,
        "item": str(row.item_id),
        "epoch": row.epoch_id,
        "model": row.model.digest,
        **{name: getattr(row, name) for name in PLAIN},
        "drawn_at": row.drawn_at.isoformat(),
        "person": row.person.shown_name if row.person else None,
        "at": row.at.isoformat(),
    }


def _entry(row: LedgerEntry) -> dict[str, Any]:
    return {
        "id": row.pk,
        "epoch": row.epoch_id,
        "evidence": row.evidence_id,
        "level": row.level,
        "reference": row.reference,
        "labels": row.labels,
        "left_out": row.left_out,
        "counts": row.counts,
        "alarms": row.alarms,
        "at": row.at.isoformat(),
    }

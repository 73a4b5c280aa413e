"""The rows behind the report on agreement: page by page as JSON, all at once as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspection.acts.note_exposure import note_exposure
from inspection.api import shapes
from inspection.api.access import Door, Seat, seat_in
from inspection.api.agreement_filter import FILTERS, AgreementFilter, wanted
from inspection.api.paging import PARAMETERS, Order, page, read_filter
from inspection.api.problems import FAILURES
from inspection.models import Evidence
from inspection.permissions import may_read_agreement
from inspection.queries import agreement_rows
from inspection.queries.agreement import Wanted
from inspection.vocabulary import Drawn, Role, Settled, Verdict
from inspection.web import part_table

OLDEST_FIRST = Order(fields=(("id", int),), newest_first=False)
HIDDEN = "Null while somebody is still asked to judge the part."


class AgreementRowShape(serializers.Serializer):
    evidence = serializers.IntegerField()
    item = serializers.CharField()
    serial = serializers.CharField()
    pass_ = serializers.IntegerField()
    lot_or_slot = serializers.CharField()
    station = serializers.CharField()
    shift = serializers.CharField(help_text="As the line named it.")
    worked = serializers.CharField(help_text="Shift by the calendar: day and beginning.")
    day = serializers.DateField(allow_null=True)
    at = shapes.Moment()
    person = serializers.CharField(allow_null=True)
    model = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    fingerprint = serializers.CharField()
    epoch = serializers.IntegerField(allow_null=True)
    draw = serializers.IntegerField(help_text="Place in the order of the draws.")
    drawn = serializers.ChoiceField(choices=Drawn.choices)
    probability = serializers.FloatField(help_text="Inclusion probability of the draw.")
    drawn_at = shapes.Moment()
    hint_shown = serializers.BooleanField(allow_null=True)
    opinion = serializers.ChoiceField(choices=Verdict.choices, allow_null=True, help_text=HIDDEN)
    score = serializers.FloatField(allow_null=True, help_text=HIDDEN)
    verdict = serializers.ChoiceField(choices=Verdict.choices, allow_null=True, help_text=f"Unaided. {HIDDEN}")
    final_verdict = serializers.ChoiceField(choices=Verdict.choices, allow_null=True, help_text=HIDDEN)
    reference = serializers.ChoiceField(choices=Verdict.choices, allow_null=True, help_text=HIDDEN)
    reference_at = shapes.Moment(allow_null=True)
    settled_by = serializers.ChoiceField(choices=Settled.choices, allow_null=True, help_text=HIDDEN)
    labels = serializers.ListField(child=serializers.CharField(), allow_null=True, help_text="Of the reference.")
    waits = serializers.BooleanField(help_text="Somebody is still asked to judge the part.")

    def get_fields(self) -> dict[str, Any]:
        """`pass` is a word of Python's own."""
        return {"pass" if name == "pass_" else name: field for name, field in super().get_fields().items()}


class AgreementRowsShape(serializers.Serializer):
    next = serializers.URLField(allow_null=True)
    results = AgreementRowShape(many=True)


class AgreementRows(Door):
    @extend_schema(
        operation_id="list_agreement_rows",
        parameters=[*FILTERS, *PARAMETERS],
        responses={200: AgreementRowsShape, **FAILURES},
    )
    def get(self, request: Request, slug: str) -> Response:
        """Every piece of evidence of a filter, oldest first, with all that counts it. Managers and admins."""
        seat = seat_in(request, slug, may_read_agreement)
        asked = wanted(read_filter(AgreementFilter, request), seat.job)
        found = page(agreement_rows.whole(seat.job, asked), request, order=OLDEST_FIRST)
        return Response(found.body(request, _told(seat, found.rows)))


class AgreementFile(Door):
    @extend_schema(
        operation_id="export_agreement_rows",
        parameters=FILTERS,
        responses={(200, "text/csv"): OpenApiTypes.STR, **FAILURES},
    )
    def get(self, request: Request, slug: str) -> StreamingHttpResponse:
        """The same as a CSV file, streamed: a million rows need no large memory. Managers and admins."""
        seat = seat_in(request, slug, may_read_agreement)
        asked = wanted(shapes.read_query(AgreementFilter, request.query_params), seat.job)
        lines = part_table.lines(agreement_rows.COLUMNS, _lines(seat, asked))
        answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{seat.job.slug}-evidence.csv"'
        return answer


def _lines(seat: Seat, asked: Wanted) -> Iterator[list[str]]:
    for batch in agreement_rows.in_batches(seat.job, asked):
        for told in _told(seat, batch):
            yield [_cell(told[name]) for name in agreement_rows.COLUMNS]


def _told(seat: Seat, rows: list[Evidence]) -> list[dict[str, Any]]:
    """Rows as they may be read; whoever reads them is noted before any of them goes out."""
    told = agreement_rows.shapes_of(rows)
    if read := [row.item_id for row, shape in zip(rows, told, strict=True) if not shape["waits"]]:
        note_exposure(person=seat.person, items=read)
    return told


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

"""How well people and AI agree in a job."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspection.api import shapes
from inspection.api.access import Door, seat_in
from inspection.api.problems import FAILURES
from inspection.permissions import may_read_agreement
from inspection.policy.agreement import Matrix, Share
from inspection.queries.agreement import UNBIASED_ONLY, Wanted, agreement
from inspection.vocabulary import Drawn, Verdict

UNBIASED = "unbiased"
WAYS = [*Drawn.values, UNBIASED]


class AgreementFilter(serializers.Serializer):
    model = serializers.RegexField(re.compile(r"^[0-9a-f]{6,64}\Z"), required=False)
    since = shapes.Moment(required=False)
    until = shapes.Moment(required=False)
    drawn = serializers.ChoiceField(choices=WAYS, required=False)


class ShareShape(serializers.Serializer):
    k = serializers.IntegerField()
    n = serializers.IntegerField()


class FiguresShape(serializers.Serializer):
    n = serializers.IntegerField()
    agree = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True)
    interval = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="Wilson, 95 %, in per cent like `percent`."
    )
    misses = ShareShape(help_text="People said NG, the AI OK; of all that people called NG.")
    overkill = ShareShape(help_text="People said OK, the AI NG; of all that people called OK.")


class OfModelShape(FiguresShape):
    model = serializers.CharField()


class OfDrawShape(FiguresShape):
    drawn = serializers.ChoiceField(choices=Drawn.choices)


class MatrixRowShape(serializers.Serializer):
    OK = serializers.IntegerField()
    NG = serializers.IntegerField()
    UNSURE = serializers.IntegerField()


class MatrixShape(serializers.Serializer):
    OK = MatrixRowShape()
    NG = MatrixRowShape()
    UNSURE = MatrixRowShape()


class AgreementShape(FiguresShape):
    matrix = MatrixShape(help_text="Rows the person's verdict, columns the AI's opinion.")
    by_model = OfModelShape(many=True)
    by_drawn = OfDrawShape(many=True)


FILTERS = [
    OpenApiParameter("model", str, description="Digest of a model version, or its first six or more digits."),
    OpenApiParameter("since", str, description="From this time on, ISO 8601 with zone."),
    OpenApiParameter("until", str, description="Before this time, ISO 8601 with zone."),
    OpenApiParameter("drawn", enum=WAYS, description="How the evidence was drawn; unbiased: shadow, blind and audits."),
]


class AgreementOfJob(Door):
    @extend_schema(operation_id="read_agreement", parameters=FILTERS, responses={200: AgreementShape, **FAILURES})
    def get(self, request: Request, slug: str) -> Response:
        """Confusion matrix, agreement with its interval, misses and overkill: managers and admins."""
        seat = seat_in(request, slug, may_read_agreement)
        found = agreement(job=seat.job, wanted=_wanted(shapes.read_query(AgreementFilter, request.query_params)))
        whole = _figures(found.whole)
        return Response(
            {
                **{name: whole[name] for name in ("n", "agree", "percent", "interval")},
                "matrix": _matrix(found.whole),
                **{name: whole[name] for name in ("misses", "overkill")},
                "by_model": [{"model": model.digest, **_figures(part)} for model, part in found.by_model],
                "by_drawn": [{"drawn": way.value, **_figures(part)} for way, part in found.by_drawn],
            }
        )


def _wanted(given: dict[str, Any]) -> Wanted:
    drawn = given.get("drawn")
    ways = UNBIASED_ONLY if drawn == UNBIASED else (Drawn(drawn),) if drawn else ()
    period = {name: given.get(name) for name in ("since", "until")}
    return Wanted(model=given.get("model", ""), drawn=ways, unaided=drawn == UNBIASED, **period)


def _figures(matrix: Matrix) -> dict[str, Any]:
    agree = matrix.agree
    interval = agree.interval()
    return {
        "n": agree.n,
        "agree": agree.k,
        "percent": None if agree.value is None else 100 * agree.value,
        "interval": None if interval is None else [100 * end for end in interval],
        "misses": _share(matrix.misses),
        "overkill": _share(matrix.overkill),
    }


def _share(share: Share) -> dict[str, int]:
    return {"k": share.k, "n": share.n}


def _matrix(matrix: Matrix) -> dict[str, dict[str, int]]:
    return {person.value: {ai.value: matrix.at(person=person, ai=ai) for ai in Verdict} for person in Verdict}

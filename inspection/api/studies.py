"""Attribute agreement studies: list them, make one, start and end it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspection import walk
from inspection.acts.create_study import MOST_APPRAISERS, NewStudy, Picked, create_study
from inspection.acts.end_study import MOST_WORDS, cancel_study, close_study
from inspection.acts.measure_study import MOST_UNIT, Measures, measure_study
from inspection.api import paging, shapes
from inspection.api.access import Door, seat_in
from inspection.api.problems import FAILURES
from inspection.api.study_doors import study_to_run
from inspection.api.study_turns import ProgressShape, progress_shape
from inspection.models import Study, StudyPart
from inspection.permissions import may_inspect, may_run_studies
from inspection.policy import study_design
from inspection.policy.study_values import MOST_ROWS, Row
from inspection.queries import studies
from inspection.refused import Refused, spoken
from inspection.vocabulary import StandardBy, StudyState, Verdict


class PickShape(serializers.Serializer):
    n = shapes.Whole(default=study_design.USUAL_PARTS, min_value=1, max_value=study_design.MOST_PARTS)
    seed = shapes.Text(default="", allow_blank=True, max_length=64)


class NewStudyShape(serializers.Serializer):
    name = shapes.Text(max_length=200)
    appraisers = serializers.ListField(child=shapes.Text(max_length=150), max_length=MOST_APPRAISERS)
    parts = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=study_design.MOST_PARTS,
        help_text="Items by hand. Leave it out and parts are picked by lot, about a third of them bad.",
    )
    pick = PickShape(required=False, help_text="How parts are picked by lot.")
    trials = shapes.Whole(default=study_design.USUAL_TRIALS, min_value=1, max_value=study_design.MOST_TRIALS)
    ai = shapes.Flag(default=True)
    vouched = shapes.Flag(
        default=False, help_text="You have looked at the parts and answer for verdicts that rest on one person alone."
    )


class ValueShape(serializers.Serializer):
    serial = shapes.Text(max_length=200)
    value = shapes.Number(allow_null=True, help_text="Null: not measured.")


class MeasuresShape(serializers.Serializer):
    lower = shapes.Number(default=None, allow_null=True, help_text="Limit, itself allowed; null: none on this side.")
    upper = shapes.Number(default=None, allow_null=True)
    unit = shapes.Text(default="", allow_blank=True, max_length=MOST_UNIT)
    values = ValueShape(many=True)
    others = shapes.Flag(default=False, help_text="Pass over serials that are not in the study.")

    def validate_values(self, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len(given) > MOST_ROWS:
            raise serializers.ValidationError(f"At most {MOST_ROWS}.")
        return given


class WhyShape(serializers.Serializer):
    reason = shapes.Text(default="", allow_blank=True, max_length=MOST_WORDS)


class StudyShape(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=StudyState.choices)
    trials = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class ListedShape(StudyShape):
    mine = ProgressShape(allow_null=True, help_text="One's own progress where one is asked; null elsewhere.")


class StudyPage(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    results = ListedShape(many=True)


class StandingShape(ProgressShape):
    appraiser = serializers.CharField(help_text="Log-in name; the digest of the model for the AI.")
    ai = serializers.BooleanField()


class StudyLimitsShape(serializers.Serializer):
    lower = serializers.FloatField(allow_null=True)
    upper = serializers.FloatField(allow_null=True)
    unit = serializers.CharField()


class PartShape(serializers.Serializer):
    number = serializers.IntegerField()
    item = serializers.CharField()
    serial = serializers.CharField()
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    labels = serializers.ListField(child=serializers.CharField())
    standard_by = serializers.ChoiceField(choices=StandardBy.choices)
    vouched_by = serializers.CharField(allow_null=True)
    value = serializers.FloatField(allow_null=True, help_text="As it was measured; null: not measured.")


class OneStudyShape(StudyShape):
    by = serializers.CharField()
    seed = serializers.CharField(help_text="Of the draw of the parts; empty where they were picked by hand.")
    reason = serializers.CharField(help_text="Why it was cancelled, or closed with readings missing.")
    limits = StudyLimitsShape(allow_null=True, help_text="Of the measured values; null where nothing was measured.")
    appraisers = StandingShape(many=True)
    parts = PartShape(many=True)
    cautions = serializers.ListField(child=serializers.CharField(), help_text="What a study of this size cannot say.")


class Studies(Door):
    @extend_schema(operation_id="list_studies", parameters=paging.PARAMETERS, responses={200: StudyPage, **FAILURES})
    def get(self, request: Request, slug: str) -> Response:
        """The studies of a job, newest first; an inspector sees the running ones in which that person is asked."""
        seat = seat_in(request, slug, may_inspect)
        paging.read_filter(paging.NoFilter, request)
        mine = {line.appraiser.study_id: line.progress for line in studies.running_for(seat.person, seat.job)}
        rows = studies.of_job(seat.job)
        if not may_run_studies.covers(seat.role):
            rows = rows.filter(pk__in=mine)
        page = paging.page(rows, request, order=paging.BY_AT)
        return Response(page.body(request, [_listed(study, mine.get(study.pk)) for study in page.rows]))

    @extend_schema(operation_id="create_study", request=NewStudyShape, responses={201: OneStudyShape, **FAILURES})
    def post(self, request: Request, slug: str) -> Response:
        """Make a draft. Its parts and their standard verdicts stay as they are from here on."""
        seat = seat_in(request, slug, may_run_studies)
        new = _new(shapes.read(NewStudyShape, request.data))
        study = create_study(job=seat.job, new=new, by=seat.person, now=timezone.now())
        return Response(_whole(study), status=201)


class OneStudy(Door):
    @extend_schema(operation_id="read_study", responses={200: OneStudyShape, **FAILURES})
    def get(self, request: Request, study_id: int) -> Response:
        """The design of a study and how far everybody is; never what anybody has said."""
        return Response(_whole(study_to_run(request, study_id).study))


class StudyValues(Door):
    @extend_schema(operation_id="measure_study", request=MeasuresShape, responses={200: OneStudyShape, **FAILURES})
    def post(self, request: Request, study_id: int) -> Response:
        """Put measured values and limits in the place of those that a draft has; none of both takes them away."""
        run = study_to_run(request, study_id)
        new = _measures(shapes.read(MeasuresShape, request.data))
        measure_study(study=run.study, new=new, by=run.person, now=timezone.now())
        return Response(_whole(run.study))


class StartStudy(Door):
    @extend_schema(operation_id="start_study", request=None, responses={200: OneStudyShape, **FAILURES})
    def post(self, request: Request, study_id: int) -> Response:
        """Ask the appraisers from now on; model and thresholds of the AI are frozen."""
        run = study_to_run(request, study_id)
        walk.start_study(study=run.study, by=run.person)
        return Response(_whole(run.study))


class CloseStudy(Door):
    @extend_schema(operation_id="close_study", request=WhyShape, responses={200: OneStudyShape, **FAILURES})
    def post(self, request: Request, study_id: int) -> Response:
        """Take no reading any more; the report can be read. With readings missing it takes a reason."""
        run = study_to_run(request, study_id)
        given = shapes.read(WhyShape, request.data)
        close_study(study=run.study, by=run.person, reason=given["reason"], now=timezone.now())
        return Response(_whole(run.study))


class CancelStudy(Door):
    @extend_schema(operation_id="cancel_study", request=WhyShape, responses={200: OneStudyShape, **FAILURES})
    def post(self, request: Request, study_id: int) -> Response:
        """Ask nobody any more; there is no report."""
        run = study_to_run(request, study_id)
        given = shapes.read(WhyShape, request.data)
        cancel_study(study=run.study, by=run.person, reason=given["reason"], now=timezone.now())
        return Response(_whole(run.study))


def _new(given: dict[str, Any]) -> NewStudy:
    if "parts" in given and "pick" in given:
        raise Refused("parts_or_pick", "Name the parts, or have them picked; not both.")
    parts = given["parts"] if "parts" in given else Picked(**given.get("pick", {}))
    names = ("name", "appraisers", "trials", "ai", "vouched")
    return NewStudy(parts=parts, **{name: given[name] for name in names})


def _measures(given: dict[str, Any]) -> Measures:
    rows = tuple(Row(line, row["serial"], row["value"]) for line, row in enumerate(given["values"], 1))
    return Measures(rows=rows, **{name: given[name] for name in ("lower", "upper", "unit", "others")})


def limits_shape(study: Study) -> dict[str, Any] | None:
    if study.lower_limit is None and study.upper_limit is None:
        return None
    return {"lower": study.lower_limit, "upper": study.upper_limit, "unit": study.unit}


def _study(study: Study) -> dict[str, Any]:
    return {
        "id": study.pk,
        "name": study.name,
        "state": study.state,
        "trials": study.trials,
        "made_at": study.at.isoformat(),
        "started_at": study.started_at and study.started_at.isoformat(),
        "ended_at": study.ended_at and study.ended_at.isoformat(),
    }


def _listed(study: Study, mine: studies.Progress | None) -> dict[str, Any]:
    return {**_study(study), "mine": progress_shape(mine) if mine else None}


def _whole(study: Study) -> dict[str, Any]:
    lines = studies.lines(study)
    bad, good = studies.bad_and_good(study)
    people = sum(line.appraiser.person_id is not None for line in lines)
    said = study_design.cautions(bad=bad, good=good, people=people, trials=study.trials)
    return {
        **_study(study),
        "by": study.by.username,
        "seed": study.seed,
        "reason": study.reason,
        "limits": limits_shape(study),
        "appraisers": [_standing(line) for line in lines],
        "parts": [_part(row) for row in study.parts.select_related("item", "vouched_by")],
        "cautions": [spoken(sentence) for sentence in said],
    }


def _standing(line: studies.Line) -> dict[str, Any]:
    person, model = line.appraiser.person, line.appraiser.model
    name = person.username if person else model.digest if model else ""
    return {"appraiser": name, "ai": person is None, **progress_shape(line.progress)}


def _part(row: StudyPart) -> dict[str, Any]:
    return {
        "number": row.number,
        "item": str(row.item_id),
        "serial": row.item.serial,
        "verdict": row.verdict,
        "labels": row.labels,
        "standard_by": row.standard_by,
        "vouched_by": row.vouched_by and row.vouched_by.username,
        "value": row.value,
    }

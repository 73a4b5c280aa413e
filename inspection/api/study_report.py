"""What a closed study says: figures, and every reading behind them."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspection.acts.note_exposure import note_exposure
from inspection.api.access import Door, who
from inspection.api.pictures import PictureDoor
from inspection.api.problems import FAILURES
from inspection.api.studies import StudyLimitsShape, limits_shape
from inspection.api.study_doors import finished_study
from inspection.api.study_zones import SignalDetectionShape, signal_detection_shape
from inspection.models import Study
from inspection.policy.agreement import Share, clopper_pearson
from inspection.policy.attribute_study import Appraiser, Pair, Report, matched_interval
from inspection.policy.kappa import Estimate, Fleiss
from inspection.policy.study_words import headline, marks, of_appraiser, standing, together, zones
from inspection.queries import studies
from inspection.queries.study_report import Fault, study_report
from inspection.queries.study_report import StudyReport as Found
from inspection.refused import spoken
from inspection.vocabulary import Verdict

COLUMNS = (
    "appraiser", "ai", "trial", "place", "part", "serial", "item", "standard", "standard_by", "verdict", "labels",
    "score", "fault", "seconds", "at", "measured", "lower_limit", "upper_limit", "unit",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class StudyShareShape(serializers.Serializer):
    k = serializers.IntegerField()
    n = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    interval = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="Clopper-Pearson, 95 %."
    )


class StudyFiguresShape(serializers.Serializer):
    appraiser = serializers.CharField()
    standing = serializers.CharField(allow_null=True, help_text="acceptable, marginal or unacceptable.")
    says = serializers.CharField()
    within = StudyShareShape(allow_null=True)
    within_kappa = serializers.FloatField(allow_null=True)
    effectiveness = StudyShareShape(allow_null=True, help_text="Per part.")
    misses = StudyShareShape(allow_null=True, help_text="Per reading of a bad part.")
    false_alarms = StudyShareShape(allow_null=True, help_text="Per reading of a good part.")
    unsure = StudyShareShape()
    bands = serializers.DictField(child=serializers.CharField(allow_null=True))
    cohen_kappa = serializers.FloatField(allow_null=True, help_text="With the standard, over all readings.")
    standard_kappa = serializers.FloatField(allow_null=True, help_text="Fleiss, mean over the trials.")
    why = serializers.DictField(child=serializers.CharField(), help_text="Why a figure is null.")


class PairShape(serializers.Serializer):
    appraisers = serializers.ListField(child=serializers.CharField())
    cohen_kappa = serializers.FloatField(allow_null=True)
    same = StudyShareShape()


class StudyFaultShape(serializers.Serializer):
    reason = serializers.CharField()
    parts = serializers.ListField(child=serializers.IntegerField())
    readings = serializers.IntegerField()


class StudyReportShape(serializers.Serializer):
    study = serializers.IntegerField()
    says = serializers.ListField(child=serializers.CharField())
    parts = serializers.IntegerField()
    bad = serializers.IntegerField()
    trials = serializers.IntegerField()
    gaps = serializers.IntegerField(help_text="Readings that are missing.")
    people = StudyFiguresShape(many=True)
    ai = StudyFiguresShape(allow_null=True)
    pairs = PairShape(many=True)
    between = StudyShareShape(allow_null=True, help_text="Parts on which all people said the same in all trials.")
    between_kappa = serializers.FloatField(allow_null=True)
    all_correct = StudyShareShape(allow_null=True)
    all_kappa = serializers.FloatField(allow_null=True)
    why = serializers.DictField(child=serializers.CharField())
    divided = serializers.ListField(child=serializers.IntegerField(), help_text="Parts that people got wrong.")
    signal_detection = SignalDetectionShape(allow_null=True, help_text="Null where nothing was measured.")
    faults = StudyFaultShape(many=True, help_text="Why the AI has no score and counts as UNSURE.")


class RowShape(serializers.Serializer):
    appraiser = serializers.CharField(help_text="Log-in name; the digest of the model for the AI.")
    ai = serializers.BooleanField()
    trial = serializers.IntegerField()
    place = serializers.IntegerField(help_text="In the order of the trial.")
    part = serializers.IntegerField()
    serial = serializers.CharField()
    item = serializers.CharField()
    standard = serializers.ChoiceField(choices=[Verdict.OK, Verdict.NG])
    standard_by = serializers.CharField()
    measured = serializers.FloatField(allow_null=True, help_text="Null: the part was not measured.")
    verdict = serializers.ChoiceField(choices=Verdict.choices, allow_null=True, help_text="Null: never read.")
    labels = serializers.ListField(child=serializers.CharField())
    score = serializers.FloatField(allow_null=True)
    fault = serializers.CharField(help_text="Why the AI gave no score and counts as UNSURE.")
    seconds = serializers.FloatField(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)


class RowsShape(serializers.Serializer):
    study = serializers.IntegerField()
    salt = serializers.CharField(help_text="Of the order of the trials, so that anybody can make it again.")
    seed = serializers.CharField()
    limits = StudyLimitsShape(allow_null=True)
    readings = RowShape(many=True)


class StudyReport(Door):
    @extend_schema(operation_id="read_study_report", responses={200: StudyReportShape, **FAILURES})
    def get(self, request: Request, study_id: int) -> Response:
        """The figures of a closed study. What is undefined is null, with the reason under its name in `why`."""
        study = finished_study(request, study_id)
        return Response(_report(study_report(study)))


class Readings(Door):
    @extend_schema(operation_id="list_readings", responses={200: RowsShape, **FAILURES})
    def get(self, request: Request, study_id: int) -> Response:
        """Every planned reading of a closed study, in the order in which it was asked for."""
        study = _read_by(request, study_id)
        rows = [row_shape(row) for row in studies.rows(study)]
        whole = {"study": study.pk, "salt": study.salt, "seed": study.seed, "limits": limits_shape(study)}
        return Response({**whole, "readings": rows})


class ReadingsFile(PictureDoor):
    @extend_schema(operation_id="download_readings", responses={(200, "text/csv"): OpenApiTypes.STR, **FAILURES})
    def get(self, request: Request, study_id: int) -> HttpResponse:
        """The same as a table in a file."""
        study = _read_by(request, study_id)
        answer = HttpResponse(_table(study), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{study.job.slug}-study-{study.pk}.csv"'
        return answer


def _read_by(request: Request, study_id: int) -> Study:
    """A part may be asked about again: whoever reads here what the AI said of it is noted as having seen it."""
    study = finished_study(request, study_id)
    note_exposure(person=who(request), items=studies.told_of_ai(study))
    return study


def row_shape(row: studies.Row) -> dict[str, Any]:
    turn, said = row.turn, row.reading
    person, model = turn.appraiser.person, turn.appraiser.model
    return {
        "appraiser": person.username if person else model.digest if model else "",
        "ai": person is None,
        "trial": turn.trial,
        "place": turn.place,
        "part": turn.part.number,
        "serial": turn.part.item.serial,
        "item": str(turn.part.item_id),
        "standard": turn.part.verdict,
        "standard_by": turn.part.standard_by,
        "measured": turn.part.value,
        "verdict": said.verdict if said else None,
        "labels": said.labels if said else [],
        "score": said.score if said else None,
        "fault": said.fault if said else "",
        "seconds": said.seconds if said else None,
        "at": said.at.isoformat() if said else None,
    }


def _table(study: Study) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    limits = {"lower_limit": study.lower_limit, "upper_limit": study.upper_limit, "unit": study.unit}
    for row in studies.rows(study):
        shape = {**row_shape(row), **limits}
        shape["labels"] = " ".join(shape["labels"])
        writer.writerow([_cell(shape[name]) for name in COLUMNS])
    # Without the mark Excel reads the file in some other encoding.
    return "\ufeff" + out.getvalue()


def _cell(value: Any) -> Any:
    """Serials come from outside: in a spreadsheet one that begins like a formula would be one."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _report(found: Found) -> dict[str, Any]:
    people = found.people
    said = [*headline(people.appraisers, ai=found.ai), *together(people)]
    said += [zones(found.detection)] if found.detection is not None else []
    return {
        "study": found.study.pk,
        "says": [spoken(sentence) for sentence in said],
        "parts": len(found.told),
        "bad": found.bad,
        "trials": found.study.trials,
        "gaps": found.gaps,
        "people": [_figures(one, found) for one in people.appraisers],
        "ai": _figures(found.ai, found) if found.ai else None,
        "pairs": [_pair(pair, found) for pair in (*people.pairs, *found.ai_pairs)],
        **_between(people),
        "divided": [one.part.number for one in found.divided],
        "signal_detection": signal_detection_shape(found),
        "faults": [_fault(fault) for fault in found.faults],
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {"reason": spoken(fault.words), "parts": list(fault.parts), "readings": fault.readings}


def _between(people: Report) -> dict[str, Any]:
    return {
        "between": _matched(people.between),
        "between_kappa": _kappa(people.between_kappa),
        "all_correct": _matched(people.all_correct),
        "all_kappa": people.all_kappa,
        "why": {name: spoken(why) for name, why in people.why.items()},
    }


def _figures(one: Appraiser, found: Found) -> dict[str, Any]:
    names = ("effectiveness", "misses", "false_alarms")
    name = found.names[one.name]
    return {
        "appraiser": name,
        "standing": standing(one),
        "says": spoken(of_appraiser(one, name=name)),
        "within": _matched(one.within),
        "within_kappa": _kappa(one.within_kappa),
        "effectiveness": _matched(one.effectiveness),
        "misses": _counted(one.misses),
        "false_alarms": _counted(one.false_alarms),
        "unsure": _counted(one.unsure),
        "bands": {called: mark.band for called, mark in zip(names, marks(one), strict=True)},
        "cohen_kappa": _kappa(one.cohen),
        "standard_kappa": one.standard_kappa,
        "why": {figure: spoken(why) for figure, why in one.why.items()},
    }


def _pair(pair: Pair, found: Found) -> dict[str, Any]:
    return {
        "appraisers": [found.names[pair.first], found.names[pair.second]],
        "cohen_kappa": _kappa(pair.cohen),
        "same": _counted(pair.matrix.agree),
    }


def _matched(share: Share | None) -> dict[str, Any] | None:
    return None if share is None else _share(share, matched_interval(share))


def _counted(share: Share | None) -> dict[str, Any] | None:
    return None if share is None else _share(share, clopper_pearson(k=share.k, n=share.n))


def _share(share: Share, interval: tuple[float, float] | None) -> dict[str, Any]:
    return {"k": share.k, "n": share.n, "value": share.value, "interval": interval and list(interval)}


def _kappa(found: Fleiss | Estimate | None) -> float | None:
    if found is None:
        return None
    return found.overall.value if isinstance(found, Fleiss) else found.value

"""An appraiser's side of a study: the next parts, an answer, taking it back, the picture.

No serial, no lot, no hint, no colleague, no word on right or wrong: a turn shows a picture and its place in the trial.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspection.acts.give_reading import give_reading, take_back
from inspection.api import shapes
from inspection.api.access import Door, who
from inspection.api.jobs import LabelShape
from inspection.api.pictures import BYTES, PictureDoor, stored
from inspection.api.problems import FAILURES
from inspection.api.reviews import FinalAnswer, Undo
from inspection.api.study_doors import appraiser_in, turn_for, turn_to_see
from inspection.models import StudyTurn
from inspection.policy.answers import Answer, check
from inspection.queries import studies
from inspection.queries.jobs import label_codes
from inspection.queries.labels import of_job
from inspection.refused import Refused
from inspection.vocabulary import Verdict

MOST_AHEAD = 36


class NextTurns(serializers.Serializer):
    hold = shapes.Whole(required=False, min_value=1, max_value=MOST_AHEAD, default=1)


class ProgressShape(serializers.Serializer):
    trial = serializers.IntegerField(help_text="The one under way, or the last one when all is done.")
    trials = serializers.IntegerField()
    done = serializers.IntegerField(help_text="Of the parts of this trial.")
    parts = serializers.IntegerField()
    through = serializers.BooleanField(help_text="Whether every part was judged in every trial.")


class TurnShape(serializers.Serializer):
    id = serializers.CharField()
    lease = serializers.CharField(help_text="Comes back with the answer; another one after it was taken back.")
    picture = serializers.CharField(help_text="Path of the picture.")
    trial = serializers.IntegerField()
    place = serializers.IntegerField(help_text="In this trial; another one in each.")
    labels = LabelShape(many=True)


class TurnsShape(serializers.Serializer):
    progress = ProgressShape()
    turns = TurnShape(many=True, help_text="All of one trial; empty when everything is judged.")


class ReadingShape(serializers.Serializer):
    turn = serializers.CharField()
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    labels = serializers.ListField(child=serializers.CharField())
    at = serializers.DateTimeField()


class NextOfStudy(Door):
    @extend_schema(operation_id="next_turns", request=NextTurns, responses={200: TurnsShape, **FAILURES})
    def post(self, request: Request, study_id: int) -> Response:
        """The next parts that one has to judge in this study, and how far one is."""
        appraiser = appraiser_in(request, study_id)
        given = shapes.read(NextTurns, request.data)
        due = studies.due(appraiser, most=given["hold"])
        labels = of_job(appraiser.study.job) if due else []
        progress = studies.progress(appraiser)
        return Response({"progress": progress_shape(progress), "turns": [_shape(turn, labels) for turn in due]})


class GiveReading(Door):
    @extend_schema(
        operation_id="give_reading",
        request=FinalAnswer,
        responses={
            201: OpenApiResponse(ReadingShape, description="Recorded."),
            200: OpenApiResponse(ReadingShape, description="The same delivery came before."),
            **FAILURES,
        },
    )
    def post(self, request: Request, turn_id: UUID) -> Response:
        """Say what one sees. It is no verdict of the production, and nobody says whether it was right."""
        turn = turn_for(request, turn_id)
        given = shapes.read(FinalAnswer, request.data)
        said = give_reading(
            turn=turn,
            person=who(request),
            lease=given["lease"],
            client_key=given["client_key"],
            answer=_answer(turn, given),
            seconds=given.get("seconds"),
            now=timezone.now(),
        )
        row = said.reading
        kept = {"turn": str(turn.pk), "verdict": row.verdict, "labels": row.labels, "at": row.at.isoformat()}
        return Response(kept, status=201 if said.created else 200)


class UndoReading(Door):
    @extend_schema(operation_id="undo_reading", request=Undo, responses={200: TurnShape, **FAILURES})
    def post(self, request: Request, turn_id: UUID) -> Response:
        """Take the own answer back while no part of the next trial was judged."""
        turn = turn_for(request, turn_id)
        given = shapes.read(Undo, request.data)
        back = take_back(
            turn=turn,
            person=who(request),
            lease=given["lease"],
            new_lease=given["new_lease"],
            now=timezone.now(),
        )
        return Response(_shape(back, of_job(turn.appraiser.study.job)))


class TurnPicture(PictureDoor):
    @extend_schema(operation_id="read_turn_picture", responses=BYTES)
    def get(self, request: Request, turn_id: UUID) -> HttpResponse:
        """The picture to judge, for the appraiser whose turn it is, once its trial has begun."""
        return stored(turn_to_see(request, turn_id).part.item.picture)


def progress_shape(progress: studies.Progress) -> dict[str, Any]:
    return {
        "trial": progress.trial,
        "trials": progress.trials,
        "done": progress.done,
        "parts": progress.parts,
        "through": progress.through,
    }


def _shape(turn: StudyTurn, labels: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": str(turn.pk),
        "lease": str(turn.lease),
        "picture": f"/api/v1/studies/turns/{turn.pk}/picture/",
        "trial": turn.trial,
        "place": turn.place,
        "labels": labels,
    }


def _answer(turn: StudyTurn, given: dict[str, Any]) -> Answer:
    answer = Answer(
        verdict=Verdict(given["verdict"]),
        labels=tuple(given["labels"]),
        regions=tuple(given["regions"]),
        note=given.get("note", ""),
    )
    job = turn.appraiser.study.job
    if flaw := check(answer, catalogue=label_codes(job) if answer.labels or answer.regions else ()):
        raise Refused(flaw.code, flaw.detail)
    return answer

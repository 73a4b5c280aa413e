"""Disputed parts: the next one for an adjudicator, and who said what once it is decided."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspection.acts.note_exposure import note_exposure
from inspection.api import shapes
from inspection.api.access import Door, review_for, seat_in, who
from inspection.api.problems import FAILURES
from inspection.api.reviews import HeldShape, KeptAnswer, held_shape
from inspection.journey import review as journey
from inspection.permissions import may_adjudicate
from inspection.queries import disputes, labels, looks, second_looks
from inspection.vocabulary import Look, Verdict


class Nothing(serializers.Serializer):
    pass


class DisputedShape(HeldShape):
    note = serializers.CharField(help_text="Why a person passed the part on; empty where two people differed.")
    answers = KeptAnswer(many=True, help_text="What people said, without names and in random order.")


class NextDisputed(serializers.Serializer):
    waiting = serializers.IntegerField(help_text="Disputed parts that nobody has answered yet.")
    left_alone = serializers.IntegerField(help_text="Of them, those that everybody who may adjudicate has judged.")
    looks_left_alone = serializers.IntegerField(
        help_text="Parts that wait for a second look though everybody who may inspect the job has judged them."
    )
    reviews = DisputedShape(many=True, help_text="At most one.")


class SaidShape(serializers.Serializer):
    by = serializers.CharField()
    look = serializers.ChoiceField(choices=Look.choices)
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    labels = serializers.ListField(child=serializers.CharField())


class OutcomeShape(serializers.Serializer):
    item = serializers.CharField()
    said = SaidShape(many=True, help_text="Everybody, oldest first.")
    opinion = serializers.ChoiceField(choices=Verdict.choices, allow_null=True, help_text="The AI's.")
    score = serializers.FloatField(allow_null=True)


class NextAdjudication(Door):
    @extend_schema(operation_id="next_adjudication", request=Nothing, responses={200: NextDisputed, **FAILURES})
    def post(self, request: Request, slug: str) -> Response:
        """The disputed part that one holds, or the next one; never one that the person has judged already."""
        seat = seat_in(request, slug, may_adjudicate)
        shapes.read(Nothing, request.data)
        held = journey.claim(job=seat.job, person=seat.person, hold=1, now=timezone.now(), adjudication=True)
        mine = labels.of_job(seat.job) if held else []
        rows = [
            {
                **held_shape(one, seat.job, mine),
                "note": one.review.note,
                "answers": looks.side_by_side(one.review),
            }
            for one in held
        ]
        waiting = disputes.waiting(seat.job)
        alone = {
            "left_alone": disputes.left_alone(seat.job) if waiting else 0,
            "looks_left_alone": second_looks.left_alone(seat.job, now=timezone.now()),
        }
        return Response({"waiting": waiting, **alone, "reviews": rows})


class Outcome(Door):
    @extend_schema(operation_id="read_outcome", responses={200: OutcomeShape, **FAILURES})
    def get(self, request: Request, review_id: UUID) -> Response:
        """Who said what of a part, and the AI: for the adjudicator, after the own verdict."""
        asked = review_for(request, review_id)
        person = who(request)
        if asked.look != Look.ADJUDICATION or not asked.verdicts.filter(person=person, undone_at=None).exists():
            raise Http404
        note_exposure(person=person, items=[asked.item_id])
        return Response(_outcome(asked.item_id, disputes.outcome(asked)))


def _outcome(item: UUID, found: disputes.Outcome) -> dict[str, Any]:
    return {
        "item": str(item),
        "said": [
            {"by": row.person.shown_name, "look": row.review.look, "verdict": row.verdict, "labels": row.labels}
            for row in found.said
        ],
        "opinion": found.opinion,
        "score": found.score,
    }

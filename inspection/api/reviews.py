"""Reviews: take the next ones, answer them, keep them, let them go.

Why a person was asked is in none of these answers, and all of them look alike whatever the reason was.
"""

from __future__ import annotations

from time import monotonic, sleep
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspection.api import shapes
from inspection.api.access import Door, review_for, seat_in, who
from inspection.api.jobs import LabelShape
from inspection.api.pace import Pace
from inspection.api.problems import FAILURES
from inspection.journey import review as journey
from inspection.journey.review import MOST_HELD, Held
from inspection.models import Job, Review
from inspection.permissions import may_inspect
from inspection.policy.answers import Answer, check
from inspection.queries.jobs import label_codes
from inspection.queries.labels import of_job
from inspection.refused import Refused, conflict
from inspection.vocabulary import Verdict
from inspection.walk import give_verdict, undo

A_WEEK = 7 * 86_400.0
pace = Pace()


class Next(serializers.Serializer):
    hold = shapes.Whole(required=False, min_value=1, max_value=MOST_HELD, default=1)


class RegionShape(serializers.Serializer):
    label = shapes.Text(max_length=64)  # type: ignore[assignment]  # a field of this name, not the name of a field
    kind = serializers.ChoiceField(choices=["box", "polygon"])
    points = serializers.ListField(
        child=serializers.ListField(child=shapes.Number()), help_text="[x, y] in 0 to 1 of the upright picture."
    )


class OwnAnswer(serializers.Serializer):
    lease = serializers.UUIDField()
    client_key = shapes.Text(max_length=200)
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    labels = serializers.ListField(child=shapes.Text(max_length=64), default=list, max_length=200)
    regions = RegionShape(many=True, default=list)


class FinalAnswer(OwnAnswer):
    note = shapes.Text(default="", allow_blank=True)
    seconds = shapes.Number(required=False, allow_null=True, min_value=0, max_value=A_WEEK)


class GiveBack(serializers.Serializer):
    lease = serializers.UUIDField()


class Undo(GiveBack):
    new_lease = serializers.UUIDField(help_text="A fresh random UUID: the part is held again under it.")


class Skip(GiveBack):
    reason = shapes.Text(max_length=500)


class ExampleShape(serializers.Serializer):
    verdict = serializers.ChoiceField(choices=[Verdict.OK, Verdict.NG])
    label = serializers.CharField(allow_null=True, help_text="Null for a good part, and for a bad one without a label.")  # type: ignore[assignment]
    words = serializers.CharField()
    similarity = serializers.FloatField(help_text="0 to 1.")
    picture = serializers.CharField(allow_null=True, help_text="Path of the picture; null where it may not be seen.")
    example = serializers.CharField(allow_null=True, help_text="The digest of the picture; null where that is.")


class HintShape(serializers.Serializer):
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    score = serializers.FloatField()
    words = serializers.CharField()
    labels = serializers.ListField(child=serializers.CharField())
    heatmap = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField()),
        allow_null=True,
        help_text="Rows of 0 to 1 over the upright picture, on one scale for all parts of the model.",
    )
    place = serializers.CharField(allow_null=True, help_text="Where the AI looked; null where nothing stands out.")
    nearest = ExampleShape(many=True)


class KeptAnswer(serializers.Serializer):
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    labels = serializers.ListField(child=serializers.CharField())
    regions = RegionShape(many=True)


class HeldShape(serializers.Serializer):
    id = serializers.CharField()
    lease = serializers.CharField()
    expires_at = serializers.DateTimeField()
    picture = serializers.CharField(help_text="Path of the picture.")
    serial = serializers.CharField()
    lot = serializers.CharField()
    station = serializers.CharField()
    shift = serializers.CharField()
    labels = LabelShape(many=True)
    hint = HintShape(allow_null=True)
    commit_first = serializers.BooleanField()
    committed = KeptAnswer(allow_null=True, help_text="One's own first answer, where it has been kept already.")


class HeldReviews(serializers.Serializer):
    reviews = HeldShape(many=True)


class HintAnswer(serializers.Serializer):
    hint = HintShape(allow_null=True)


class Kept(serializers.Serializer):
    review = serializers.CharField()
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    labels = serializers.ListField(child=serializers.CharField())
    at = serializers.DateTimeField()


class Until(serializers.Serializer):
    expires_at = serializers.DateTimeField(allow_null=True)


NOTHING = {204: OpenApiResponse(description="Done."), **FAILURES}


class NextReviews(Door):
    @extend_schema(operation_id="next_reviews", request=Next, responses={200: HeldReviews, **FAILURES})
    def post(self, request: Request, slug: str) -> Response:
        """All that one holds in this job, topped up to `hold`; empty when there is nothing."""
        seat = seat_in(request, slug, may_inspect)
        given = shapes.read(Next, request.data)
        held = journey.claim(job=seat.job, person=seat.person, hold=given["hold"], now=timezone.now())
        labels = of_job(seat.job) if held else []
        return Response({"reviews": [held_shape(one, seat.job, labels) for one in held]})


class Commit(Door):
    @extend_schema(operation_id="commit_answer", request=OwnAnswer, responses={200: HintAnswer, **FAILURES})
    def post(self, request: Request, review_id: UUID) -> Response:
        """Keep one's own answer to a commit-first review; only then is there a hint, if there is one at all."""
        asked = review_for(request, review_id)
        given = shapes.read(OwnAnswer, request.data)
        if not journey.asks_first(asked, asked.job):
            raise conflict("not_commit_first", "This part takes one answer, its verdict.")
        hint = journey.commit(
            review=asked,
            person=who(request),
            lease=given["lease"],
            client_key=given["client_key"],
            answer=_answer(asked, given),
            now=timezone.now(),
        )
        return Response({"hint": hint})


class GiveVerdict(Door):
    @extend_schema(
        operation_id="give_verdict",
        request=FinalAnswer,
        responses={
            201: OpenApiResponse(Kept, description="Recorded."),
            200: OpenApiResponse(Kept, description="The same delivery came before."),
            **FAILURES,
        },
    )
    def post(self, request: Request, review_id: UUID) -> Response:
        """Give the verdict on a part. Within 15 minutes it can be taken back while nobody has built on it."""
        begun = monotonic()
        asked = review_for(request, review_id)
        given = shapes.read(FinalAnswer, request.data)
        recorded = give_verdict(
            asked=asked,
            person=who(request),
            lease=given["lease"],
            client_key=given["client_key"],
            answer=_answer(asked, given),
            seconds=given.get("seconds"),
        )
        row = recorded.given
        kept = {"review": str(asked.pk), "verdict": row.verdict, "labels": row.labels, "at": row.at.isoformat()}
        sleep(pace.rest(monotonic() - begun))
        return Response(kept, status=201 if recorded.created else 200)


class KeepHolding(Door):
    @extend_schema(operation_id="renew_leases", request=None, responses={200: Until, **FAILURES})
    def post(self, request: Request) -> Response:
        """Renew everything that one holds, in all jobs; until when the first of it runs out."""
        until = journey.renew(person=who(request), now=timezone.now())
        return Response({"expires_at": until.isoformat() if until else None})


class SkipReview(Door):
    @extend_schema(operation_id="skip_review", request=Skip, responses=NOTHING)
    def post(self, request: Request, review_id: UUID) -> Response:
        """Pass a part on with a reason; it does not come back while others can take it."""
        asked = review_for(request, review_id)
        given = shapes.read(Skip, request.data)
        journey.skip(
            review=asked, person=who(request), lease=given["lease"], reason=given["reason"], now=timezone.now()
        )
        return Response(status=204)


class Escalate(Door):
    @extend_schema(operation_id="escalate_review", request=Skip, responses=NOTHING)
    def post(self, request: Request, review_id: UUID) -> Response:
        """Pass a part to an adjudicator with a reason; no other inspector is asked."""
        asked = review_for(request, review_id)
        given = shapes.read(Skip, request.data)
        journey.escalate(
            review=asked, person=who(request), lease=given["lease"], reason=given["reason"], now=timezone.now()
        )
        return Response(status=204)


class UndoVerdict(Door):
    @extend_schema(operation_id="undo_verdict", request=Undo, responses={200: HeldShape, **FAILURES})
    def post(self, request: Request, review_id: UUID) -> Response:
        """Take one's own verdict back while nobody has built on it; the part is held again under the new lease."""
        asked = review_for(request, review_id)
        given = shapes.read(Undo, request.data)
        held = undo(asked=asked, person=who(request), lease=given["lease"], new_lease=given["new_lease"])
        return Response(held_shape(held, asked.job, of_job(asked.job)))


class GiveReviewBack(Door):
    @extend_schema(operation_id="give_review_back", request=GiveBack, responses=NOTHING)
    def post(self, request: Request, review_id: UUID) -> Response:
        """Put a part back into the queue."""
        asked = review_for(request, review_id)
        given = shapes.read(GiveBack, request.data)
        journey.give_back(review=asked, person=who(request), lease=given["lease"], now=timezone.now())
        return Response(status=204)


def held_shape(held: Held, job: Job, labels: list[dict[str, Any]]) -> dict[str, Any]:
    """A review in somebody's hands, of whatever look it is: nothing here tells one from another."""
    asked, out = held.review, held.hand_out
    own = out.committed and {name: out.committed[name] for name in ("verdict", "labels", "regions")}
    part = asked.wears or asked.item
    return {
        "id": str(asked.pk),
        "lease": str(out.lease),
        "expires_at": asked.lease_until.isoformat() if asked.lease_until else None,
        "picture": f"/api/v1/reviews/{asked.pk}/picture/",
        "serial": part.serial,
        "lot": part.lot,
        "station": part.station,
        "shift": part.shift,
        "labels": labels,
        "hint": out.shown,
        "commit_first": journey.asks_first(asked, job),
        "committed": own,
    }


def _answer(asked: Review, given: dict[str, Any]) -> Answer:
    answer = Answer(
        verdict=Verdict(given["verdict"]),
        labels=tuple(given["labels"]),
        regions=tuple(given["regions"]),
        note=given.get("note", ""),
    )
    if flaw := check(answer, catalogue=label_codes(asked.job) if answer.labels or answer.regions else ()):
        raise Refused(flaw.code, flaw.detail)
    return answer

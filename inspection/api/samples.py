"""The label book: what each label means, and the pictures that people compare with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inspection.acts.add_sample import NewSample, add_sample
from inspection.acts.describe_label import describe_label
from inspection.acts.retire_sample import retire_sample
from inspection.api import paging, shapes
from inspection.api.access import Door, Seat, demand, seat_in, who
from inspection.api.arrivals import single_values
from inspection.api.pictures import BYTES, PictureDoor, stored
from inspection.api.problems import FAILURES
from inspection.models import Item, Label, Membership, Sample
from inspection.permissions import may_keep_book, may_read_book
from inspection.queries import samples
from inspection.queries.labels import in_force
from inspection.refused import Refused
from inspection.vocabulary import MemberRole, SampleKind, Severity

A_DAY = 86_400


class SampleShape(serializers.Serializer):
    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=SampleKind.choices)
    label = serializers.CharField(  # type: ignore[assignment]  # a field of this name, not the name of a field
        allow_null=True, help_text="Code; null: a golden sample."
    )
    words = serializers.CharField(help_text="What to see on it.")
    picture = serializers.CharField(help_text="Path of the picture.")


class SamplePage(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    results = SampleShape(many=True)


class NewSampleText(serializers.Serializer):
    """The text beside the picture; an `item` of the job stands in place of an uploaded one."""

    kind = serializers.ChoiceField(choices=SampleKind.choices)
    label = shapes.Words(help_text="Code; not for a golden sample.")  # type: ignore[assignment]  # as above
    words = shapes.Words()
    item = serializers.UUIDField(required=False)


class NewSampleForm(NewSampleText):
    """For the schema: the whole form."""

    picture = serializers.FileField(required=False)


class Saying(serializers.Serializer):
    name = shapes.Text(required=False, allow_blank=True, max_length=200)
    definition = shapes.Text(required=False, allow_blank=True, max_length=2000)


class Translations(serializers.Serializer):
    """By language; a test compares the names with the languages there are."""

    en = Saying(required=False)
    vi = Saying(required=False)


class LabelChange(serializers.Serializer):
    name = shapes.Text(required=False, max_length=200)
    definition = shapes.Text(required=False, allow_blank=True, max_length=2000)
    translations = Translations(required=False)


class DescribedLabel(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    severity = serializers.ChoiceField(choices=Severity.choices)
    critical = serializers.BooleanField()
    definition = serializers.CharField(help_text="What counts as it.")
    translations = Translations()


class LabelPage(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    results = DescribedLabel(many=True)


class Labels(Door):
    @extend_schema(operation_id="list_labels", responses={200: LabelPage, **FAILURES})
    def get(self, request: Request, slug: str) -> Response:
        """The labels in force with their definitions, in the order of the catalogue; all of them on one page."""
        seat = seat_in(request, slug, may_read_book)
        paging.read_filter(paging.NoFilter, request)
        found = in_force([seat.job])[seat.job.pk]
        return Response({"next": None, "results": [_described(label) for label in found]})


class OneLabel(Door):
    @extend_schema(operation_id="describe_label", request=LabelChange, responses={200: DescribedLabel, **FAILURES})
    def patch(self, request: Request, slug: str, code: str) -> Response:
        """Change a label's words; what is not named stays, a language that is named is replaced as a whole."""
        seat = seat_in(request, slug, may_keep_book)
        given = shapes.read(LabelChange, request.data)
        return Response(_described(describe_label(job=seat.job, code=code, **given)))


class Samples(APIView):
    parser_classes = [MultiPartParser]

    @extend_schema(operation_id="list_samples", responses={200: SamplePage, **FAILURES})
    def get(self, request: Request, slug: str) -> Response:
        """Golden and limit samples of a job, golden ones first, then by label; all of them on one page."""
        seat = seat_in(request, slug, may_read_book)
        paging.read_filter(paging.NoFilter, request)
        return Response({"next": None, "results": [_shape(sample) for sample in samples.of_job(seat.job)]})

    @extend_schema(
        operation_id="add_sample",
        request={"multipart/form-data": NewSampleForm},
        responses={201: SampleShape, **FAILURES},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Put a picture, or the picture of a part of the job, into the label book."""
        seat = seat_in(request, slug, may_keep_book)
        given = shapes.read(NewSampleText, single_values(request.POST))
        new = NewSample(kind=SampleKind(given["kind"]), label=given.get("label", ""), words=given.get("words", ""))
        shown = _shown(seat, request, given.get("item"))
        made = add_sample(job=seat.job, new=new, shown=shown, by=seat.person, now=timezone.now())
        return Response(_shape(made), status=201)


class OneSample(Door):
    @extend_schema(operation_id="retire_sample", responses={204: OpenApiResponse(description="Taken out."), **FAILURES})
    def delete(self, request: Request, sample_id: int) -> Response:
        """Take a picture out of the label book; its row stays."""
        sample, role = _sample(request, sample_id)
        demand(may_keep_book.covers(role), role)
        retire_sample(sample=sample, now=timezone.now())
        return Response(status=204)


class SamplePicture(PictureDoor):
    @extend_schema(operation_id="read_sample_picture", responses=BYTES)
    def get(self, request: Request, sample_id: int) -> HttpResponse:
        """The picture of a sample."""
        return stored(_sample(request, sample_id)[0].picture, seconds=A_DAY)


def _sample(request: Request, sample_id: int) -> tuple[Sample, MemberRole]:
    """A sample in use and the person's role in its job; 404 for whoever is no member, 403 for the wrong role."""
    mine = Membership.objects.filter(person=who(request))
    sample = samples.in_use().filter(pk=sample_id, job__memberships__in=mine).first()
    if sample is None:
        raise Http404
    role = MemberRole(mine.get(job=sample.job_id).role)
    demand(may_read_book.covers(role), role)
    return sample, role


def _shown(seat: Seat, request: Request, item_id: UUID | None) -> bytes | Item:
    picture = request.FILES.get("picture")
    if set(request.FILES) - {"picture"} or (picture is None) == (item_id is None):
        raise Refused("picture_missing", _("Send either a file `picture` or the id of an `item`."), field="picture")
    if picture is not None:
        return bytes(picture.read())
    assert item_id is not None
    item = Item.objects.filter(pk=item_id, job=seat.job).select_related("picture").first()
    if item is None:
        raise Refused("unknown_item", _("This job has no such part."), field="item")
    return item


def _shape(sample: Sample) -> dict[str, Any]:
    return {
        "id": str(sample.pk),
        "kind": sample.kind,
        "label": sample.label.code if sample.label else None,
        "words": sample.words,
        "picture": f"/api/v1/samples/{sample.pk}/picture/",
    }


def _described(label: Label) -> dict[str, Any]:
    return {
        "code": label.code,
        "name": label.name,
        "severity": label.severity,
        "critical": label.critical,
        "definition": label.definition,
        "translations": label.translations,
    }

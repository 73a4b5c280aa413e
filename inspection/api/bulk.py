"""Many pictures at once: several files, a zip, or both. The good ones are kept whatever is wrong with the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inspection.api import shapes
from inspection.api.access import Seat, seat_in
from inspection.api.archive import Entry, is_zip, opened
from inspection.api.arrivals import admit, note_refused, one_shown, record, single_values
from inspection.api.item_shape import ItemShape
from inspection.api.problems import FAILURES, ProblemShape, of_refused
from inspection.journey.intake import Incoming
from inspection.permissions import may_take_in
from inspection.refused import Kind, Refused
from inspection.sentences import Sentence

FILES = ("pictures", "zip")


class Batch(serializers.Serializer):
    """What is said of all pictures of the request; a manifest says more of each."""

    lot = shapes.Words()
    station = shapes.Words()
    shift = shapes.Words()


class BatchForm(Batch):
    """For the schema: the whole form."""

    pictures = serializers.ListField(child=serializers.FileField(), required=False)
    zip = serializers.FileField(required=False, help_text="May carry manifest.csv.")


class ResultShape(serializers.Serializer):
    name = serializers.CharField()
    status = serializers.IntegerField(help_text="201 created, 200 the same as before, 4xx refused.")
    item = ItemShape(required=False)
    problem = ProblemShape(required=False)


class Results(serializers.Serializer):
    results = ResultShape(many=True)


class BulkItems(APIView):
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="take_in_items",
        request={"multipart/form-data": BatchForm},
        responses={200: Results, **FAILURES},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Take many pictures in; one result for each, in their order."""
        seat = seat_in(request, slug, may_take_in)
        try:
            batch = shapes.read(Batch, single_values(request.POST))
            entries = list(_entries(_files(request)))
        except Refused as refused:
            note_refused(seat, refused, None)
            raise
        return Response({"results": [_result(seat, entry, batch) for entry in entries]})


def _files(request: Request) -> list[UploadedFile]:
    strange = sorted(set(request.FILES) - set(FILES))
    if strange:
        raise Refused(
            "unknown_field",
            Sentence("Files come as pictures or zip, not {strange}.", strange=strange[0][:100]),
            field=strange[0][:100],
        )
    files = [file for name in FILES for file in request.FILES.getlist(name)]
    if not files:
        raise Refused("picture_missing", "Send files as `pictures`, or one as `zip`.", field="pictures")
    return files


def _entries(files: list[UploadedFile]) -> Iterator[Entry]:
    """Every picture of every file; the limits count over all of them, and nothing is taken in before they hold."""
    count = size = 0
    for file in files:
        for entry in opened(file) if is_zip(file) else [Entry.of_file(file)]:
            count, size = count + 1, size + entry.size
            if count > settings.BULK_MAX_ENTRIES:
                raise _too_much(
                    "too_many_entries", Sentence("At most {most} pictures at once.", most=settings.BULK_MAX_ENTRIES)
                )
            if size > settings.BULK_MAX_BYTES:
                raise _too_much(
                    "too_large",
                    Sentence("Unpacked, at most {most} bytes at once.", most=f"{settings.BULK_MAX_BYTES:,}"),
                )
            yield entry


def _too_much(code: str, detail: str) -> Refused:
    return Refused(code, detail, kind=Kind.TOO_LARGE)


def _result(seat: Seat, entry: Entry, batch: dict[str, Any]) -> dict[str, Any]:
    try:
        incoming = _incoming(seat, entry, batch)
        taken = admit(seat, incoming)
    except Refused as refused:
        content = of_refused(refused)
        return {"name": entry.name, "status": content["status"], "problem": content}
    return {"name": entry.name, "status": 201 if taken.created else 200, "item": one_shown(seat, taken.item)}


def _incoming(seat: Seat, entry: Entry, batch: dict[str, Any]) -> Incoming:
    """The picture with what was said of it; what cannot even be read is recorded here, since no intake will see it."""
    incoming = Incoming(data=b"", name=entry.name)
    try:
        incoming = replace(incoming, data=entry.read(at_most=settings.PICTURE_MAX_BYTES))
        return replace(incoming, **{**batch, **entry.said()})
    except Refused as refused:
        record(seat, refused, incoming)
        raise

"""The models of a job: register a bundle, take another job's model over, list."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inspection.acts.register_model import register_bundle, register_from_job
from inspection.api import paging, shapes
from inspection.api.access import Seat, seat_in
from inspection.api.problems import FAILURES
from inspection.api.shapes import StrictJSON
from inspection.models import ModelVersion
from inspection.permissions import may_administer, may_read_agreement
from inspection.refused import Refused
from inspection.sentences import Sentence
from inspection.walk import take_live


class FromJob(serializers.Serializer):
    from_job = shapes.Text(max_length=64)


class BundleUpload(serializers.Serializer):
    bundle = serializers.FileField(help_text="The bundle, one zip file.")


class ModelShape(serializers.Serializer):
    model = serializers.CharField(help_text="Digest of the bundle.")
    name = serializers.CharField()
    kind = serializers.CharField()
    labels = serializers.ListField(child=serializers.CharField())
    suggested = serializers.DictField()
    live = serializers.BooleanField()
    registered_at = serializers.DateTimeField()
    report = serializers.DictField()


class ModelPage(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    results = ModelShape(many=True)


class Models(APIView):
    parser_classes = [StrictJSON, MultiPartParser]

    @extend_schema(operation_id="list_models", parameters=paging.PARAMETERS, responses={200: ModelPage, **FAILURES})
    def get(self, request: Request, slug: str) -> Response:
        """The model versions of a job, newest first."""
        seat = seat_in(request, slug, may_read_agreement)
        paging.read_filter(paging.NoFilter, request)
        page = paging.page(ModelVersion.objects.filter(job=seat.job), request, order=paging.BY_AT)
        return Response(page.body(request, [_shape(model, seat.job.champion_id) for model in page.rows]))

    @extend_schema(
        operation_id="register_model",
        request={"application/json": FromJob, "multipart/form-data": BundleUpload},
        responses={201: ModelShape, **FAILURES},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Register a bundle, or the live model of another job that one leads; it goes live in this job."""
        seat = seat_in(request, slug, may_administer)
        if request.content_type.startswith("multipart/form-data"):
            model = _from_bundle(seat, request)
        else:
            model = _from_job(seat, request)
        return Response(_shape(model, model.pk), status=201)


def _from_job(seat: Seat, request: Request) -> ModelVersion:
    given = shapes.read(FromJob, request.data)
    try:
        source = seat_in(request, given["from_job"], may_read_agreement).job
    except Http404 as error:
        raise Refused(
            "unknown_job", Sentence("You are in no job {given}.", given=given["from_job"]), field="from_job"
        ) from error
    found = partial(register_from_job, job=seat.job, source=source, by=seat.person)
    return take_live(found=found, by=seat.person)


def _from_bundle(seat: Seat, request: Request) -> ModelVersion:
    data = request.data
    strange = sorted(set(data) - {"bundle"})
    if strange:
        name = strange[0][:100]
        raise Refused(
            "unknown_field", Sentence("There is no field {name}; the only one here is bundle.", name=name), field=name
        )
    file = request.FILES.get("bundle")
    if file is None:
        raise Refused("bundle_missing", "Send the bundle as the file `bundle` of a form.", field="bundle")
    with tempfile.TemporaryDirectory(prefix="bundle-") as folder:
        found = partial(register_bundle, job=seat.job, archive=_written(file, Path(folder)), by=seat.person)
        return take_live(found=found, by=seat.person)


def _written(file: UploadedFile, folder: Path) -> Path:
    archive = folder / "bundle.zip"
    with archive.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)
    return archive


def _shape(model: ModelVersion, live: int | None) -> dict[str, Any]:
    return {
        "model": model.digest,
        "name": model.name,
        "kind": model.kind,
        "labels": model.labels,
        "suggested": model.suggested,
        "live": model.pk == live,
        "registered_at": model.at.isoformat(),
        "report": model.report,
    }

"""Pictures: the bytes as they are stored, and nothing that tells where they belong."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from inference.pictures import PictureRefused, thumbnail
from inspection.api.access import item_for, picture_of_review, review_for, who
from inspection.api.problems import FAILURES
from inspection.models import Picture
from inspection.queries.nearest import example_shown

log = logging.getLogger(__name__)

CONTENT_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "BMP": "image/bmp",
    "GIF": "image/gif",
}
EXAMPLE_PIXELS = 480
"""The longer side of an example, beside a part of which every pixel is shown. Three of full size held up the hint."""
GLANCE_PIXELS = 480
"""The longer side of a part among many on one screen."""
SMALL = OpenApiParameter("small", bool, description="A JPEG of at most 480 pixels.")
BYTES = {(200, "image/*"): OpenApiTypes.BINARY, **FAILURES}


class PictureDoor(APIView):
    """A page asks for image/*, which is none of the renderers' business; errors are JSON all the same."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:  # noqa: ARG002 - always forced
        return super().perform_content_negotiation(request, force=True)


class ItemPicture(PictureDoor):
    @extend_schema(operation_id="read_item_picture", responses=BYTES)
    def get(self, request: Request, item_id: UUID) -> HttpResponse:
        """The stored picture of an item."""
        return stored(item_for(request, item_id).item.picture)


class ReviewPicture(PictureDoor):
    @extend_schema(operation_id="read_review_picture", parameters=[SMALL], responses=BYTES)
    def get(self, request: Request, review_id: UUID) -> HttpResponse:
        """The picture to judge, or with `small` one for a glance: for whoever holds the review or has answered it."""
        picture = picture_of_review(request, review_id)
        if request.query_params.get("small"):
            return reduced(picture, pixels=GLANCE_PIXELS)
        return stored(picture)


class ExamplePicture(PictureDoor):
    @extend_schema(operation_id="read_example_picture", responses=BYTES)
    def get(self, request: Request, review_id: UUID, number: int) -> HttpResponse:
        """A known example that the hint of a review names: for whoever holds the review and was shown the hint."""
        found = example_shown(review=review_for(request, review_id), person=who(request), number=number)
        if found is None:
            raise Http404
        return reduced(found, pixels=EXAMPLE_PIXELS)


def stored(picture: Picture, *, seconds: int = 300) -> HttpResponse:
    """The bytes, kept for some time by the browser that asked, and by nobody between."""
    return _sent(_read(picture), content_type=CONTENT_TYPES[picture.format], seconds=seconds)


def reduced(picture: Picture, *, pixels: int) -> HttpResponse:
    """A small JPEG of it, at most so many pixels on its longer side."""
    try:
        small = thumbnail(_read(picture), pixels)
    except PictureRefused as error:
        raise _missing(picture) from error
    return _sent(small, content_type="image/jpeg", seconds=300)


def _read(picture: Picture) -> bytes:
    try:
        with default_storage.open(picture.name) as file:
            return bytes(file.read())
    except OSError as error:
        raise _missing(picture) from error


def _missing(picture: Picture) -> NotFound:
    log.exception("the picture %s cannot be read", picture)
    return NotFound("The picture is missing in the store.", code="picture_missing")


def _sent(content: bytes, *, content_type: str, seconds: int) -> HttpResponse:
    """No ETag, date or file name: each would tell which item a review belongs to, or that two share a picture."""
    response = HttpResponse(content, content_type=content_type)
    response["Cache-Control"] = f"private, max-age={seconds}"
    response["X-Content-Type-Options"] = "nosniff"
    # Should a browser ever take a picture for a document, it may load and run nothing.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

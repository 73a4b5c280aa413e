"""Pictures: the bytes as they are stored, and nothing that tells where they belong."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from inspection.api.access import item_for, picture_of_review
from inspection.api.problems import FAILURES
from inspection.models import Picture

log = logging.getLogger(__name__)

CONTENT_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "BMP": "image/bmp",
    "GIF": "image/gif",
}
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
    @extend_schema(operation_id="read_review_picture", responses=BYTES)
    def get(self, request: Request, review_id: UUID) -> HttpResponse:
        """The picture to judge: for whoever holds the review or has answered it."""
        return stored(picture_of_review(request, review_id))


def stored(picture: Picture, *, seconds: int = 300) -> HttpResponse:
    """The bytes, kept for some time by the browser that asked, and by nobody between.

    No ETag, date or file name: each would tell which item a review belongs to, or that two share a picture.
    """
    try:
        with default_storage.open(picture.name) as file:
            content = file.read()
    except OSError as error:
        log.exception("the picture %s cannot be read", picture)
        raise NotFound("The picture is missing in the store.", code="picture_missing") from error
    response = HttpResponse(content, content_type=CONTENT_TYPES[picture.format])
    response["Cache-Control"] = f"private, max-age={seconds}"
    response["X-Content-Type-Options"] = "nosniff"
    # Should a browser ever take a picture for a document, it may load and run nothing.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

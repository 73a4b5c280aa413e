"""One part: its picture, the decision in force, and everything that happened to it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from inference import pictures
from inspection.acts.note_exposure import note_exposure
from inspection.models import Item, Prediction
from inspection.permissions import may_read_history, may_read_item, may_read_opinions_on
from inspection.policy.hints import looked
from inspection.queries import history, known, labels
from inspection.queries.looks import verdicts_on
from inspection.web.access import Seat, seat_at
from inspection.web.timeline import moments

THUMBNAIL_PIXELS = 160
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "BMP": "image/bmp", "GIF": "image/gif"}


@dataclass(frozen=True)
class Look:
    """Where one model looked, in words and as what the page paints."""

    model: str
    words: str
    heatmap: str


def _looks(predictions: Iterable[Prediction]) -> list[Look]:
    return [
        Look(model=row.model.name, words=looked(row.heatmap, gettext), heatmap=json.dumps(row.heatmap))
        for row in predictions
        if row.heatmap
    ]


def _readable(request: HttpRequest, item_id: uuid.UUID) -> tuple[Seat, Item]:
    seat, item = seat_at(request, item_id)
    if not may_read_item(seat.person, item):
        raise PermissionDenied
    return seat, item


@require_safe
@login_required
def item(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """Whoever reads here what the AI said is noted, and counts as no blind judge of the part any more."""
    seat, found = _readable(request, item_id)
    opinions = may_read_opinions_on(seat.person, found)
    whole = may_read_history.covers(seat.role)
    if opinions:
        note_exposure(person=seat.person, items=[found.pk])
    predictions = list(found.predictions.select_related("model").order_by("at")) if opinions else []
    context = {
        **seat.context,
        "item": found,
        "names": labels.names(seat.job),
        "whole": whole,
        "opinions": opinions,
        "moments": moments(history.of_item(found), zone=seat.job.time_zone) if whole else [],
        "own": verdicts_on(found.pk).filter(person=seat.person).first(),
        "predictions": predictions,
        "looks": _looks(predictions),
        "first_of": found.duplicate_of,
        **(_as_known(found) if seat.leads else {}),
    }
    return render(request, "item/item.html", context)


def _as_known(item: Item) -> dict[str, Any]:
    return {"known": known.of_item(item), "beyond_doubt": known.beyond_doubt(item)}


@require_safe
@cache_control(private=True, max_age=3600)
@login_required
def picture(request: HttpRequest, item_id: uuid.UUID) -> HttpResponseBase:
    """The stored bytes; a browser turns them as their EXIF says."""
    _, found = _readable(request, item_id)
    return FileResponse(default_storage.open(found.picture.name), content_type=TYPES[found.picture.format])


@require_safe
@cache_control(private=True, max_age=86_400)
@login_required
def thumbnail(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """A small picture for lists."""
    _, found = _readable(request, item_id)
    with default_storage.open(found.picture.name) as stored:
        small = pictures.thumbnail(stored.read(), THUMBNAIL_PIXELS)
    return HttpResponse(small, content_type="image/jpeg")

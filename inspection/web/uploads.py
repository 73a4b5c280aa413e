"""Takes in the pictures that are dropped on a page, one a request, so that each has its own progress and answer."""

from __future__ import annotations

from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from inspection import walk
from inspection.journey.intake import Incoming
from inspection.permissions import may_take_in
from inspection.refused import Refused
from inspection.vocabulary import Source
from inspection.web import refusals
from inspection.web.access import Seat, job_page


@require_POST
@job_page(may=may_take_in)
def pictures(request: HttpRequest, seat: Seat) -> JsonResponse:
    """201 for a new part, 200 for one that is known with this picture, else the refusal with code and sentence."""
    picture = request.FILES.get("picture")
    if not isinstance(picture, UploadedFile):
        return refusals.as_json(Refused("picture_missing", "There is no picture in this request."))
    try:
        taken = walk.take_in(job=seat.job, incoming=_incoming(request, picture), source=Source.BROWSER, by=seat.person)
    except Refused as refused:
        return refusals.as_json(refused)
    item = taken.item
    said = {"id": str(item.pk), "serial": item.serial, "address": reverse("item", args=[item.pk])}
    return JsonResponse({**said, "created": taken.created}, status=201 if taken.created else 200)


def _incoming(request: HttpRequest, picture: UploadedFile) -> Incoming:
    name = picture.name or ""
    serial = request.POST.get("serial", "")
    if request.POST.get("serial_from_name") == "1":
        serial = PurePath(name).stem
    return Incoming(
        data=picture.read(),
        name=name,
        serial=serial,
        lot=request.POST.get("lot", ""),
        station=request.POST.get("station", ""),
        shift=request.POST.get("shift", ""),
        again=request.POST.get("again") == "1",
    )

"""Pictures as they arrive in a form: one at a time here, many in `bulk`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from rest_framework import serializers
from rest_framework.request import Request

from inspection.api import shapes, waiting
from inspection.api.access import Seat
from inspection.api.item_shape import shown_to
from inspection.journey.intake import Incoming, TakenIn, record_refusal
from inspection.models import Item
from inspection.permissions import may_see_opinions
from inspection.refused import Refused
from inspection.sentences import Sentence
from inspection.vocabulary import Source
from inspection.walk import take_in


class ArrivalShape(serializers.Serializer):
    """The text beside a picture; lengths and characters are the intake's to judge."""

    serial = shapes.Words()
    lot = shapes.Words()
    station = shapes.Words()
    shift = shapes.Words()
    captured_at = shapes.Moment(required=False)
    metadata = shapes.JSONText(required=False)
    again = serializers.BooleanField(required=False, help_text="Opens the next pass of a known serial.")


class ArrivalForm(ArrivalShape):
    """For the schema: the whole form."""

    picture = serializers.FileField()


@dataclass(frozen=True)
class Received:
    """What came of a request that brought a picture."""

    item: Item
    created: bool
    headers: dict[str, str]


def receive(seat: Seat, request: Request) -> Received:
    """Take in what a request brings, and wait for its decision as long as the request wants to.

    Whatever is refused is recorded with its reason, wherever on the way it fails.
    """
    picture = request.FILES.get("picture")
    try:
        patience = waiting.seconds(request)
        incoming = _incoming(request, picture)
    except Refused as refused:
        note_refused(seat, refused, picture)
        raise
    taken = admit(seat, incoming)
    waited = waiting.for_decision(taken.item, patience=patience)
    return Received(item=waited.item, created=taken.created, headers=waited.headers)


def admit(seat: Seat, incoming: Incoming) -> TakenIn:
    """Into the journey; an item that stands in the way comes back as the person may see it."""
    try:
        return take_in(job=seat.job, incoming=incoming, source=Source.API, by=seat.person)
    except Refused as refused:
        known = refused.extra.get("item")
        if isinstance(known, Item):
            refused.extra["item"] = one_shown(seat, known)
        raise


def one_shown(seat: Seat, item: Item) -> dict[str, Any]:
    """One item for somebody who takes items in."""
    opinions = may_see_opinions.covers(seat.role)
    [shape] = shown_to(seat.person, [item], job_slug=seat.job.slug, opinions=opinions)
    return shape


def note_refused(seat: Seat, refused: Refused, picture: UploadedFile | None) -> None:
    """Record what did not get as far as the intake."""
    data = picture.read() if picture is not None else b""
    name = (picture.name or "") if picture is not None else ""
    record(seat, refused, Incoming(data=data, name=name))


def record(seat: Seat, refused: Refused, incoming: Incoming) -> None:
    record_refusal(job=seat.job, refused=refused, incoming=incoming, source=Source.API, by=seat.person)


def _incoming(request: Request, picture: UploadedFile | None) -> Incoming:
    text = single_values(request.POST)
    given = shapes.read(ArrivalShape, text)
    strange = sorted(set(request.FILES) - {"picture"})
    if strange:
        raise Refused(
            "unknown_field",
            Sentence("There is no file {strange} here, only picture.", strange=strange[0][:100]),
            field=strange[0][:100],
        )
    if len(request.FILES.getlist("picture")) > 1:
        raise Refused("one_picture", "One picture at a time; several go to items/bulk/.", field="picture")
    if picture is None:
        raise Refused("picture_missing", "Send the picture as the file `picture` of a form.", field="picture")
    key = request.headers.get("Idempotency-Key", "")
    return Incoming(data=picture.read(), name=picture.name or "", idempotency_key=key, **given)


def single_values(form: QueryDict) -> dict[str, str]:
    """The text fields of a form, each of which may come once."""
    for name, values in form.lists():
        if len(values) > 1:
            raise shapes.invalid({name[:100]: ["Comes more than once."]})
    return {name: str(value) for name, value in form.items()}

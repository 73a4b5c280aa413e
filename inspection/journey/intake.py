"""Take a picture in: check it, store it without metadata, and give it a row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from inference import pictures
from inspection import storage
from inspection.models import Item, Job, Person, Picture, Refusal
from inspection.policy.words import UNSEEN
from inspection.refused import Refused, conflict, recorded
from inspection.sentences import Sentence
from inspection.vocabulary import Source, State

AHEAD = timedelta(minutes=10)
"""How far a camera's clock may run ahead of ours."""
LONGEST = {"serial": 200, "lot": 100, "station": 100, "shift": 100, "idempotency_key": 200}
MOST_METADATA = 65_536
MOST_RACES = 50
"""How often another delivery of the same part may come between our look and our row."""


@dataclass(frozen=True)
class Incoming:
    """What came to the door: the bytes and what was said about the part."""

    data: bytes
    name: str = ""
    serial: str = ""
    lot: str = ""
    station: str = ""
    shift: str = ""
    captured_at: datetime | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    again: bool = False
    """Opens the next pass of a serial that is known with another picture: re-inspection after rework."""
    idempotency_key: str = ""


@dataclass(frozen=True)
class TakenIn:
    item: Item
    created: bool


def intake(*, job: Job, incoming: Incoming, source: Source, by: Person | None, now: datetime) -> TakenIn:
    """Take one picture in and return its item, new or known.

    When this returns, the picture is on disk and the row is committed. Raises `Refused`, after the refusal itself has
    been recorded; nothing else is stored then.
    """
    try:
        _check_words(incoming, now=now)
        admitted = storage.admit(incoming.data, animations=job.animations)
        return _find_or_store(job=job, incoming=incoming, admitted=admitted, source=source, by=by, now=now)
    except Refused as refused:
        record_refusal(job=job, refused=refused, incoming=incoming, source=source, by=by)
        raise


def record_refusal(*, job: Job, refused: Refused, incoming: Incoming, source: Source, by: Person | None) -> None:
    """Keep what was not taken in, and why. Doors call it for what never got as far as `intake`."""
    detail, said = recorded(refused.said)
    Refusal.objects.create(
        job=job,
        code=refused.code,
        detail=detail,
        said=said,
        name=UNSEEN.sub("?", incoming.name)[:200],
        size=len(incoming.data),
        received_digest=hashlib.sha256(incoming.data).hexdigest() if incoming.data else "",
        item=refused.extra.get("item"),
        source=source,
        by=by,
    )


def _check_words(incoming: Incoming, *, now: datetime) -> None:
    for name, longest in LONGEST.items():
        value = getattr(incoming, name)
        if len(value) > longest:
            raise Refused(
                f"bad_{name}",
                Sentence(
                    "A {name} has at most {longest} characters, this one {len}.",
                    name=Sentence(name),
                    longest=longest,
                    len=len(value),
                ),
            )
        if UNSEEN.search(value):
            raise Refused(f"bad_{name}", Sentence("A {name} holds no control characters.", name=Sentence(name)))
        if value and value.isspace():
            raise Refused(
                f"bad_{name}",
                Sentence("A {name} is not made of blanks alone; leave it out instead.", name=Sentence(name)),
            )
    if incoming.captured_at is not None and incoming.captured_at > now + AHEAD:
        raise Refused("captured_in_future", "The picture says it was taken in the future; check the camera's clock.")
    _check_metadata(incoming.metadata)


def _check_metadata(metadata: Mapping[str, Any]) -> None:
    """Databases differ in what JSON they take: PostgreSQL knows neither NaN nor NUL, and nobody lone surrogates."""
    try:
        text = json.dumps(dict(metadata), ensure_ascii=False, allow_nan=False)
        size = len(text.encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise Refused("bad_metadata", "Metadata is plain JSON: text, finite numbers, lists and objects.") from error
    if size > MOST_METADATA or "\\u0000" in text:
        raise Refused(
            "bad_metadata", Sentence("Metadata has at most {most} bytes and no NUL characters.", most=MOST_METADATA)
        )


def _serial(incoming: Incoming, admitted: pictures.Admitted) -> str:
    """The serial, or for a part without one a name made of the received bytes and the idempotency key."""
    if incoming.serial:
        return incoming.serial
    mark = f"{admitted.received_digest}:{incoming.idempotency_key}".encode()
    return f"P-{hashlib.sha256(mark).hexdigest()[:16]}"


def _find_or_store(
    *,
    job: Job,
    incoming: Incoming,
    admitted: pictures.Admitted,
    source: Source,
    by: Person | None,
    now: datetime,
) -> TakenIn:
    row: dict[str, Any] | None = None
    for _ in range(MOST_RACES):
        found = _known_or_next_pass(job=job, incoming=incoming, admitted=admitted)
        if isinstance(found, Item):
            return TakenIn(item=found, created=False)
        # File first, row second: a row never points at a picture that is not there.
        row = row or storage.keep(admitted)
        try:
            with transaction.atomic():
                picture, _ = Picture.objects.get_or_create(digest=admitted.digest, defaults=row)
                item = _create(
                    job=job,
                    incoming=incoming,
                    admitted=admitted,
                    picture=picture,
                    number=found,
                    source=source,
                    by=by,
                    now=now,
                )
        except IntegrityError:
            # Two deliveries of one part at once: the other one's row stands, and this one repeats it, contradicts it
            # or follows it. Counting the pass inside the transaction instead once made two passes of one delivery.
            continue
        return TakenIn(item=item, created=True)
    raise conflict("try_again", "Too many deliveries of this part at once.")


def _known_or_next_pass(*, job: Job, incoming: Incoming, admitted: pictures.Admitted) -> Item | int:
    """The item that this delivery repeats, or the number of the pass that it opens. Raises when it contradicts one."""
    if incoming.idempotency_key:
        keyed = Item.objects.filter(job=job, idempotency_key=incoming.idempotency_key).select_related("picture").first()
        if keyed is not None:
            return _same_or_refuse(keyed, incoming, admitted)
    passes = list(
        Item.objects.filter(job=job, serial=_serial(incoming, admitted))
        .select_related("picture")
        .order_by("-pass_number")
    )
    same = next((item for item in passes if _shows(item, admitted)), None)
    if same is not None:
        return same
    if passes and not incoming.again:
        raise conflict(
            "serial_known",
            Sentence(
                "Serial {serial} is known with another picture; say again=1 if this is a new pass.",
                serial=incoming.serial,
            ),
            item=passes[0],
        )
    return passes[0].pass_number + 1 if passes else 1


def _same_or_refuse(keyed: Item, incoming: Incoming, admitted: pictures.Admitted) -> Item:
    if _shows(keyed, admitted) and incoming.serial in ("", keyed.serial):
        return keyed
    raise conflict("idempotency_key_reused", "This Idempotency-Key came before with another part.", item=keyed)


def _shows(item: Item, admitted: pictures.Admitted) -> bool:
    return admitted.received_digest == item.received_digest or admitted.digest == item.picture.digest


def _create(
    *,
    job: Job,
    incoming: Incoming,
    admitted: pictures.Admitted,
    picture: Picture,
    number: int,
    source: Source,
    by: Person | None,
    now: datetime,
) -> Item:
    return Item.objects.create(
        job=job,
        serial=_serial(incoming, admitted),
        pass_number=number,
        picture=picture,
        received_digest=admitted.received_digest,
        idempotency_key=incoming.idempotency_key,
        duplicate_of=Item.objects.filter(job=job, picture=picture).order_by("received_at").first(),
        lot=incoming.lot,
        station=incoming.station,
        shift=incoming.shift,
        captured_at=incoming.captured_at,
        received_at=now,
        metadata=dict(incoming.metadata),
        source=source,
        received_by=by,
        state=State.RECEIVED,
        level=job.level,
        # The bell rings right after this; a bell that nobody heard is rung again by the sweeper.
        rung_at=now,
    )

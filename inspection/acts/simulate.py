"""Put parts that nobody has photographed into a database of a simulation's own, as intake would have written them.

Thousands of parts through the door would be thousands of drawings, digests and synced files, and nothing that a
simulation asks about would depend on one of them. All that comes after intake is done by the steps themselves.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from inference.facts import Facts
from inspection.models import Item, Job, ModelVersion, Picture, Release
from inspection.models.jobs import PURPOSES
from inspection.refused import conflict
from inspection.vocabulary import Source, State

FIT = Facts(width=384, height=384, brightness=128.0, contrast=40.0, sharpness=60.0, clipped=0.0)
"""What the fit check goes by: a picture that nobody would complain about."""


@dataclass(frozen=True)
class SimulatedPart:
    """One part of a simulation; its id decides which draws of chance hit it."""

    id: uuid.UUID
    serial: str
    lot: str
    captured_at: datetime


def begin_simulation(*, job: Job, salt: str) -> Job:
    """Give a simulated job its draws of chance and a model.

    Raises `Refused`: `not_simulated`.
    """
    _check(job)
    with transaction.atomic():
        job.salts = {purpose: f"{salt}:{purpose}" for purpose in PURPOSES}
        labels = list(job.labels.values_list("code", flat=True))
        job.champion = ModelVersion.objects.create(
            job=job, digest=_digest(f"{salt}:model"), name="simulated", kind="simulated", labels=labels
        )
        job.save(update_fields=["salts", "champion"])
        Release.objects.create(job=job, model=job.champion)
    return job


def take_in_simulated(*, job: Job, parts: Sequence[SimulatedPart], stored: str, now: datetime) -> list[Item]:
    """Rows of parts that wait for the AI, their pictures all the file that is `stored` under that name.

    Each has a picture of its own in the tables: whoever has seen the AI's opinion on a picture is no blind judge of it
    under another serial. Raises `Refused`: `not_simulated`.
    """
    _check(job)
    with transaction.atomic():
        pictures = Picture.objects.bulk_create(_picture(part, stored) for part in parts)
        return Item.objects.bulk_create(
            Item(
                id=part.id,
                job=job,
                serial=part.serial,
                picture=picture,
                received_digest=picture.digest,
                lot=part.lot,
                captured_at=part.captured_at,
                received_at=now,
                source=Source.DEMONSTRATION,
                state=State.RECEIVED,
                level=job.level,
                rung_at=now,
            )
            for part, picture in zip(parts, pictures, strict=True)
        )


def _check(job: Job) -> None:
    """A site's own figures must never hold a part that was made up."""
    if job.created_by is None or not job.created_by.simulated:
        raise conflict("not_simulated", "Simulated parts go into a simulated job alone.")


def _picture(part: SimulatedPart, name: str) -> Picture:
    digest = _digest(str(part.id))
    return Picture(digest=digest, name=name, format="PNG", size=1, width=384, height=384, facts=asdict(FIT))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

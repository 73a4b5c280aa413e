"""Pictures of the known examples that a hint compares with."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from inspection.models import HandOut, Item, KnownPart, Person, Picture, Review
from inspection.policy.likeness import Nearest
from inspection.vocabulary import ReviewState


def addresses(review: Review, nearest: Nearest) -> dict[str, str]:
    """Where whoever holds a review can see the examples of its hint, by their keys; those that nobody may see are left
    out."""
    keys = [row.get("key", "") for row in nearest]
    free = set(_showable(review.job_id, keys).values_list("digest", flat=True)) if keys else set()
    places = {key: f"/api/v1/reviews/{review.pk}/nearest/{number}/picture/" for number, key in enumerate(keys, start=1)}
    return {key: place for key, place in places.items() if key in free}


def parts_of(job_id: int, digests: Collection[str]) -> list[uuid.UUID]:
    """The parts of a job that show these pictures."""
    here = Item.objects.filter(job=job_id, picture__digest__in=digests)
    return list(here.values_list("id", flat=True)) if digests else []


def example_shown(*, review: Review, person: Person, number: int) -> Picture | None:
    """The picture of example `number`, 1 to 3, of the hint that the person was shown and still holds; else None."""
    mine = HandOut.objects.filter(review=review, person=person, lease=F("review__lease")).first()
    rows: list[dict[str, Any]] = (mine.shown or {}).get("nearest", []) if mine is not None else []
    if not 1 <= number <= len(rows):
        return None
    return _showable(review.job_id, [rows[number - 1]["example"]]).first()


def _showable(job_id: int, keys: Collection[str | None]) -> QuerySet[Picture]:
    """Of these digests the pictures of parts of the job about which nobody is asked.

    An example comes with what people called it. Shown to somebody who is then asked about that very part, as a second
    look or as a known part, it would tell the answer.
    """
    here = Item.objects.filter(job=job_id, picture=OuterRef("pk"))
    asked = Review.objects.filter(item__picture=OuterRef("pk"), state=ReviewState.OPEN)
    known = KnownPart.objects.filter(item__picture=OuterRef("pk"), retired_at=None)
    return Picture.objects.filter(Exists(here), ~Exists(asked), ~Exists(known), digest__in=[key for key in keys if key])

"""Remember who has seen what the AI said of an item that people may still be asked about."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from inspection.models import Exposure, Person, Review
from inspection.vocabulary import ReviewState


def note_exposure(*, person: Person, items: Collection[uuid.UUID]) -> None:
    """Note that a person saw the AI's opinion on those of the items that somebody is still asked to judge.

    Such a person is asked last, and the answer counts as given with the hint shown.
    """
    asked = (
        Review.objects.filter(item_id__in=items, state=ReviewState.OPEN).values_list("item_id", flat=True).distinct()
    )
    Exposure.objects.bulk_create((Exposure(person=person, item_id=item) for item in asked), ignore_conflicts=True)

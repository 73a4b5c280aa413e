"""Remember who has seen what the AI said of an item."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from inspection.models import Exposure, Person
from inspection.queries.twins import asked_twins


def note_exposure(*, person: Person, items: Collection[uuid.UUID]) -> None:
    """Note that a person saw the AI's opinion on these items, and so on whatever shows the same picture.

    Such a person is asked last about the items, and an answer counts as given with the hint shown.
    """
    seen = [Exposure(person=person, item_id=item) for item in items]
    twins = [Exposure(person=person, item_id=item, by_twin=True) for item in asked_twins(items)]
    Exposure.objects.bulk_create([*seen, *twins], ignore_conflicts=True)

"""Items of a job that show the same picture: what is known of one is known of the other."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db.models import F

from inspection.models import Exposure, HandOut, Item, Review
from inspection.vocabulary import Look, ReviewState


def asked_twins(items: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Other items with the same picture as one of these, where somebody is still asked to judge them."""
    asked = Review.objects.filter(
        state=ReviewState.OPEN, item__picture__items__in=items, item__picture__items__job=F("job")
    )
    return list(asked.exclude(look=Look.SEEDED).exclude(item__in=items).values_list("item_id", flat=True).distinct())


def knowing(item: Item) -> set[int]:
    """The people who have seen what the AI said of an earlier twin, on a page or as a hint."""
    twins = Item.objects.filter(job=item.job_id, picture=item.picture_id).exclude(pk=item.pk)
    exposed = Exposure.objects.filter(item__in=twins).values_list("person_id", flat=True)
    hinted = HandOut.objects.filter(review__item__in=twins, shown__isnull=False).values_list("person_id", flat=True)
    return {*exposed, *hinted}

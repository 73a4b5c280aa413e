"""Whether a part can be asked about once more, and under which routing."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from inspection.models import Item, Membership, Review, Routing, VerdictGiven
from inspection.permissions import INSPECTING
from inspection.vocabulary import ReviewState


def newest_routing(item: Item) -> Routing | None:
    return Routing.objects.filter(item=item).order_by("-at", "-id").first()


def is_asked(item: Item) -> bool:
    """Whether a review of the item is open; its turns as a known part count too, since the answer would be known."""
    return Review.objects.filter(item=item, state=ReviewState.OPEN).exists()


def somebody_is_left(item: Item) -> bool:
    """Whether some active member has not judged the item yet: nobody is asked twice."""
    members = Membership.objects.filter(
        job=item.job_id, role__in=INSPECTING, person__is_active=True, person__simulated=False
    )
    judged = VerdictGiven.objects.filter(item=item, person=OuterRef("person"), late=False, undone_at=None)
    return members.exclude(Exists(judged)).exists()

"""The door of every address: who asks, and whether the job is there for that person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.db.models import F
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.views import APIView

from inspection.api.shapes import StrictJSON
from inspection.models import Item, Job, Membership, Person, Picture, Review
from inspection.permissions import INSPECTING, May, has_judged, may_adjudicate, may_read_items
from inspection.refused import conflict
from inspection.vocabulary import Look, MemberRole

MEANT_FOR = "X-Sightline-Person"
"""The key of the person who gave what a request carries."""


class Door(APIView):
    """A view whose bodies are JSON."""

    parser_classes = [StrictJSON]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what a browser kept for one person and sends in the session of another: nobody speaks as somebody
        else, and the answer stays where it is until its owner logs in."""
        super().initial(request, *args, **kwargs)
        meant = request.headers.get(MEANT_FOR)
        if meant is not None and meant != str(request.user.pk):
            raise conflict("other_person", _("This was kept for somebody else, who has to log in to send it."))


@dataclass(frozen=True)
class Seat:
    """A person in one job."""

    person: Person
    job: Job
    role: MemberRole


def who(request: Request) -> Person:
    """The person behind a request that has passed the log-in."""
    return cast(Person, request.user)


def seat_in(request: Request, slug: str, may: May) -> Seat:
    """The person's seat in a job, in one query.

    404 for whoever is no member: that a job exists is nobody else's business. 403 for a member with the wrong role.
    """
    person = who(request)
    membership = Membership.objects.filter(job__slug=slug, person=person).select_related("job").first()
    if membership is None:
        raise Http404
    role = MemberRole(membership.role)
    demand(may.covers(role), role)
    return Seat(person=person, job=membership.job, role=role)


def demand(allowed: bool, role: MemberRole | None = None) -> None:
    if not allowed:
        raise PermissionDenied(f"As {role.label} of this job you may not do that." if role else "You may not do that.")


@dataclass(frozen=True)
class ReadItem:
    """An item that a person may read."""

    person: Person
    item: Item
    role: MemberRole


def item_for(request: Request, item_id: UUID) -> ReadItem:
    """An item that the person may read; 404 outside the person's jobs, 403 for an inspector who has not judged it."""
    person = who(request)
    item = (
        Item.objects.filter(pk=item_id, job__memberships__person=person)
        .annotate(role=F("job__memberships__role"))
        .select_related("job", "picture", "received_by", "decision", "decision__model")
        .first()
    )
    if item is None:
        raise Http404
    role = MemberRole(item.role)
    demand(may_read_items.covers(role) or has_judged(person, item), role)
    return ReadItem(person=person, item=item, role=role)


# What an answer needs. Answers come by the thousand, and a prediction carries a whole heatmap.
_ANSWERED = (
    *("id", "job", "item", "look", "state", "holder"),
    *("job__" + name for name in ("salts", "double_share", "recheck_share", "level", "hint_mode", "lease_seconds")),
    *("routing__" + name for name in ("level", "thresholds", "drawn", "probability", "hint", "commit_first", "at")),
    *("routing__prediction__" + name for name in ("model", "role", "score", "opinion", "fingerprint")),
)


def review_for(request: Request, review_id: UUID) -> Review:
    """A review of a job that the person may inspect; for everybody else it does not exist."""
    mine = Review.objects.filter(job__memberships__person=who(request), job__memberships__role__in=INSPECTING)
    rows = mine.filter(pk=review_id).annotate(role=F("job__memberships__role"))
    found = rows.select_related("job", "routing__prediction").only(*_ANSWERED).first()
    # What is disputed exists for those alone who may adjudicate.
    if found is None or (found.look == Look.ADJUDICATION and not may_adjudicate.covers(MemberRole(found.role))):
        raise Http404
    return found


def picture_of_review(request: Request, review_id: UUID) -> Picture:
    """The picture of a review, for its holder and for whoever answered it; for others it does not exist."""
    person = who(request)
    review = review_for(request, review_id)
    if review.holder_id != person.pk and not review.verdicts.filter(person=person).exists():
        raise Http404
    return review.item.picture

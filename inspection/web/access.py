"""The door of every page of a job: who comes in, who is sent away, and how."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from inspection.models import Item, Job, Membership, Person
from inspection.permissions import LEADING, May
from inspection.vocabulary import MemberRole

P = ParamSpec("P")


@dataclass(frozen=True)
class Seat:
    """A person in one job."""

    person: Person
    job: Job
    role: MemberRole

    @property
    def leads(self) -> bool:
        return self.role in LEADING

    @property
    def context(self) -> dict[str, Any]:
        """What the frame of a job's pages needs."""
        return {"job": self.job, "role": self.role, "leads": self.leads}


JobPage = Callable[Concatenate[HttpRequest, Seat, P], HttpResponseBase]


def who(request: HttpRequest) -> Person:
    """The person behind a request that has passed the log-in."""
    return cast(Person, request.user)


def take_seat(request: HttpRequest, slug: str, *, may: May) -> Seat:
    """The person's seat in a job.

    404 for whoever is no member: that a job exists is nobody else's business. 403 for a member with the wrong role.
    """
    membership = (
        Membership.objects.filter(job__slug=slug, person=who(request))
        .select_related("job", "job__champion", "job__thresholds")
        .first()
    )
    if membership is None:
        raise Http404
    if not may.covers(MemberRole(membership.role)):
        raise PermissionDenied
    return Seat(person=who(request), job=membership.job, role=MemberRole(membership.role))


def job_page(*, may: May) -> Callable[[JobPage[P]], Callable[..., HttpResponseBase]]:
    """A page of one job: the view gets the person's seat in place of the slug."""

    def wrap(view: JobPage[P]) -> Callable[..., HttpResponseBase]:
        @login_required
        @wraps(view)
        def page(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, take_seat(request, slug, may=may), *args, **kwargs)

        return page

    return wrap


def seat_at(request: HttpRequest, item_id: uuid.UUID) -> tuple[Seat, Item]:
    """An item of a job that the person belongs to, and the seat there; 404 for everybody else."""
    item = (
        Item.objects.filter(pk=item_id, job__memberships__person=who(request))
        .select_related("job", "picture", "decision", "decision__person", "duplicate_of")
        .first()
    )
    if item is None:
        raise Http404
    role = Membership.objects.values_list("role", flat=True).get(job=item.job_id, person=who(request))
    return Seat(person=who(request), job=item.job, role=MemberRole(role)), item

"""Who may do what in a job."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from inspection.acts.add_member import add_member
from inspection.acts.create_person import create_person
from inspection.models import Membership
from inspection.permissions import may_administer, may_see_members
from inspection.queries import known
from inspection.refused import Refused
from inspection.vocabulary import MemberRole
from inspection.web import refusals
from inspection.web.access import Seat, job_page

ROLE_WORDS: dict[MemberRole, str] = {
    MemberRole.INSPECTOR: _("judges parts, sees the own work"),
    MemberRole.MANAGER: _("also reads every part, history and agreement, takes pictures in, may lower the level"),
    MemberRole.ADMIN: _("also sets policy and people, and may raise the level"),
    MemberRole.SERVICE: _("a machine: sends pictures and reads parts and decisions"),
}


@dataclass(frozen=True)
class Line:
    """A member, with how the person fared on known parts up to yesterday."""

    member: Membership
    rate: known.HitRate | None


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@job_page(may=may_see_members)
def people(request: HttpRequest, seat: Seat) -> HttpResponse:
    administers = may_administer.covers(seat.role)
    if request.method == "POST":
        return _add(request, seat, allowed=administers)
    members = Membership.objects.filter(job=seat.job).select_related("person").order_by("role", "person__username")
    rates = known.rates(job=seat.job, now=timezone.now())
    context = {
        **seat.context,
        "lines": [Line(member=member, rate=rates.get(member.person_id)) for member in members],
        "administers": administers,
        "roles": [(role, role.label, gettext(ROLE_WORDS[role])) for role in MemberRole],
    }
    return render(request, "people/people.html", context)


def _add(request: HttpRequest, seat: Seat, *, allowed: bool) -> HttpResponse:
    if not allowed:
        return render(request, "403.html", status=403)
    username, password = request.POST.get("username", "").strip(), request.POST.get("password", "")
    try:
        role = MemberRole(request.POST.get("role", ""))
        if password:
            create_person(username=username, password=password)
        add_member(job=seat.job, username=username, role=role)
    except ValueError:
        messages.error(request, gettext("There is no such role. Nothing was changed."))
    except Refused as refused:
        refusals.as_message(request, refused)
    else:
        said = gettext("{person} is {role} of this job now.")
        messages.success(request, said.format(person=username, role=role.label))
    return redirect("people", seat.job.slug)
